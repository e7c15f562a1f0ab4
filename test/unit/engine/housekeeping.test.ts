import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timers } from '../../../src/base/clock';
import { Housekeeping } from '../../../src/engine/housekeeping';
import { FakeClock, settled } from '../../support/fakeClock';

interface Step {
  readonly end: (hasMore: boolean) => void;
  readonly fail: (error: Error) => void;
}

/** Housekeeping whose steps of maintenance run until they are ended. */
function setUp() {
  const clock = new FakeClock(1_000_000);
  const timers = new Timers(clock);
  const steps: Step[] = [];
  const errors: unknown[] = [];
  const state = { heartbeats: 0, maintained: 0, isClosing: false };
  const failing: { heartbeat?: Error; maintained?: Error } = {};
  const housekeeping = new Housekeeping({
    store: { maintain: () => new Promise((end, fail) => steps.push({ end, fail })) },
    clock,
    timers,
    writeHeartbeat: () => {
      state.heartbeats++;
      return failing.heartbeat ? Promise.reject(failing.heartbeat) : Promise.resolve();
    },
    isClosing: () => state.isClosing,
    onMaintained: () => {
      state.maintained++;
      return failing.maintained ? Promise.reject(failing.maintained) : Promise.resolve();
    },
    onError: (error) => errors.push(error),
  });
  /** Ends the step that runs. */
  const endStep = async (hasMore: boolean): Promise<void> => {
    steps.at(-1)?.end(hasMore);
    await settled();
  };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  return { clock, timers, steps, errors, state, failing, housekeeping, endStep, pass };
}

test('the heartbeat comes every 30 s, also after one that failed', async () => {
  const { clock, errors, state, failing, pass } = setUp();
  clock.advance(29_999);
  assert.equal(state.heartbeats, 0);
  failing.heartbeat = new Error('no space left');
  await pass(1);
  assert.deepEqual([state.heartbeats, errors], [1, [failing.heartbeat]]);
  delete failing.heartbeat;
  await pass(60_000);
  assert.deepEqual([state.heartbeats, errors.length], [3, 1]);
});

test('maintenance goes on step by step while there is more to do, and then the history is counted once', async () => {
  const { steps, state, endStep, pass } = setUp();
  await pass(14_999);
  assert.equal(steps.length, 0);
  await pass(1);
  for (const hasMore of [true, true, false]) {
    assert.equal(state.maintained, 0);
    await endStep(hasMore);
  }
  assert.deepEqual([steps.length, state.maintained], [3, 1]);
});

test('maintenance that had nothing to do counts nothing', async () => {
  const { steps, state, endStep, pass } = setUp();
  await pass(15_000);
  await endStep(false);
  assert.deepEqual([steps.length, state.maintained], [1, 0]);
});

test('maintenance waits for 15 s without anything to record', async () => {
  const { steps, housekeeping, pass } = setUp();
  await pass(1_000);
  housekeeping.noteBusy();
  await pass(14_000);
  assert.equal(steps.length, 0);
  await pass(15_000);
  assert.equal(steps.length, 1);
});

test('a change ends maintenance after the present step, and it goes on when the folder is quiet again', async () => {
  const { steps, state, housekeeping, endStep, pass } = setUp();
  await pass(15_000);
  housekeeping.noteBusy();
  await endStep(true);
  assert.deepEqual([steps.length, state.maintained], [1, 1]);
  await pass(15_000);
  assert.equal(steps.length, 2);
});

test('steps never overlap, however long one takes', async () => {
  const { steps, endStep, pass } = setUp();
  await pass(15_000);
  await pass(300_000);
  assert.equal(steps.length, 1);
  await endStep(false);
  await pass(15_000);
  assert.equal(steps.length, 2);
});

test('a step that fails is reported, and maintenance is tried again', async () => {
  const { steps, errors, state, pass } = setUp();
  await pass(15_000);
  const error = new Error('damaged');
  steps[0]?.fail(error);
  await settled();
  assert.deepEqual([errors, state.maintained], [[error], 0]);
  await pass(15_000);
  assert.equal(steps.length, 2);
});

test('a count that fails is reported, and maintenance is tried again', async () => {
  const { steps, errors, failing, endStep, pass } = setUp();
  await pass(15_000);
  failing.maintained = new Error('not counted');
  await endStep(true);
  await endStep(false);
  assert.deepEqual(errors, [failing.maintained]);
  await pass(15_000);
  assert.equal(steps.length, 3);
});

test('closing ends maintenance after the present step', async () => {
  const { steps, state, endStep, pass } = setUp();
  await pass(15_000);
  state.isClosing = true;
  await endStep(true);
  await pass(15_000);
  assert.equal(steps.length, 1);
});

test('what a closing store refuses is no error', async () => {
  const { steps, errors, state, pass } = setUp();
  await pass(15_000);
  state.isClosing = true;
  steps[0]?.fail(new Error('closed'));
  await settled();
  assert.deepEqual(errors, []);
});

test('without its timers it does nothing more', async () => {
  const { timers, steps, state, pass } = setUp();
  timers.dispose();
  await pass(300_000);
  assert.deepEqual([steps.length, state.heartbeats], [0, 0]);
});
