import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breathe, TimeSlicer } from '../../../src/base/timeSlicer';
import { times } from '../../support/chance';
import fc from '../../support/properties';

/** A slicer, the time that it goes by, and whether its last pause let other work run. */
function setUp(stop?: AbortSignal) {
  const clock = { now: 1_000 };
  const slicer = new TimeSlicer(stop, () => clock.now);
  const yields = async (): Promise<boolean> => {
    const facts = { hasYielded: false };
    const other = setImmediate(() => (facts.hasYielded = true));
    await slicer.pause();
    clearImmediate(other);
    return facts.hasYielded;
  };
  return { clock, slicer, yields };
}

test('other work runs between slices, and not within one', async () => {
  const { clock, slicer, yields } = setUp();
  clock.now += 7;
  assert.deepEqual([slicer.isOver, await yields()], [false, false]);
  clock.now += 1;
  assert.deepEqual([slicer.isOver, await yields()], [true, true]);
});

test('the next slice begins after the pause, however long other work took', async () => {
  const { clock, slicer, yields } = setUp();
  clock.now += 8;
  setImmediate(() => (clock.now += 1_000));
  assert.equal(await yields(), true);
  clock.now += 7;
  assert.equal(slicer.isOver, false);
  clock.now += 1;
  assert.equal(slicer.isOver, true);
});

test('when it is to stop, the next pause rejects with the reason, also within a slice', async () => {
  const stop = new AbortController();
  const { clock, slicer, yields } = setUp(stop.signal);
  assert.equal(await yields(), false);
  const reason = new Error('closed');
  stop.abort(reason);
  await assert.rejects(slicer.pause(), reason);
  clock.now += 100;
  await assert.rejects(slicer.pause(), reason);
});

test('a stop during a pause ends the work at the next one', async () => {
  const stop = new AbortController();
  const { clock, slicer } = setUp(stop.signal);
  clock.now += 8;
  setImmediate(() => stop.abort());
  await slicer.pause();
  await assert.rejects(slicer.pause(), { name: 'AbortError' });
});

test('breathing lets everything that is ready run first', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('immediate'));
  queueMicrotask(() => order.push('microtask'));
  await breathe();
  assert.deepEqual(order, ['microtask', 'immediate']);
});

test('it yields exactly when 8 ms have passed since the last pause that yielded', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(12), { maxLength: 15 }), async (steps) => {
      const { clock, yields } = setUp();
      let since = 0;
      for (const step of steps) {
        clock.now += step;
        since += step;
        assert.equal(await yields(), since >= 8);
        if (since >= 8) since = 0;
      }
    }),
    { numRuns: times(50) },
  );
});
