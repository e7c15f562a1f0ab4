import type { LineChange } from '../model/diff';
import { diffSequences } from './sequenceDiff';

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
  // The usual change: the replaced lines and their replacement have no line in common.
  if (!haveCommon(oldMiddle, newMiddle)) {
    return slideChanges(oldLines, newLines, [{ oldStart: start, oldEnd, newStart: start, newEnd }]);
  }
  const { a, b, elements } = intern(oldMiddle, newMiddle);
  const oldCommon = positionsOf(a, b, elements);
  const newCommon = positionsOf(b, a, elements);
  const flags = diffSequences(
    oldCommon.map((at) => a[at] as number),
    newCommon.map((at) => b[at] as number),
    elements,
  );
  const removed = spread(flags.removed, oldCommon, a.length);
  const added = spread(flags.added, newCommon, b.length);
  return slideChanges(oldLines, newLines, changesOf(removed, added, start));
}

function haveCommon(oldLines: readonly string[], newLines: readonly string[]): boolean {
  if (oldLines.length === 0 || newLines.length === 0) return false;
  const known = new Set(oldLines);
  return newLines.some((line) => known.has(line));
}

/** Gives equal lines the same number: `0 <= number < elements`. */
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

/**
 * The positions of lines that the other side has too. All other lines are changed in any script and need no search.
 */
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

/** Expands the flags of the lines at `positions` to all lines; the other lines are flagged. */
function spread(flags: Uint8Array, positions: Int32Array, length: number): Uint8Array {
  const all = new Uint8Array(length).fill(1);
  positions.forEach((position, index) => (all[position] = flags[index] as number));
  return all;
}

/** Combines neighbouring flags of both sides into changes; `start` lines precede them. */
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

/** The furthest that a change is moved, in lines. */
const maxSlide = 100;
const maxIndent = 200;
const tabWidth = 4;

/**
 * Where equal lines allow several positions of a pure insertion or deletion, picks the most readable one: joined to a
 * neighbouring change, or else with bounds before lines of little indentation that follow a blank line. So an added
 * function is shown from its first line to its last. The number of changed lines and the resulting text stay the same.
 */
function slideChanges(
  oldLines: readonly string[],
  newLines: readonly string[],
  changes: readonly LineChange[],
): LineChange[] {
  const slid: LineChange[] = [];
  const waiting = [...changes].reverse();
  for (let change = waiting.pop(); change !== undefined; change = waiting.pop()) {
    const side = sideOf(change, oldLines, newLines);
    if (side === undefined) {
      slid.push(change);
      continue;
    }
    const previous = slid.at(-1);
    const next = waiting.at(-1);
    const gapBefore = change.newStart - (previous?.newEnd ?? 0);
    const gapAfter = (next?.newStart ?? newLines.length) - change.newEnd;
    const up = slideUp(side, gapBefore);
    const down = slideDown(side, gapAfter);
    if (previous && up === gapBefore) {
      slid.pop();
      waiting.push(join(previous, move(change, -up)));
    } else if (next && down === gapAfter) {
      waiting.pop();
      waiting.push(join(move(change, down), next));
    } else {
      slid.push(move(change, smoothest(side, up, down)));
    }
  }
  return slid;
}

/** The side whose lines a pure insertion or deletion changes. */
interface Side {
  readonly lines: readonly string[];
  readonly start: number;
  readonly end: number;
}

function sideOf(change: LineChange, oldLines: readonly string[], newLines: readonly string[]): Side | undefined {
  const { oldStart, oldEnd, newStart, newEnd } = change;
  if (oldStart === oldEnd) return { lines: newLines, start: newStart, end: newEnd };
  if (newStart === newEnd) return { lines: oldLines, start: oldStart, end: oldEnd };
  return undefined;
}

function slideUp({ lines, start, end }: Side, gap: number): number {
  const most = Math.min(gap, maxSlide);
  let by = 0;
  while (by < most && lines[start - 1 - by] === lines[end - 1 - by]) by++;
  return by;
}

function slideDown({ lines, start, end }: Side, gap: number): number {
  const most = Math.min(gap, maxSlide);
  let by = 0;
  while (by < most && lines[start + by] === lines[end + by]) by++;
  return by;
}

function move({ oldStart, oldEnd, newStart, newEnd }: LineChange, by: number): LineChange {
  return { oldStart: oldStart + by, oldEnd: oldEnd + by, newStart: newStart + by, newEnd: newEnd + by };
}

/** Joins changes that touch. */
function join(first: LineChange, second: LineChange): LineChange {
  return { oldStart: first.oldStart, oldEnd: second.oldEnd, newStart: first.newStart, newEnd: second.newEnd };
}

/** By how many lines to move down (up, if negative); the lowest of equally good positions. */
function smoothest({ lines, start, end }: Side, up: number, down: number): number {
  let best = 0;
  let least = Infinity;
  for (let by = -up; by <= down; by++) {
    const roughness = roughnessBefore(lines, start + by) + roughnessBefore(lines, end + by);
    if (roughness > least) continue;
    least = roughness;
    best = by;
  }
  return best;
}

/** How unsuitable the position before a line is as the bound of a change. */
function roughnessBefore(lines: readonly string[], at: number): number {
  const line = lines[at];
  if (line === undefined) return -2;
  if (isBlank(line)) return 2 * indentOf(lines[at + 1] ?? '') + 1;
  return 2 * indentOf(line) - (isBlank(lines[at - 1] ?? '') ? 1 : 0);
}

function isBlank(line: string): boolean {
  return !/\S/.test(line);
}

/** In columns. */
function indentOf(line: string): number {
  let columns = 0;
  for (let at = 0; columns < maxIndent; at++) {
    if (line[at] === ' ') columns++;
    else if (line[at] === '\t') columns += tabWidth;
    else break;
  }
  return columns;
}
