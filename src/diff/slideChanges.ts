import type { LineChange } from '../model/diff';

/** How far a change is moved at most, in lines. */
const maxSlide = 100;
const maxIndent = 200;
const tabWidth = 4;

/**
 * Where equal lines let a pure insertion or deletion stand in several places, picks the one that reads best: joined to
 * the change beside it, or else beginning and ending before lines of little indent that follow a blank one. So an added
 * function is shown from its first line to its last. Neither the number of changed lines nor the result changes.
 */
export function slideChanges(
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

/** The lines that a pure insertion or deletion stands in. */
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

/** Of changes that touch. */
function join(first: LineChange, second: LineChange): LineChange {
  return { oldStart: first.oldStart, oldEnd: second.oldEnd, newStart: first.newStart, newEnd: second.newEnd };
}

/** By how many lines to move down (up, if negative); the lowest of equally good places. */
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

/** How ill a change begins or ends before a line. */
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
