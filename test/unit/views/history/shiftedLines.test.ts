import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shifted } from '../../../../src/views/history/shiftedLines';

const lines = { start: 5, end: 8 };

test('edits before the lines move them, edits after them do not', () => {
  assert.deepEqual(shifted(lines, { start: 2, end: 2 }, 3), { start: 8, end: 11 });
  assert.deepEqual(shifted(lines, { start: 1, end: 3 }, 0), { start: 3, end: 6 });
  assert.deepEqual(shifted(lines, { start: 8, end: 9 }, 4), lines);
});

test('edits within the lines make them more or fewer, but at least one', () => {
  assert.deepEqual(shifted(lines, { start: 6, end: 6 }, 2), { start: 5, end: 10 });
  assert.deepEqual(shifted(lines, { start: 5, end: 7 }, 0), { start: 5, end: 6 });
  assert.deepEqual(shifted(lines, { start: 3, end: 9 }, 0), { start: 3, end: 4 });
});
