import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timers } from '../../../src/base/clock';
import { ChangePublisher } from '../../../src/engine/changePublisher';
import type { PathChange } from '../../../src/model/changeHint';
import { FakeClock, settled } from '../../support/fakeClock';
import { times } from '../../support/chance';
import fc from '../../support/properties';

function setUp() {
  const clock = new FakeClock();
  const timers = new Timers(clock);
  const published: PathChange[][] = [];
  const publisher = new ChangePublisher(timers, (changes) => published.push([...changes]));
  const add = (...paths: readonly (string | number)[]): void => {
    for (const path of paths) publisher.add({ path: String(path), kind: 'changed' });
  };
  const paths = (): string[][] => published.map((changes) => changes.map(({ path }) => path));
  return { clock, timers, published, publisher, add, paths };
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

test('changes of one turn are published together, at its end', async () => {
  const { add, paths } = setUp();
  add('a', 'b', 'a');
  assert.deepEqual(paths(), []);
  await settled();
  assert.deepEqual(paths(), [['a', 'b', 'a']]);
});

test('thousands are published 500 at a time, 10 ms apart', async () => {
  const { clock, add, paths } = setUp();
  add(...numbers(0, 1_001));
  await settled();
  assert.deepEqual(paths(), [numbers(0, 500).map(String)]);
  clock.advance(9);
  assert.equal(paths().length, 1);
  clock.advance(1);
  assert.equal(paths().length, 2);
  clock.advance(10);
  assert.deepEqual(paths()[2], ['1000']);
  clock.advance(1_000);
  assert.equal(paths().length, 3);
});

test('a change that comes during the pause is published after it, and a later one at once', async () => {
  const { clock, add, paths } = setUp();
  add('a');
  await settled();
  add('b');
  await settled();
  assert.deepEqual(paths(), [['a']]);
  clock.advance(10);
  assert.deepEqual(paths(), [['a'], ['b']]);
  clock.advance(10);
  add('c');
  await settled();
  assert.deepEqual(paths(), [['a'], ['b'], ['c']]);
});

test('a change that publishing leads to is not lost', async () => {
  const clock = new FakeClock();
  const published: string[] = [];
  const publisher = new ChangePublisher(new Timers(clock), ([first]) => {
    published.push(first?.path ?? '');
    if (published.length === 1) publisher.add({ path: 'b', kind: 'created' });
  });
  publisher.add({ path: 'a', kind: 'created' });
  await settled();
  clock.advance(10);
  assert.deepEqual(published, ['a', 'b']);
});

test('after its end nothing is published, whether it waited or comes later', async () => {
  const { clock, publisher, add, paths } = setUp();
  add('a');
  publisher.dispose();
  await settled();
  add('b');
  await settled();
  clock.advance(1_000);
  assert.deepEqual(paths(), []);
});

test('every change is published once, in order, and never more than 500 together', async () => {
  const burst = fc.record({ count: fc.integer({ min: 0, max: 1_200 }), pauseMs: fc.integer({ min: 0, max: 25 }) });
  const bursts = fc.array(burst, { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(bursts, async (all) => {
      const { clock, published, add, paths } = setUp();
      let count = 0;
      for (const each of all) {
        add(...numbers(count, (count += each.count)));
        await settled();
        clock.advance(each.pauseMs);
      }
      clock.advance(10_000);
      assert.deepEqual(paths().flat(), numbers(0, count).map(String));
      assert.ok(published.every(({ length }) => length > 0 && length <= 500));
    }),
    { numRuns: times(30) },
  );
});
