import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Debouncer } from '../../../src/base/debouncer';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { FakeClock, settled } from '../../support/fakeClock';

const quietMs = 500;
const maxWaitMs = 3_000;
const tickMs = 25;

function setUp() {
  const clock = new FakeClock();
  const flushed: { at: number; keys: readonly string[] }[] = [];
  const debouncer = new Debouncer({
    quietMs,
    maxWaitMs,
    clock,
    onError: assert.ifError,
    flush: (keys) => {
      flushed.push({ at: clock.now(), keys });
      return Promise.resolve();
    },
  });
  const advance = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= tickMs) {
      clock.advance(Math.min(left, tickMs));
      await settled();
    }
  };
  return { clock, flushed, debouncer, advance };
}

test('a key leaves once, after it has been quiet', async () => {
  const { flushed, debouncer, advance } = setUp();
  for (let i = 0; i < 4; i++) {
    debouncer.add('a');
    await advance(200);
  }
  assert.deepEqual(flushed, []);
  await advance(300);
  assert.deepEqual(flushed, [{ at: 1_100, keys: ['a'] }]);
});

test('a key that is added without pause leaves after the maximum wait', async () => {
  const { flushed, debouncer, advance } = setUp();
  for (let i = 0; i < 65; i++) {
    debouncer.add('log');
    await advance(100);
  }
  assert.deepEqual(
    flushed.map(({ at }) => at),
    [3_000, 6_000],
  );
});

test('a noisy key does not keep a quiet one waiting', async () => {
  const { flushed, debouncer, advance } = setUp();
  debouncer.add('noisy');
  debouncer.add('quiet');
  for (let i = 0; i < 10; i++) {
    debouncer.add('noisy');
    await advance(100);
  }
  assert.deepEqual(flushed, [{ at: 500, keys: ['quiet'] }]);
});

test('keys that are added together leave together', async () => {
  const { flushed, debouncer, advance } = setUp();
  const keys = Array.from({ length: 1_000 }, (_, i) => `file${i}`);
  for (const key of keys) debouncer.add(key);
  await advance(quietMs);
  assert.deepEqual(flushed, [{ at: 500, keys }]);
});

test('what is added during a flush waits for it, and leaves after it', async () => {
  const clock = new FakeClock();
  const flushed: (readonly string[])[] = [];
  const releases: (() => void)[] = [];
  const debouncer = new Debouncer({
    quietMs,
    maxWaitMs,
    clock,
    onError: assert.ifError,
    flush: (keys) => {
      flushed.push(keys);
      return new Promise((resolve) => releases.push(resolve));
    },
  });
  debouncer.add('a');
  clock.advance(quietMs);
  debouncer.add('a');
  debouncer.add('b');
  clock.advance(10 * maxWaitMs);
  assert.deepEqual(flushed, [['a']]);
  releases[0]?.();
  await settled();
  clock.advance(tickMs);
  assert.deepEqual(flushed, [['a'], ['a', 'b']]);
});

test('drain flushes at once and resolves when everything has left', async () => {
  const { flushed, debouncer } = setUp();
  debouncer.add('a');
  debouncer.add('b');
  await debouncer.drain();
  assert.deepEqual(flushed, [{ at: 0, keys: ['a', 'b'] }]);
  assert.equal(debouncer.size, 0);
});

test('a key may have to be quiet for longer, until it is added again', async () => {
  const { flushed, debouncer, advance } = setUp();
  debouncer.add('deleted', 1_000);
  debouncer.add('replaced', 1_000);
  await advance(100);
  debouncer.add('replaced');
  await advance(900);
  assert.deepEqual(flushed, [
    { at: 600, keys: ['replaced'] },
    { at: 1_000, keys: ['deleted'] },
  ]);
});

test('a removed key does not leave', async () => {
  const { flushed, debouncer, advance } = setUp();
  debouncer.add('a');
  debouncer.remove('a');
  await advance(2 * quietMs);
  assert.deepEqual(flushed, []);
});

test('nothing leaves after dispose', async () => {
  const { flushed, debouncer, advance } = setUp();
  debouncer.add('a');
  debouncer.dispose();
  await advance(2 * quietMs);
  assert.deepEqual(flushed, []);
});

test('every added key leaves, never sooner than it is quiet or overdue, never later than a tick after', async () => {
  const event = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), pause: fc.nat(900) });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      const { clock, flushed, debouncer, advance } = setUp();
      const added: { key: string; at: number }[] = [];
      for (const { key, pause } of events) {
        debouncer.add(key);
        added.push({ key, at: clock.now() });
        await advance(pause);
      }
      await advance(maxWaitMs + tickMs);
      for (const key of new Set(added.map((each) => each.key))) {
        const leavings = flushed.filter(({ keys }) => keys.includes(key)).map(({ at }) => at);
        assert.deepEqual(leavings, expectedLeavings(added.filter((each) => each.key === key).map(({ at }) => at)));
      }
    }),
    { numRuns: times(60) },
  );
});

/** The rule of the docstring, said again without timers. */
function expectedLeavings(times: readonly number[]): number[] {
  const leavings: number[] = [];
  let first: number | undefined;
  let last = 0;
  for (const at of [...times, Infinity]) {
    if (first !== undefined) {
      const due = Math.ceil(Math.min(last + quietMs, first + maxWaitMs) / tickMs) * tickMs;
      if (due <= at) {
        leavings.push(due);
        first = undefined;
      }
    }
    first ??= at;
    last = at;
  }
  return leavings;
}

test('a flush that fails is reported, and what was added meanwhile is not stuck', async () => {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const flushed: (readonly string[])[] = [];
  const flush = (keys: readonly string[]): Promise<void> => {
    flushed.push(keys);
    if (flushed.length > 1) return Promise.resolve();
    debouncer.add('b');
    return Promise.reject(new Error('no disk'));
  };
  const onError = (error: unknown): void => void errors.push(error);
  const debouncer = new Debouncer({ quietMs, maxWaitMs, clock, flush, onError });
  debouncer.add('a');
  clock.advance(quietMs);
  await settled();
  assert.deepEqual(errors.map(String), ['Error: no disk']);
  clock.advance(quietMs + tickMs);
  await settled();
  assert.deepEqual(flushed, [['a'], ['b']]);
});
