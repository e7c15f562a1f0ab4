import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ByteCache } from '../../../src/base/byteCache';
import fc from '../../support/properties';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('holds what was used last, never more than its bound', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ key: fc.nat(9), size: fc.nat(60) })), (steps) => {
      const cache = new ByteCache(100);
      const recent: { key: string; size: number }[] = [];
      for (const { key, size } of steps) {
        cache.set(`${key}`, new Uint8Array(size));
        const known = recent.findIndex((entry) => entry.key === `${key}`);
        if (known >= 0) recent.splice(known, 1);
        recent.push({ key: `${key}`, size });
        const bytes = (): number => recent.reduce((sum, entry) => sum + entry.size, 0);
        // Once it is full, an eighth of it makes room, and never what came just now.
        const isFull = bytes() > 100;
        while (isFull && bytes() > Math.max(size, 87.5)) recent.shift();
        assert.equal(cache.bytes, bytes());
      }
      for (const { key, size } of recent) assert.equal(cache.get(key)?.length, size);
    }),
  );
});

test('keeps nothing that is larger than itself, and not what that replaces', () => {
  const cache = new ByteCache(10);
  cache.set('a', new Uint8Array(5));
  cache.set('a', new Uint8Array(11));
  assert.equal(cache.get('a'), undefined);
  assert.equal(cache.bytes, 0);
});

test('keeps no more than it counts of what is a part of something larger', () => {
  const cache = new ByteCache(100);
  const whole = Uint8Array.from({ length: 90 }, (_, n) => n);
  for (const [from, to] of [
    [10, 20],
    [0, 89],
  ] as const) {
    cache.set('part', whole.subarray(from, to));
    const kept = cache.get('part');
    assert.deepEqual(kept, whole.slice(from, to));
    assert.ok(kept.buffer.byteLength <= 2 * kept.length);
  }
});

test('takes no more memory for being asked, or cleared and filled again', () => {
  const cache = new ByteCache(1 << 20);
  const churn = (): void => {
    for (let n = 0; n < 200_000; n++) {
      const key = String(n % 100);
      if (cache.get(key) === undefined) cache.set(key, new Uint8Array(10));
    }
    cache.clear();
  };
  churn();
  const before = usedBytes();
  for (let n = 0; n < 5; n++) churn();
  assert.ok(usedBytes() - before < 2 << 20, `${usedBytes() - before} bytes`);
});

function usedBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
