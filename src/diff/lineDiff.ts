import type { LineChange } from '../model/diff';
import { diffSequences } from './sequenceDiff';
import { slideChanges } from './slideChanges';

/** The changes that turn the old lines into the new ones, ascending. Lines are compared whole, terminator included. */
export function diffLines(oldLines: readonly string[], newLines: readonly string[]): LineChange[] {
  const shorter = Math.min(oldLines.length, newLines.length);
  let start = 0;
  while (start < shorter && oldLines[start] === newLines[start]) start++;
  let same = 0;
  while (same < shorter - start && oldLines.at(-1 - same) === newLines.at(-1 - same)) same++;

  if (start === oldLines.length && start === newLines.length) return [];

  const [oldEnd, newEnd] = [oldLines.length - same, newLines.length - same];
  const [oldMiddle, newMiddle] = [oldLines.slice(start, oldEnd), newLines.slice(start, newEnd)];
  // Nearly every change of a file: what was replaced has no line in common with what replaced it.
  if (!haveCommon(oldMiddle, newMiddle)) {
    return slideChanges(oldLines, newLines, [{ oldStart: start, oldEnd, newStart: start, newEnd }]);
  }
  const { a, b, elements } = intern(oldMiddle, newMiddle);
  const oldCommon = positionsOf(a, b, elements);
  const newCommon = positionsOf(b, a, elements);
  const marks = diffSequences(
    oldCommon.map((at) => a[at] as number),
    newCommon.map((at) => b[at] as number),
    elements,
  );
  const removed = spread(marks.removed, oldCommon, a.length);
  const added = spread(marks.added, newCommon, b.length);
  return slideChanges(oldLines, newLines, changesOf(removed, added, start));
}

function haveCommon(oldLines: readonly string[], newLines: readonly string[]): boolean {
  if (oldLines.length === 0 || newLines.length === 0) return false;
  const known = new Set(oldLines);
  return newLines.some((line) => known.has(line));
}

/** Numbers equal lines alike: `0 <= number < elements`. */
function intern(oldLines: readonly string[], newLines: readonly string[]) {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line);
    if (known !== undefined) return known;
    numbers.set(line, numbers.size);
    return numbers.size - 1;
  };
  const a = Int32Array.from(oldLines, numberOf);
  const b = Int32Array.from(newLines, numberOf);
  return { a, b, elements: numbers.size };
}

/** Where the lines are that the other side has too; all others are changed in any script, and need no search. */
function positionsOf(lines: Int32Array, others: Int32Array, elements: number): Int32Array {
  const exists = new Uint8Array(elements);
  for (const line of others) exists[line] = 1;
  const positions = new Int32Array(lines.length);
  let count = 0;
  lines.forEach((line, at) => {
    if (exists[line] === 1) positions[count++] = at;
  });
  return positions.subarray(0, count);
}

/** The marks of the lines at `positions` as marks of all lines; a line at none of them is marked. */
function spread(marks: Uint8Array, positions: Int32Array, length: number): Uint8Array {
  const all = new Uint8Array(length).fill(1);
  positions.forEach((position, index) => (all[position] = marks[index] as number));
  return all;
}

/** Gathers neighbouring marks of both sides; `start` lines come before them. */
function changesOf(removed: Uint8Array, added: Uint8Array, start: number): LineChange[] {
  const changes: LineChange[] = [];
  let [x, y] = [0, 0];
  while (x < removed.length || y < added.length) {
    const [oldStart, newStart] = [x, y];
    while (removed[x] === 1) x++;
    while (added[y] === 1) y++;
    if (x > oldStart || y > newStart) {
      changes.push({ oldStart: start + oldStart, oldEnd: start + x, newStart: start + newStart, newEnd: start + y });
    }
    x++;
    y++;
  }
  return changes;
}
