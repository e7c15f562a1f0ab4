import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import { Rules } from '../../../src/rules/rules';
import { OptionalWork } from '../../../src/base/optionalWork';
import { ChangeFeed, type ChangeFeedDeps, type FeedOptions } from '../../../src/watch/changeFeed';
import type { Differences } from '../../../src/watch/folderScanner';
import { FakeClock, settled } from '../../support/fakeClock';
import { ListLog, temporaryFolder } from '../store/fixtures';

const nothing: Differences = {
  files: 0,
  unwatched: 0,
  found: [],
  added: new Set(),
  fresh: [],
  missedByEvents: new Set(),
  gone: [],
  ruleFiles: [],
  isCancelled: false,
};
const polling: FeedOptions = { polls: true, follows: 'none', watcherExclude: [], followsGit: false };

function setUp(t: TestContext, parts: Partial<ChangeFeedDeps> = {}) {
  const root = temporaryFolder();
  const rules = new Rules({ watch: '*.md\n', ignores: [] });
  const changes: string[] = [];
  const log = new ListLog();
  const state = { followed: 0, limits: 0 };
  const feed = new ChangeFeed({
    ...{ root, clock: systemClock, log, rules: () => rules },
    optional: new OptionalWork((message) => log.warn(message)),
    gitDir: () => join(root, '.git'),
    poll: () => Promise.resolve(nothing),
    onChanges: (some, areEvents) =>
      changes.push(...some.map(({ path, kind }) => `${areEvents ? 'event' : 'poll'}: ${kind} ${path}`)),
    onGitHead: () => changes.push('git'),
    onLimit: () => state.limits++,
    onFollowed: () => state.followed++,
    ...parts,
  });
  t.after(() => feed.dispose());
  const until = async (fact: () => boolean): Promise<void> => {
    const end = Date.now() + 20_000;
    while (!fact()) {
      assert.ok(Date.now() < end, `Never happened (but ${changes.join(', ')})`);
      await delay(5);
    }
  };
  return { root, feed, changes, log, state, until };
}

test('a poll reports what it finds, comes again after a while, and longer after a long one', async (t) => {
  const clock = new FakeClock();
  const polls: number[] = [];
  const ends: ((differences: Differences) => void)[] = [];
  const { feed, changes } = setUp(t, {
    clock,
    poll: () => {
      polls.push(clock.now());
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  feed.use(polling);
  clock.advance(1_000);
  ends[0]?.({
    ...nothing,
    found: [{ path: 'new.md' }, { path: 'old.md' }],
    added: new Set(['new.md']),
    gone: [{ path: 'gone.md' }],
    ruleFiles: ['.obbywatch'],
  });
  await settled();
  assert.deepEqual(changes, [
    'poll: created new.md',
    'poll: changed .obbywatch',
    'poll: changed old.md',
    'poll: deleted gone.md',
  ]);
  clock.advance(1_000);
  clock.advance(500);
  ends[1]?.(nothing);
  await settled();
  clock.advance(9_999);
  assert.deepEqual(polls, [1_000, 2_000]);
  clock.advance(1);
  assert.deepEqual(polls, [1_000, 2_000, 12_500]);
});

test('a poll that fails is reported and tried again; one that ends too late reports nothing', async (t) => {
  const clock = new FakeClock();
  const ends: ((outcome: Differences | Error) => void)[] = [];
  const { feed, changes, log } = setUp(t, {
    clock,
    poll: () =>
      new Promise((resolve, reject) => {
        ends.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
      }),
  });
  feed.use(polling);
  clock.advance(1_000);
  ends[0]?.(new Error('no such folder'));
  await settled();
  assert.match(log.lines.join('\n'), /warn A poll failed: no such folder/);
  clock.advance(1_000);
  feed.use(undefined);
  ends[1]?.({ ...nothing, found: [{ path: 'a.md' }] });
  await settled();
  clock.advance(60_000);
  assert.deepEqual([changes, ends.length], [[], 2]);
});

test('it watches every folder where it is asked to, and says when it does', async (t) => {
  const { root, feed, changes, state, until } = setUp(t);
  mkdirSync(join(root, 'a/b'), { recursive: true });
  feed.use({ ...polling, polls: false, follows: 'all' });
  await until(() => state.followed === 1);
  writeFileSync(join(root, 'a/b/1.md'), '1');
  await until(() => changes.includes('event: changed a/b/1.md'));
});

test('else it watches folders that are new, or excluded from the watcher of the client', async (t) => {
  const { root, feed, changes, until } = setUp(t);
  for (const folder of ['known', 'quiet', 'new']) mkdirSync(join(root, folder));
  const options: FeedOptions = { ...polling, polls: false, follows: 'eventless', watcherExclude: ['**/quiet/**'] };
  feed.use(options);
  const met = (folder: string) => ({ folder, isNew: true, found: [], unchanged: 0, gone: [] });
  feed.folderFound(met('known'), true);
  feed.folderFound(met('quiet'), true);
  feed.folderFound(met('new'), false);
  // Other settings keep what is watched.
  feed.use({ ...options, followsGit: true });
  for (const folder of ['known', 'quiet', 'new']) writeFileSync(join(root, folder, '1.md'), '1');
  await until(() => changes.includes('event: changed quiet/1.md') && changes.includes('event: changed new/1.md'));
  assert.ok(!changes.includes('event: changed known/1.md'));
});

test("git's HEAD is followed where that is asked for", async (t) => {
  const { root, feed, changes, until } = setUp(t);
  mkdirSync(join(root, '.git'));
  feed.use({ ...polling, followsGit: true });
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
  await until(() => changes.includes('git'));
});

test('a limit is reported, and nothing is followed any more once it polls', async (t) => {
  const { root, feed, state, until } = setUp(t, { maxWatches: 1 });
  mkdirSync(join(root, 'a/b'), { recursive: true });
  feed.use({ ...polling, polls: false, follows: 'all' });
  await until(() => state.limits === 1);
  feed.use(polling);
  feed.folderFound({ folder: 'a', isNew: true, found: [], unchanged: 0, gone: [] }, false);
  assert.equal(state.limits, 1);
});
