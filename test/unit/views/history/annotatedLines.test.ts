import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, heatColors, heatOf } from '../../../../src/views/history/annotatedLines';

test('lines of one version that follow each other are one block', () => {
  assert.deepEqual(blocksOf([]), []);
  assert.deepEqual(blocksOf([0, 0, 2, -1, -1, 0]), [
    { version: 0, start: 0, end: 2 },
    { version: 2, start: 2, end: 3 },
    { version: -1, start: 3, end: 5 },
    { version: 0, start: 5, end: 6 },
  ]);
});

test('each age has a heat, and each heat a colour', () => {
  const [hour, day] = [3_600_000, 86_400_000];
  const heats = [-1, 0, hour - 1, hour, day, 7 * day, 29 * day, 30 * day, 1e15].map(heatOf);
  assert.deepEqual(heats, [0, 0, 0, 1, 2, 3, 3, 4, 4]);
  assert.equal(heatColors.length, 5);
});
