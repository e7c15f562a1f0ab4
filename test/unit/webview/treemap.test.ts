import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../support/properties';
import { treemap } from '../../../src/webview/storage/treemap';

const weights = fc
  .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 })
  .map((values) => values.sort((a, b) => b - a));

test('tiles are as large as their shares, lie within the whole and do not overlap', () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0.5, max: 8, noNaN: true }), (values, aspect) => {
      const tiles = treemap(values, aspect);
      const total = values.reduce((sum, value) => sum + value, 0);
      assert.equal(tiles.length, values.length);
      tiles.forEach(({ left, top, width, height }, index) => {
        assert.ok(Math.abs(width * height - (values[index] ?? 0) / total) < 1e-9);
        assert.ok(left > -1e-9 && top > -1e-9 && left + width < 1 + 1e-9 && top + height < 1 + 1e-9);
      });
      for (const [index, a] of tiles.entries()) {
        for (const b of tiles.slice(index + 1)) {
          const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
          const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
          assert.ok(across < 1e-9 || down < 1e-9);
        }
      }
    }),
  );
});

test('equal weights on a square become squares', () => {
  for (const { width, height } of treemap([1, 1, 1, 1], 1)) assert.ok(Math.abs(width - height) < 1e-9);
});
