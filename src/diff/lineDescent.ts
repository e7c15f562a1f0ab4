import type { LineChange } from '../model/diff';
import { diffLines } from './lineDiff';
import { differingStretches, lineAt, type IndexedText } from './indexedText';

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

/** Without white space, so that lines that differ in nothing else are equal. */
export function lineKey(text: IndexedText, line: number): string {
  return lineAt(text, line).replace(/\s+/g, '');
}

/** Compares two texts. */
export function descentOf(old: IndexedText, now: IndexedText): LineDescent {
  if (old.text === now.text) return noDescent;
  const [oldKeys, newKeys] = [new Map<number, string>(), new Map<number, string>()];
  const changes: DescentChange[] = [];
  const moved = new Map<number, number>();
  for (const { oldStart, oldEnd, newStart, newEnd } of differingStretches(old, now)) {
    const before = keysOf(old, oldStart, oldEnd, oldKeys);
    const after = keysOf(now, newStart, newEnd, newKeys);
    for (const change of diffLines(before, after)) {
      const shifted = {
        oldStart: change.oldStart + oldStart,
        oldEnd: change.oldEnd + oldStart,
        newStart: change.newStart + newStart,
        newEnd: change.newEnd + newStart,
      };
      changes.push({ ...shifted, isWrapped: noteWrapped(shifted, oldKeys, newKeys, moved) });
    }
  }
  const others = changes.filter(({ isWrapped }) => !isWrapped);
  noteMoved(others, oldKeys, newKeys, moved);
  return { changes, moved };
}

/** Keys by line. */
type Keys = ReadonlyMap<number, string>;

function keysOf(text: IndexedText, start: number, end: number, known: Map<number, string>): string[] {
  return Array.from({ length: end - start }, (_, at) => {
    const key = lineKey(text, start + at);
    known.set(start + at, key);
    return key;
  });
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

/** Maps the lines of a change that only differs in white space and line breaks; false for another change. */
function noteWrapped(
  { oldStart, oldEnd, newStart, newEnd }: LineChange,
  oldKeys: Keys,
  newKeys: Keys,
  moved: Map<number, number>,
): boolean {
  const keysIn = (keys: Keys, start: number, end: number): string[] =>
    Array.from({ length: end - start }, (_, at) => keys.get(start + at) ?? '');
  const [before, now] = [keysIn(oldKeys, oldStart, oldEnd), keysIn(newKeys, newStart, newEnd)];
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
function noteMoved(changes: readonly LineChange[], oldKeys: Keys, newKeys: Keys, moved: Map<number, number>): void {
  const places = new Map<string, number[]>();
  const left = new Set<number>();
  for (const { oldStart, oldEnd } of changes) {
    for (let at = oldStart; at < oldEnd; at++) {
      const key = oldKeys.get(at) ?? '';
      left.add(at);
      const known = places.get(key);
      if (!known) places.set(key, [at]);
      else if (known.length < maxPlaces) known.push(at);
    }
  }
  if (left.size === 0) return;
  for (const { newStart, newEnd } of changes) {
    for (let at = newStart; at < newEnd;) {
      const key = newKeys.get(at) ?? '';
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
  readonly oldKeys: Keys;
  readonly newKeys: Keys;
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
    while (at + lines < end && left.has(from + lines) && oldKeys.get(from + lines) === newKeys.get(at + lines)) {
      size += newKeys.get(at + lines)?.length ?? 0;
      lines++;
    }
    if (size >= leastMoved && lines > (best?.lines ?? 0)) best = { from, lines };
  }
  return best;
}
