import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Disposable } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/events';
import { times } from '../../support/chance';
import fc from '../../support/properties';

function setUp() {
  const errors: unknown[] = [];
  const emitter = new Emitter<string>((error) => errors.push(error));
  const said: string[] = [];
  const listen = (name: string): Disposable => emitter.event((value) => said.push(`${name} ${value}`));
  return { errors, emitter, said, listen };
}

test('listeners are notified in the order in which they came', () => {
  const { emitter, said, listen } = setUp();
  listen('a');
  listen('b');
  emitter.fire('1');
  assert.deepEqual(said, ['a 1', 'b 1']);
});

test('the same function can listen twice, and each end ends one', () => {
  const { emitter, said } = setUp();
  const listener = (value: string): void => void said.push(value);
  const [first] = [emitter.event(listener), emitter.event(listener)];
  emitter.fire('1');
  first.dispose();
  first.dispose();
  emitter.fire('2');
  assert.deepEqual(said, ['1', '1', '2']);
});

test('a listener that throws is reported, and the others are still notified', () => {
  const { errors, emitter, said, listen } = setUp();
  const error = new Error('gone');
  listen('a');
  emitter.event(() => {
    throw error;
  });
  listen('b');
  emitter.fire('1');
  assert.deepEqual([said, errors], [['a 1', 'b 1'], [error]]);
});

test('without a report, a listener that throws does not keep the others from being notified', () => {
  const emitter = new Emitter<number>();
  const said: number[] = [];
  emitter.event(() => {
    throw new Error('gone');
  });
  emitter.event((value) => said.push(value));
  emitter.fire(1);
  assert.deepEqual(said, [1]);
});

test('a listener that another one ends is not notified any more', () => {
  const { emitter, said, listen } = setUp();
  const ends: Disposable[] = [];
  emitter.event(() => ends.forEach((end) => end.dispose()));
  ends.push(listen('a'));
  emitter.fire('1');
  assert.deepEqual(said, []);
});

test('a listener that ends itself is not notified again', () => {
  const { emitter, said } = setUp();
  const own = emitter.event((value) => {
    said.push(value);
    own.dispose();
  });
  emitter.fire('1');
  emitter.fire('2');
  assert.deepEqual(said, ['1']);
});

test('a listener that comes while others are notified gets the next event first', () => {
  const { emitter, said, listen } = setUp();
  const once = emitter.event(() => {
    once.dispose();
    listen('late');
  });
  emitter.fire('1');
  assert.deepEqual(said, []);
  emitter.fire('2');
  assert.deepEqual(said, ['late 2']);
});

test('an event may lead to another one', () => {
  const { emitter, said, listen } = setUp();
  emitter.event((value) => {
    if (value === '1') emitter.fire('2');
  });
  listen('a');
  emitter.fire('1');
  assert.deepEqual(said, ['a 2', 'a 1']);
});

test('after its end nothing is notified, not even the rest of an event', () => {
  const { emitter, said, listen } = setUp();
  emitter.event(() => emitter.dispose());
  listen('a');
  emitter.fire('1');
  emitter.fire('2');
  assert.deepEqual(said, []);
});

test('whatever listeners come and go, each gets exactly what is fired while it listens', () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('listen' as const), who: fc.nat(4) }),
    fc.record({ type: fc.constant('end' as const), who: fc.nat(4) }),
    fc.record({ type: fc.constant('fire' as const), who: fc.nat(4) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { emitter, said, listen } = setUp();
      const listening = new Map<number, Disposable>();
      const expected: string[] = [];
      for (const [n, { type, who }] of steps.entries()) {
        if (type === 'fire') {
          expected.push(...[...listening.keys()].map((name) => `${name} ${n}`));
          emitter.fire(String(n));
          continue;
        }
        listening.get(who)?.dispose();
        listening.delete(who);
        if (type === 'listen') listening.set(who, listen(String(who)));
      }
      assert.deepEqual(said, expected);
    }),
    { numRuns: times(200) },
  );
});
