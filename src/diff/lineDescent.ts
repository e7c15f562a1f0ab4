import type { LineChange } from '../model/diff';
import { diffLines } from './lineDiff';
import { lineStarts } from './lines';

/** A text and where its lines begin; the last entry of `starts` is the end of the text. */
export interface IndexedText {
  readonly text: string;
  readonly starts: Uint32Array;
}

/** A change of lines, which may only be a change of where they are wrapped. */
interface DescentChange extends LineChange {
  readonly isWrapped: boolean;
}

/** How the lines of a text come from those of an older one. Lines that differ only in white space are the same. */
export interface LineDescent {
  /** Ascending. */
  readonly changes: readonly DescentChange[];
  /** Lines within the changes that were moved, or are only wrapped in another way: where each was in the older text. */
  readonly moved: ReadonlyMap<number, number>;
}

const noDescent: LineDescent = { changes: [], moved: new Map() };

/** A block that is smaller may look like another one by chance; characters without white space, as git's `blame -M`. */
const leastMoved = 20;
/** Of more equal lines, only these are tried as the place from which a block was moved. */
const maxPlaces = 16;

export function indexText(text: string): IndexedText {
  return { text, starts: lineStarts(text) };
}

/** The number of lines. */
export function lineCount({ starts }: IndexedText): number {
  return starts.length - 1;
}

/** Without white space, so that lines that differ in nothing else are equal. */
export function lineKey({ text, starts }: IndexedText, line: number): string {
  return text.slice(starts[line], starts[line + 1]).replace(/\s+/g, '');
}

/** Compares two texts; only what is between their common beginning and end is looked at line by line. */
export function descentOf(old: IndexedText, now: IndexedText): LineDescent {
  if (old.text === now.text) return noDescent;
  const start = commonLinesAtStart(old, now);
  const end = commonLinesAtEnd(old, now, start);
  const keys = (side: IndexedText): string[] =>
    Array.from({ length: lineCount(side) - start - end }, (_, at) => lineKey(side, start + at));
  const [oldKeys, newKeys] = [keys(old), keys(now)];
  const changes = diffLines(oldKeys, newKeys);
  const moved = new Map<number, number>();
  const isWrapped = changes.map((change) => noteWrapped(change, oldKeys, newKeys, moved));
  const others = changes.filter((_, at) => isWrapped[at] !== true);
  noteMoved(others, oldKeys, newKeys, moved);
  return {
    changes: changes.map(({ oldStart, oldEnd, newStart, newEnd }, at) => ({
      oldStart: oldStart + start,
      oldEnd: oldEnd + start,
      newStart: newStart + start,
      newEnd: newEnd + start,
      isWrapped: isWrapped[at] === true,
    })),
    moved: new Map([...moved].map(([line, from]) => [line + start, from + start])),
  };
}

/** Where a line was in the older text; -1: nowhere. */
export function originOf(line: number, { changes, moved }: LineDescent): number {
  const change = lastChangeBefore(line, changes);
  if (!change) return line;
  if (line < change.newEnd) return moved.get(line) ?? -1;
  return line - change.newEnd + change.oldEnd;
}

/** The last change that begins at a line or before it. */
export function lastChangeBefore<T extends LineChange>(line: number, changes: readonly T[]): T | undefined {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.newStart ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1];
}

/** The characters that are compared at once: the engine compares long pieces far faster than single characters. */
const piece = 4096;

function commonLinesAtStart(old: IndexedText, now: IndexedText): number {
  const [a, b] = [old.text, now.text];
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  while (same + piece <= shorter && a.slice(same, same + piece) === b.slice(same, same + piece)) same += piece;
  while (same < shorter && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  // What follows may be the rest of the last common line, or of its ending.
  return Math.min(wholeLines(old, same), wholeLines(now, same));
}

/** Lines whose end, and the character after that, are before an offset, or that end with the text. */
function wholeLines({ text, starts }: IndexedText, offset: number): number {
  if (offset === text.length) return starts.length - 1;
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset - 1) low = middle;
    else high = middle - 1;
  }
  return low;
}

function commonLinesAtEnd(old: IndexedText, now: IndexedText, start: number): number {
  const most = Math.min(lineCount(old), lineCount(now)) - start;
  let same = 0;
  const [oldLines, newLines] = [lineCount(old), lineCount(now)];
  const line = ({ text, starts }: IndexedText, at: number): string => text.slice(starts[at], starts[at + 1]);
  while (same < most && line(old, oldLines - 1 - same) === line(now, newLines - 1 - same)) same++;
  return same;
}

/** Maps the lines of a change that only differs in white space and line breaks; false for another change. */
function noteWrapped(
  { oldStart, oldEnd, newStart, newEnd }: LineChange,
  oldKeys: readonly string[],
  newKeys: readonly string[],
  moved: Map<number, number>,
): boolean {
  const [before, now] = [oldKeys.slice(oldStart, oldEnd), newKeys.slice(newStart, newEnd)];
  if (before.join('') !== now.join('')) return false;
  let [line, lineEnd, offset] = [0, before[0]?.length ?? 0, 0];
  now.forEach((key, at) => {
    while (key !== '' && offset >= lineEnd && line < before.length - 1) lineEnd += before[++line]?.length ?? 0;
    if (key !== '') moved.set(newStart + at, oldStart + line);
    offset += key.length;
  });
  return true;
}

/** Finds blocks of added lines that were removed elsewhere, the longest ones first at each line. */
function noteMoved(
  changes: readonly LineChange[],
  oldKeys: readonly string[],
  newKeys: readonly string[],
  moved: Map<number, number>,
): void {
  const places = new Map<string, number[]>();
  const left = new Set<number>();
  for (const { oldStart, oldEnd } of changes) {
    for (let at = oldStart; at < oldEnd; at++) {
      const key = oldKeys[at] ?? '';
      left.add(at);
      const known = places.get(key);
      if (!known) places.set(key, [at]);
      else if (known.length < maxPlaces) known.push(at);
    }
  }
  if (left.size === 0) return;
  for (const { newStart, newEnd } of changes) {
    for (let at = newStart; at < newEnd;) {
      const key = newKeys[at] ?? '';
      const found =
        key === '' ? undefined : longestBlock(at, newEnd, places.get(key) ?? [], { oldKeys, newKeys, left });
      for (let by = 0; found && by < found.lines; by++) {
        moved.set(at + by, found.from + by);
        left.delete(found.from + by);
      }
      at += found?.lines ?? 1;
    }
  }
}

interface Sides {
  readonly oldKeys: readonly string[];
  readonly newKeys: readonly string[];
  /** Removed lines that no added line comes from yet. */
  readonly left: ReadonlySet<number>;
}

/** The longest block of equal lines from a line on; undefined if all are too small. */
function longestBlock(
  at: number,
  end: number,
  places: readonly number[],
  { oldKeys, newKeys, left }: Sides,
): { readonly from: number; readonly lines: number } | undefined {
  let best: { readonly from: number; readonly lines: number } | undefined;
  for (const from of places) {
    let [lines, size] = [0, 0];
    while (at + lines < end && left.has(from + lines) && oldKeys[from + lines] === newKeys[at + lines]) {
      size += newKeys[at + lines]?.length ?? 0;
      lines++;
    }
    if (size >= leastMoved && lines > (best?.lines ?? 0)) best = { from, lines };
  }
  return best;
}
