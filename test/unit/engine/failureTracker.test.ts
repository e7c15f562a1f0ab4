import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObbyError, type ErrorCode } from '../../../src/base/errors';
import { FailureTracker } from '../../../src/engine/failureTracker';
import { Timers } from '../../../src/base/clock';
import { FakeClock } from '../../support/fakeClock';
import { aVersion } from '../../support/aVersion';

function setUp() {
  const clock = new FakeClock();
  const said: string[] = [];
  const heartbeat: { failure?: Error } = {};
  const tracker = new FailureTracker({
    store: { writeHeartbeat: () => (heartbeat.failure ? Promise.reject(heartbeat.failure) : Promise.resolve()) },
    timers: new Timers(clock),
    onNotRecorded: (path) => said.push(`not recorded ${path}`),
    onProblem: (path, error) => said.push(`problem ${path}: ${error.code}`),
    onStoreChange: (error) => said.push(`store ${error?.code ?? 'works'}`),
    onFail: () => said.push('fail'),
    record: (path) => said.push(`record ${path} at ${clock.now()}`),
    scan: () => said.push(`scan at ${clock.now()}`),
  });
  const take = (): string[] => said.splice(0);
  return { clock, tracker, take, heartbeat };
}

const failed = (code: ErrorCode, path = 'a') => ({ path, versions: [], error: new ObbyError(code, 'No.') });
const recorded = { path: 'a', versions: [aVersion({ path: 'a' })] };

test('a path that cannot be read is a problem, and met again by every scan', () => {
  const { tracker, take } = setUp();
  tracker.review([recorded, failed('unreadable', 'b')]);
  assert.deepEqual(take(), ['not recorded b', 'problem b: unreadable']);
  assert.equal(tracker.isFailing, false);
});

test('a file that changes while it is read is read again, each time later, and in the end a problem', () => {
  const { clock, tracker, take } = setUp();
  const times: string[] = [];
  for (let tries = 0; tries < 6; tries++) {
    tracker.review([failed('changedWhileRead')]);
    clock.advance(500 * 2 ** tries);
    times.push(...take().filter((each) => each.startsWith('record')));
  }
  assert.deepEqual(
    times,
    [500, 1_500, 3_500, 7_500, 15_500, 31_500].map((time) => `record a at ${time}`),
  );
  tracker.review([failed('changedWhileRead')]);
  assert.deepEqual(take(), ['not recorded a', 'problem a: changedWhileRead']);
  tracker.review([failed('changedWhileRead')]);
  clock.advance(500);
  assert.deepEqual(take(), ['not recorded a', 'record a at 32000'], 'and then it begins again');
});

test('a store that refuses is reported once, tried again every 15 s, and reported to work', () => {
  const { clock, tracker, take } = setUp();
  tracker.review([failed('diskFull')]);
  tracker.review([failed('diskFull')]);
  assert.deepEqual(take(), ['store diskFull', 'fail', 'not recorded a', 'fail', 'not recorded a']);
  assert.equal(tracker.isFailing, true);
  clock.advance(15_000);
  assert.deepEqual(take(), ['scan at 15000']);
  tracker.review([failed('storeFailed')]);
  clock.advance(15_000);
  assert.deepEqual(take(), ['fail', 'not recorded a', 'scan at 30000']);
  tracker.review([recorded]);
  assert.deepEqual([take(), tracker.isFailing], [['store works'], false]);
  clock.advance(60_000);
  assert.deepEqual(take(), []);
});

test('a store that is only read is not tried again', () => {
  const { clock, tracker, take } = setUp();
  tracker.review([failed('storeReadOnly')]);
  take();
  clock.advance(60_000);
  assert.deepEqual(take(), []);
});

test('where there is nothing to record, a heartbeat shows whether the store works', async () => {
  const { tracker, take, heartbeat } = setUp();
  tracker.review([failed('diskFull')]);
  take();
  heartbeat.failure = new ObbyError('diskFull', 'No.');
  await tracker.probe();
  assert.deepEqual([take(), tracker.isFailing], [['fail'], true]);
  delete heartbeat.failure;
  await tracker.probe();
  assert.deepEqual([take(), tracker.isFailing], [['store works'], false]);
});
