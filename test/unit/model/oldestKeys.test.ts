import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OldestKeys } from '../../../src/model/oldestKeys';

test('the next key is the first that the map has, whatever was added, moved and taken before', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(5), { nil: undefined }), { maxLength: 40 }), (steps) => {
      const map = new Map<number, string>();
      const oldest = new OldestKeys(map);
      for (const key of steps) {
        if (key !== undefined) {
          map.delete(key);
          map.set(key, 'value');
          continue;
        }
        const [first] = map.keys();
        assert.equal(oldest.next(), first);
        if (first !== undefined) map.delete(first);
      }
    }),
  );
});
