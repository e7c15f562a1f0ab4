import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteCache } from '../../../src/store/byteCache';

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
        while (recent.reduce((sum, entry) => sum + entry.size, 0) > 100) recent.shift();
        assert.equal(
          cache.bytes,
          recent.reduce((sum, entry) => sum + entry.size, 0),
        );
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
