import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupFrom } from '../../../src/track/fileGroups';

const mb = 1 << 20;

/** The sizes of all groups of a list of sizes. */
function groupsOf(sizes: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (let from = 0; from < sizes.length; from += groups.at(-1)?.length ?? 0) {
    groups.push([...groupFrom(sizes, from, (size) => size)]);
  }
  return groups;
}

test('groups have at most 32 files and 16 MB, or one larger file', () => {
  assert.deepEqual(
    groupsOf(Array.from({ length: 70 }, () => 1)).map(({ length }) => length),
    [32, 32, 6],
  );
  assert.deepEqual(groupsOf([8 * mb, 8 * mb, 1, 20 * mb, 40 * mb, 2, 3]), [
    [8 * mb, 8 * mb],
    [1],
    [20 * mb],
    [40 * mb],
    [2, 3],
  ]);
  assert.deepEqual(groupsOf([]), []);
});
