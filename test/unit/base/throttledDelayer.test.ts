import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThrottledDelayer } from '../../../src/base/throttledDelayer';
import { FakeClock, settled } from '../../support/fakeClock';

/** A refresh that runs until it is ended. */
function setUp() {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const running: { end: () => void; fail: (error: Error) => void }[] = [];
  const run = (): Promise<void> => new Promise((end, fail) => running.push({ end, fail }));
  const refresher = new ThrottledDelayer(run, (error) => errors.push(error), clock, 50);
  return { clock, errors, running, refresher };
}

test('many requests are one refresh', () => {
  const { clock, running, refresher } = setUp();
  for (let i = 0; i < 100; i++) refresher.request();
  assert.equal(running.length, 0);
  clock.advance(50);
  assert.equal(running.length, 1);
});

test('requests during a refresh are one more refresh after it', async () => {
  const { clock, running, refresher } = setUp();
  refresher.request();
  clock.advance(50);
  refresher.request();
  refresher.request();
  clock.advance(1_000);
  assert.equal(running.length, 1, 'it never overlaps itself');
  running[0]?.end();
  await settled();
  clock.advance(50);
  assert.equal(running.length, 2);
  running[1]?.end();
  await settled();
  clock.advance(1_000);
  assert.equal(running.length, 2, 'and then it rests');
});

test('a failed refresh is reported and the next one runs', async () => {
  const { clock, errors, running, refresher } = setUp();
  refresher.request();
  clock.advance(50);
  const error = new Error('gone');
  running[0]?.fail(error);
  await settled();
  assert.deepEqual(errors, [error]);
  refresher.request();
  clock.advance(50);
  assert.equal(running.length, 2);
});

test('after dispose nothing runs', async () => {
  const { clock, running, refresher } = setUp();
  refresher.request();
  clock.advance(50);
  refresher.request();
  refresher.dispose();
  running[0]?.end();
  await settled();
  refresher.request();
  clock.advance(1_000);
  assert.equal(running.length, 1);
});
