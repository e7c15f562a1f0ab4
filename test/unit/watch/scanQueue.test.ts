import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ChangeHint } from '../../../src/model/changeHint';
import type { HistoryStore } from '../../../src/model/historyStore';
import { Rules } from '../../../src/rules/rules';
import { ScanQueue, type ScanOutcome } from '../../../src/watch/scanQueue';
import { FakeClock, settled } from '../../support/fakeClock';
import { temporaryFolder } from '../store/fixtures';

/** A folder with one watched file, and a queue whose calls of `record` last until they are ended. */
function setUp(closedSince?: number) {
  const root = temporaryFolder();
  writeFileSync(join(root, 'a.md'), 'one');
  const clock = new FakeClock(Date.now() + 60_000);
  const said: string[] = [];
  const calls: {
    readonly hints: readonly ChangeHint[];
    readonly end: (outcome?: Partial<ScanOutcome>) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const state = { rules: new Rules({ watch: '*.md\n', ignores: [] }) };
  const store = {
    stamps: () => Promise.resolve([]),
    head: () => Promise.resolve(undefined),
  } as unknown as HistoryStore;
  const queue = new ScanQueue({
    ...{ root, store, clock, closedSince },
    rules: () => state.rules,
    folderRules: {
      formerRules: undefined,
      load: () => Promise.resolve(said.push('load rules')),
      deletedFiles: () => [],
      scanned: () => false,
    },
    record: (hints) =>
      new Promise((resolve, reject) => {
        const end = (outcome: Partial<ScanOutcome> = {}) => resolve({ results: [], hasFailed: false, ...outcome });
        calls.push({ hints, end, fail: reject });
      }),
    onStart: () => said.push('start'),
    onProgress: ({ reason, done, total }) => said.push(`${reason} ${done}/${total}`),
    onScanned: (reason) => said.push(`scanned ${reason}`),
    onEnd: () => said.push('end'),
    onFolder: () => undefined,
    onFresh: (paths) => said.push(...paths.map((path) => `fresh ${path}`)),
    onError: (path) => said.push(`error ${path}`),
  });
  const call = async (index: number) => {
    while (calls[index] === undefined) await settled();
    return calls[index];
  };
  return { root, clock, queue, said, state, call, calls };
}

test('scans run one at a time, in the order of the calls', async () => {
  const { queue, said, call, calls } = setUp();
  const both = Promise.all([queue.scan('start'), queue.scan('flush')]);
  const first = await call(0);
  for (let n = 0; n < 5; n++) await settled();
  assert.equal(calls.length, 1);
  first.end();
  (await call(1)).end();
  await both;
  assert.deepEqual(
    said.filter((each) => /^(start|scanned|end)/.test(each)),
    ['start', 'scanned start', 'end', 'start', 'scanned flush', 'end'],
  );
});

test('a new history begins with a baseline; one that was closed says since when', async () => {
  const baseline = setUp();
  void baseline.queue.scan('start');
  assert.deepEqual((await baseline.call(0)).hints, [
    { path: 'a.md', confidence: 'certain', cause: 'baseline', ifMoved: { cause: 'external' } },
  ]);
  const closed = setUp(1_000);
  void closed.queue.scan('start');
  assert.deepEqual((await closed.call(0)).hints, [
    { path: 'a.md', confidence: 'certain', cause: 'offline', causeDetail: { since: 1_000 } },
  ]);
});

test('what was missed counts as found once a scan has recorded it, and not before', async () => {
  const { queue, call } = setUp(1_000);
  const first = queue.scan('start');
  (await call(0)).end({ hasFailed: true });
  await first;
  assert.equal(queue.isBlind, true);
  const second = queue.scan('trouble');
  const { hints, end } = await call(1);
  assert.equal(hints[0]?.cause, 'offline');
  end();
  await second;
  assert.equal(queue.isBlind, false);
});

test('a cancelled scan reports it, and proves nothing', async () => {
  const { root, queue, clock, call } = setUp(1_000);
  for (let n = 0; n < 50; n++) mkdirSync(join(root, String(n)));
  const original = clock.elapsed.bind(clock);
  let now = original();
  // Each reading of the clock takes some time, so that the walk pauses.
  clock.elapsed = () => (now += 20);
  const scan = queue.scan('asked');
  await settled();
  queue.cancel();
  (await call(0)).end();
  assert.equal((await scan).isCancelled, true);
  assert.equal(queue.isBlind, true);
});

test('rules that changed since the last scan make it a scan by the new rules', async () => {
  const { queue, said, state, call } = setUp();
  const first = queue.scan('start');
  (await call(0)).end();
  await first;
  state.rules = new Rules({ watch: '*\n', ignores: [] });
  const second = queue.scan('periodic');
  (await call(1)).end();
  await second;
  assert.deepEqual(
    said.filter((each) => each.startsWith('scanned')),
    ['scanned start', 'scanned rules'],
  );
});

test('a poll by other rules than those of the last scan finds nothing', async () => {
  const { queue, state, call } = setUp();
  const scan = queue.scan('start');
  (await call(0)).end();
  await scan;
  assert.equal((await queue.poll()).found.length, 1);
  state.rules = new Rules({ watch: '*\n', ignores: [] });
  assert.equal((await queue.poll()).found.length, 0);
});

test('a scan that fails is over too, and the next one comes', async () => {
  const { queue, said, call, calls } = setUp();
  const failing = new Error('the store is closed');
  const rejected = queue.scan('start').catch((error: unknown) => error);
  (await call(0)).fail(failing);
  assert.equal(await rejected, failing);
  assert.equal(said.at(-1), 'end');
  const next = queue.scan('asked');
  (await call(1)).end();
  await next;
  assert.equal(calls.length, 2);
});
