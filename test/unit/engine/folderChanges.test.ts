import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionalWork } from '../../../src/base/optionalWork';
import { FolderChanges } from '../../../src/engine/folderChanges';
import type { ChangeHint, ClientEvent } from '../../../src/model/changeHint';
import type { WatchSettings } from '../../../src/model/folderSettings';
import type { LastScan } from '../../../src/model/scan';
import { Rules } from '../../../src/rules/rules';
import type { Differences } from '../../../src/watch/folderScanner';
import { FakeClock, settled } from '../../support/fakeClock';
import { folderSettings } from '../../support/folderSettings';
import { ListLog, temporaryFolder } from '../store/fixtures';

const noDifferences: Differences = {
  ...{ files: 0, unwatched: 0, found: [], added: new Set<string>(), fresh: [], missedByEvents: new Set<string>() },
  ...{ gone: [], ruleFiles: [], isCancelled: false },
};

/** The sources of changes of a folder in which `*.md` is watched, and what they lead to. */
function setUp(watching: Partial<WatchSettings> = {}) {
  const clock = new FakeClock(1_000_000);
  const log = new ListLog();
  const said: string[] = [];
  const state: { lastScan?: LastScan } = {};
  const polls: { answer: () => Promise<Differences>; count: number } = {
    answer: () => Promise.resolve(noDifferences),
    count: 0,
  };
  const rules = new Rules({ watch: '*.md\n', ignores: [] });
  const recorded: (readonly ChangeHint[])[] = [];
  const settings = folderSettings({}, { isSafeMode: true, ...watching }).watching;
  const changes = new FolderChanges({
    ...{ root: temporaryFolder(), clock, log, settings, rules: () => rules },
    tracker: {
      get lastScan() {
        return state.lastScan;
      },
      watched: (reason) => said.push(`watched ${reason?.code ?? 'by events'}`),
      limitReached: () => said.push('limit'),
      eventsMissed: ({ since, count }) => said.push(`missed ${count} since ${since}`),
    },
    record: (hints) => {
      recorded.push(hints);
      return Promise.resolve([]);
    },
    poll: () => {
      polls.count++;
      return polls.answer();
    },
    optional: new OptionalWork(log.warn),
    gitDir: () => undefined,
    scan: (reason) => said.push(`scan ${reason}`),
    onRewatch: () => said.push('rewatch'),
    onRuleFile: () => said.push('rule file'),
    onChange: ({ path, kind }) => said.push(`${kind} ${path}`),
    onDidChange: () => undefined,
  });
  const take = (): string[] => said.splice(0);
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  const due = (): string[][] => recorded.splice(0).map((hints) => hints.map(({ path }) => path));
  return { clock, log, state, polls, changes, settings, recorded, take, pass, due };
}

const changed = (...paths: readonly string[]): ClientEvent[] =>
  paths.map((path) => ({ type: 'change', path, kind: 'changed' }));

test('before its start and after its end nothing that a client reports counts', async () => {
  const { changes, due, take, pass } = setUp();
  changes.notify([...changed('a.md', '.obbywatch'), { type: 'focus' }]);
  await pass(10_000);
  assert.deepEqual([due(), take(), changes.status], [[], [], { engine: 'none', queue: 0 }]);
  changes.start();
  changes.stop();
  take();
  changes.notify([...changed('a.md', '.obbywatch'), { type: 'focus' }]);
  await pass(10_000);
  assert.deepEqual([due(), take(), changes.status], [[], [], { engine: 'none', queue: 0 }]);
});

test('a change is recorded when it is quiet, a save at once and with its text', async () => {
  const { changes, recorded, due, pass } = setUp();
  changes.start();
  changes.notify(changed('a.md', '.git/HEAD'));
  assert.equal(changes.status.queue, 1);
  const saved = { text: 'as saved' };
  changes.notify([{ type: 'save', path: 'b.md', cause: 'save', confidence: 'certain', saved }]);
  assert.deepEqual(recorded, [[{ path: 'b.md', cause: 'save', confidence: 'certain', saved }]]);
  due();
  await pass(499);
  assert.deepEqual(due(), []);
  await pass(1);
  assert.deepEqual([due(), changes.status.queue], [[['a.md']], 0]);
});

test('a change that waits is put off by the save that is about to come', async () => {
  const { changes, due, pass } = setUp();
  changes.start();
  changes.notify(changed('a.md'));
  await pass(400);
  changes.notify([{ type: 'will save', path: 'a.md' }]);
  await pass(400);
  assert.deepEqual(due(), []);
  await pass(100);
  assert.deepEqual(due(), [['a.md']]);
});

test('what waits at the end is still recorded', async () => {
  const { changes, due } = setUp();
  changes.start();
  changes.notify(changed('a.md'));
  changes.stop();
  await changes.drain();
  assert.deepEqual(due(), [['a.md']]);
});

test('a move is recorded at once, across folders too', () => {
  const { changes, recorded } = setUp();
  const why = { cause: 'rename', confidence: 'certain' };
  changes.start();
  changes.notify([
    { type: 'move', from: 'a.md', to: 'b.md' },
    { type: 'move across', path: 'c.md', other: { movedFrom: 'file:///other/c.md' } },
  ]);
  assert.deepEqual(recorded, [
    [
      { path: 'b.md', movedFrom: 'a.md', ...why },
      { path: 'a.md', ...why },
    ],
    [{ path: 'c.md', causeDetail: { movedFrom: 'file:///other/c.md' }, ...why }],
  ]);
});

test('the rule files are read again once for a batch of events, whichever way they changed', () => {
  const { changes, take } = setUp();
  changes.start();
  const isRead = (events: readonly ClientEvent[]): number => {
    take();
    changes.notify(events);
    return take().filter((each) => each === 'rule file').length;
  };
  assert.equal(isRead(changed('a.md', '.obbywatch', 'deep/.obbyignore')), 1);
  assert.equal(isRead([{ type: 'save', path: '.obbyignore', cause: 'save', confidence: 'certain' }]), 1);
  assert.equal(isRead([{ type: 'move across', path: '.obbyignore', other: {} }]), 1);
  assert.equal(isRead([{ type: 'move', from: 'rules', to: '.obbywatch' }]), 1);
  assert.equal(isRead([{ type: 'move', from: '.obbywatch', to: 'rules' }]), 1);
  assert.equal(isRead([...changed('a.md', 'obbywatch'), { type: 'focus' }]), 0);
});

test('after the first scan there is one 5 s later, for a client whose watcher begins late, and then each minute', async () => {
  const { changes, state, take, pass } = setUp();
  changes.start();
  const scanned = (): void => {
    changes.scanStarts();
    state.lastScan = { time: 0, ms: 0, files: 0 };
    changes.scanEnds();
    take();
  };
  scanned();
  await pass(4_999);
  assert.deepEqual(take(), []);
  await pass(1);
  assert.deepEqual(take(), ['scan watched']);
  scanned();
  await pass(59_999);
  assert.deepEqual(take(), []);
  await pass(1);
  assert.deepEqual(take(), ['scan periodic']);
});

test('no scan is due after the end', async () => {
  const { changes, take, pass } = setUp();
  changes.start();
  changes.scanStarts();
  changes.scanEnds();
  changes.stop();
  changes.scanEnds();
  take();
  await pass(600_000);
  assert.deepEqual(take(), []);
});

test('more than a thousand paths at once are followed by a scan 2 s later', async () => {
  const { changes, take, pass } = setUp();
  changes.start();
  const burst = async (count: number): Promise<string[]> => {
    changes.notify(changed(...Array.from({ length: count }, (_, n) => `${n}.md`)));
    await pass(500);
    take();
    await pass(1_999);
    assert.deepEqual(take(), []);
    await pass(1);
    return take();
  };
  assert.deepEqual(await burst(1_000), []);
  assert.deepEqual(await burst(1_001), ['scan burst']);
});

test('the focus scans when the last scan is half a pause old', () => {
  const { changes, state, clock, take } = setUp();
  changes.start();
  const scansAfter = (ms: number): string[] => {
    state.lastScan = { time: clock.now() - ms, ms: 0, files: 0 };
    take();
    changes.notify([{ type: 'focus' }]);
    return take();
  };
  assert.deepEqual([scansAfter(29_999), scansAfter(30_000)], [[], ['scan focus']]);
});

const scan = { files: 1, unwatched: 0, recorded: 1, ms: 1, isCancelled: false };

test('a folder is polled when two scans missed changes and no event came, until the first event', async () => {
  const { changes, state, polls, take, pass } = setUp();
  changes.start();
  take();
  const scanned = (missedByEvents: number, time: number): string[] => {
    state.lastScan = { time, ms: 0, files: 1 };
    changes.scanned({ ...scan, missedByEvents });
    return take();
  };
  assert.deepEqual(scanned(2, 500), []);
  assert.deepEqual(scanned(1, 900), ['missed 3 since 500', 'watched no events', 'rewatch']);
  assert.deepEqual(changes.status, { engine: 'polling', engineReason: { code: 'no events', args: [] }, queue: 0 });
  polls.answer = () => Promise.resolve({ ...noDifferences, found: [{ path: 'b.md' }] });
  await pass(1_000);
  assert.deepEqual([polls.count, take(), changes.status.engine], [1, ['changed b.md'], 'polling']);
  changes.notify(changed('a.md'));
  assert.deepEqual(take(), ['watched by events', 'rewatch', 'changed a.md']);
  await pass(60_000);
  assert.deepEqual([polls.count, changes.status.engine], [1, 'events']);
});

test('the setting makes it poll at once, and a scan finds what was missed meanwhile', async () => {
  const { changes, settings, polls, take, pass, due } = setUp();
  changes.start();
  take();
  changes.configure({ ...settings, engine: 'polling' });
  assert.deepEqual(take(), ['watched setting', 'rewatch']);
  const found = [{ path: 'a.md' }, { path: 'b.md' }];
  polls.answer = () =>
    Promise.resolve({
      ...noDifferences,
      ...{ found, added: new Set(['a.md']), gone: [{ path: 'c.md' }], ruleFiles: ['.obbyignore'] },
    });
  await pass(1_000);
  polls.answer = () => Promise.resolve(noDifferences);
  assert.deepEqual(take(), ['created a.md', 'changed b.md', 'deleted c.md', 'rule file']);
  await pass(500);
  assert.deepEqual(due()[0]?.slice(0, 3), ['a.md', '.obbyignore', 'b.md']);
});

test('settings that come while it is off count from its start', () => {
  const { changes, settings, take } = setUp();
  changes.configure({ ...settings, engine: 'polling' });
  assert.deepEqual(take(), ['watched by events']);
  changes.start();
  assert.deepEqual([take(), changes.status.engine], [['watched setting'], 'polling']);
});

test('a poll that fails is logged, and the next one comes', async () => {
  const { changes, polls, log, pass } = setUp({ engine: 'polling' });
  changes.start();
  polls.answer = () => Promise.reject(new Error('no access'));
  await pass(1_000);
  await pass(1_000);
  assert.deepEqual([polls.count, log.lines], [2, Array(2).fill('warn A poll failed: no access')]);
});

test('what a poll finds after the end does not count', async () => {
  const { changes, polls, take, pass } = setUp({ engine: 'polling' });
  changes.start();
  const answer: { give?: (differences: Differences) => void } = {};
  polls.answer = () => new Promise((resolve) => (answer.give = resolve));
  await pass(1_000);
  changes.stop();
  take();
  answer.give?.({ ...noDifferences, ruleFiles: ['.obbywatch'] });
  await pass(60_000);
  assert.deepEqual([take(), polls.count, changes.status.queue], [[], 1, 0]);
});
