import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timers } from '../../../src/base/clock';
import { ObbyError } from '../../../src/base/errors';
import type { EngineEvent } from '../../../src/engine/engine';
import { FolderReporter } from '../../../src/engine/folderReporter';
import { FolderStatusTracker } from '../../../src/engine/folderStatusTracker';
import { GapLedger } from '../../../src/engine/gapLedger';
import { aVersion } from '../../support/aVersion';
import { FakeClock, settled } from '../../support/fakeClock';
import { ListLog } from '../store/fixtures';

const key = 'file:///folder';

function setUp() {
  const clock = new FakeClock(1_000);
  const timers = new Timers(clock);
  const log = new ListLog();
  const file = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
  const tracker = new FolderStatusTracker(() => clock.now(), new GapLedger({ file, clock, log }));
  const events: EngineEvent[] = [];
  const reporter = new FolderReporter({
    ...{ key, root: '/folder', clock, timers, log, tracker },
    status: () => ({ state: 'watching', engine: 'events', queue: 0, ...tracker.value }),
    emit: (event) => events.push(event),
  });
  const take = (): EngineEvent[] => events.splice(0);
  /** The statuses published within that time. */
  const statuses = async (ms: number) => {
    clock.advance(ms);
    await settled();
    return take().flatMap((event) => (event.type === 'status' ? [event.status] : []));
  };
  return { clock, log, tracker, reporter, take, statuses };
}

test('many changes are one status, 150 ms after the first, with what is known by then', async () => {
  const { reporter, take, statuses } = setUp();
  reporter.recorded([aVersion({ kind: 'created' })]);
  assert.deepEqual(await statuses(149), []);
  for (let n = 0; n < 20; n++) reporter.recorded([aVersion()]);
  take();
  const published = await statuses(1);
  assert.deepEqual(
    published.map(({ files, versions }) => ({ files, versions })),
    [{ files: 1, versions: 21 }],
  );
  assert.deepEqual(await statuses(1_000), []);
});

test('each thing that happens is published as it is, with the key of the folder', () => {
  const { reporter, take } = setUp();
  const versions = [aVersion()];
  const result = { files: 2, unwatched: 0, recorded: 1, missedByEvents: 0, ms: 3, isCancelled: false };
  reporter.recorded(versions);
  reporter.scanProgress({ reason: 'asked', done: 1, total: 2 });
  reporter.scanned('asked', result);
  reporter.rulesChanged([]);
  assert.deepEqual(take(), [
    { type: 'recorded', folder: key, versions },
    { type: 'scan', folder: key, reason: 'asked', done: 1, total: 2 },
    { type: 'scanned', folder: key, reason: 'asked', result },
    { type: 'ruleProblems', folder: key, problems: [] },
  ]);
});

test('whatever is published, a status with it follows', async () => {
  const result = { files: 7, unwatched: 0, recorded: 0, missedByEvents: 0, ms: 3, isCancelled: false };
  const { reporter, statuses } = setUp();
  reporter.scanProgress({ reason: 'asked', done: 1, total: 2 });
  assert.deepEqual((await statuses(150))[0]?.scanning, { done: 1, total: 2 });
  reporter.scanned('asked', result);
  assert.equal((await statuses(150))[0]?.lastScan?.files, 7);
  reporter.rulesChanged([]);
  assert.equal((await statuses(150)).length, 1);
  reporter.changed();
  assert.equal((await statuses(150)).length, 1);
});

test('a store that stops and works again is published with its error and without one', async () => {
  const { reporter, take, statuses } = setUp();
  reporter.storeChanged(new ObbyError('diskFull', 'The disk is full.'));
  const [stopped] = take();
  assert.ok(stopped?.type === 'store');
  assert.deepEqual([stopped.error?.code, stopped.error?.message], ['diskFull', 'The disk is full.']);
  assert.deepEqual((await statuses(150))[0]?.problem, { code: 'diskFull', args: ['The disk is full.'] });
  reporter.storeChanged(undefined);
  assert.deepEqual(take(), [{ type: 'store', folder: key }]);
  assert.equal((await statuses(150))[0]?.problem, undefined);
});

test('a path that could not be recorded is logged, and in the status with a sentence', async () => {
  const { reporter, log, statuses } = setUp();
  reporter.pathProblem('a.md', new Error('EACCES'));
  reporter.pathProblem('b.md', new ObbyError('unreadable', 'b.md is a socket.'));
  reporter.folderProblem('not an error');
  const reasons = [
    ['a.md', 'a.md could not be read: EACCES'],
    ['b.md', 'b.md is a socket.'],
    ['', 'The folder could not be read: not an error'],
  ];
  const [status] = await statuses(150);
  assert.deepEqual(
    status?.unrecorded.map(({ path, reason }) => [path, reason]),
    reasons,
  );
  assert.deepEqual(
    log.lines,
    reasons.map(([, reason]) => `warn ${reason}`),
  );
});

test('a history that cannot be counted keeps its numbers, and the status is published all the same', async () => {
  const { reporter, log, statuses } = setUp();
  await reporter.recount({ statistics: () => Promise.resolve({ files: 3, versions: 9, bytes: 1 }) });
  const counted = (await statuses(150)).map(({ files, versions }) => [files, versions]);
  await reporter.recount({ statistics: () => Promise.reject(new Error('damaged')) });
  const kept = (await statuses(150)).map(({ files, versions }) => [files, versions]);
  assert.deepEqual([counted, kept], [[[3, 9]], [[3, 9]]]);
  assert.deepEqual(log.lines, ['debug /folder could not be counted: damaged']);
});

test('changes of one turn are published together', async () => {
  const { reporter, take } = setUp();
  const changes = [
    { path: 'a.md', kind: 'changed' },
    { path: 'b.md', kind: 'deleted' },
  ] as const;
  changes.forEach((change) => reporter.pathChanged(change));
  await settled();
  assert.deepEqual(take(), [{ type: 'changes', folder: key, changes }]);
});

test('after the end neither a status nor a change is published', async () => {
  const { reporter, clock, take } = setUp();
  reporter.changed();
  reporter.pathChanged({ path: 'a.md', kind: 'changed' });
  reporter.dispose();
  reporter.changed();
  reporter.pathChanged({ path: 'b.md', kind: 'changed' });
  clock.advance(1_000);
  await settled();
  assert.deepEqual(take(), []);
});
