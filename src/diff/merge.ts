import type { LineChange } from '../model/diff';
import type { OnConflict } from '../model/undo';
import { decode } from './text';
import { diffLines } from './lineDiff';
import { lineEndingOf, normalizeEol, splitAtLineFeeds } from './lines';

export interface MergeSides {
  /** What both sides came from. */
  readonly base: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

export interface MergeOptions {
  readonly onOverlap: OnConflict;
  /** The names of both sides in conflict markers, in ASCII. */
  readonly labels: { readonly ours: string; readonly theirs: string };
}

/**
 * `bytes` are exact: all lines keep their endings, and the last one its lack of one. With `refuse` and overlaps there are
 * none. `overlaps` counts the places that both sides changed differently. `cannot`: a side is no text, or their encodings
 * differ in more than what ASCII has in common.
 */
export type Merged =
  | { readonly kind: 'merged'; readonly bytes: Uint8Array | undefined; readonly overlaps: number }
  | { readonly kind: 'cannot' };

/** Lines that are alike in the result, or that both sides changed. */
type Region = { readonly lines: readonly string[] } | Overlap;

interface Overlap {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/**
 * Merges what both sides changed, line by line. The line ending of the file is a change of its own. Changes of both sides
 * that overlap or touch are an overlap, as for git, unless they are the same. Where equal lines leave open which of them one side added or removed, and the other changed
 * one of these, that is an overlap too: git takes one of them.
 */
export function mergeBytes({ base, ours, theirs }: MergeSides, options: MergeOptions): Merged {
  const sides = [base, ours, theirs].map(textOf);
  const ending = mergedEnding(sides);
  const [from, mine, other] = sides.map(
    (side) => side && splitAtLineFeeds(ending === undefined ? side.text : normalizeEol(side.text)),
  );
  const encoding = sides[0]?.encoding;
  if (!from || !mine || !other || !encoding || sides.some((side) => side?.encoding !== encoding))
    return { kind: 'cannot' };
  const regions = mergeLines(from, mine, other);
  const overlaps = regions.filter(isOverlap).length;
  if (overlaps > 0 && options.onOverlap === 'refuse') return { kind: 'merged', bytes: undefined, overlaps };
  const eol = endingOf(mine) ?? endingOf(from) ?? '\n';
  const text = regions
    .flatMap((region) => (isOverlap(region) ? answered(region, options, eol) : region.lines))
    .join('');
  const exact = ending === '\r\n' ? text.replaceAll('\n', ending) : text;
  const units = Buffer.from(exact, encoding === 'bytes' ? 'latin1' : 'utf16le');
  return { kind: 'merged', bytes: encoding === 'utf16be' ? units.swap16() : units, overlaps };
}

interface Units {
  /** One character for each byte, or for each two of UTF-16; nothing is lost, whatever they are. */
  readonly text: string;
  readonly encoding: 'bytes' | 'utf16le' | 'utf16be';
}

/** Undefined for what is no text. */
function textOf(bytes: Uint8Array): Units | undefined {
  const buffer = Buffer.from(bytes);
  const decoded = decode(buffer);
  if (!decoded) return undefined;
  if (!decoded.encoding.startsWith('utf16')) return { text: buffer.toString('latin1'), encoding: 'bytes' };
  if (buffer.length % 2 !== 0) return undefined;
  const isBig = decoded.encoding.startsWith('utf16be');
  return { text: (isBig ? buffer.swap16() : buffer).toString('utf16le'), encoding: isBig ? 'utf16be' : 'utf16le' };
}

/** The line ending of the result where one side changed that of the whole file; undefined: each line keeps its own. */
function mergedEnding(sides: readonly (Units | undefined)[]): '\n' | '\r\n' | undefined {
  const endings = sides.map((side) => side && lineEndingOf(side.text));
  const [base, ours, theirs] = endings;
  const isUniform = endings.every((ending) => ending === 'LF' || ending === 'CRLF');
  if (!isUniform || (base === ours && base === theirs)) return undefined;
  return (base === theirs ? ours : theirs) === 'LF' ? '\n' : '\r\n';
}

function answered({ ours, theirs }: Overlap, { onOverlap, labels }: MergeOptions, eol: string): readonly string[] {
  if (onOverlap === 'ours') return ours;
  if (onOverlap === 'theirs') return theirs;
  const mark = (sign: string, label?: string): string =>
    `${sign.repeat(7)}${label === undefined ? '' : ` ${label}`}${eol}`;
  return [mark('<', labels.ours), ...ended(ours, eol), mark('='), ...ended(theirs, eol), mark('>', labels.theirs)];
}

/** The same lines; the last one with an ending, since a marker follows. */
function ended(lines: readonly string[], eol: string): readonly string[] {
  const last = lines.at(-1);
  return last === undefined || last.endsWith('\n') ? lines : [...lines.slice(0, -1), last + eol];
}

function endingOf([first]: readonly string[]): string | undefined {
  if (first?.endsWith('\r\n') === true) return '\r\n';
  return first?.endsWith('\n') === true ? '\n' : undefined;
}

function isOverlap(region: Region): region is Overlap {
  return 'ours' in region;
}

/** A change of one side, with the base lines that it may concern instead, where equal lines leave that open. */
interface SideChange extends LineChange {
  readonly side: 'ours' | 'theirs';
  readonly reach: Range;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function mergeLines(base: readonly string[], ours: readonly string[], theirs: readonly string[]): readonly Region[] {
  const regions: Region[] = [];
  const changes = [...changesTo('ours', base, ours), ...changesTo('theirs', base, theirs)];
  let at = 0;
  let [ahead, others] = [0, 0];
  for (const group of grouped(changes)) {
    regions.push({ lines: base.slice(at, group.start) });
    const mine = sideOf(group, 'ours', ahead);
    const other = sideOf(group, 'theirs', others);
    const [ownLines, otherLines] = [ours.slice(mine.start, mine.end), theirs.slice(other.start, other.end)];
    const isOwn = group.changes.every(({ side }) => side === 'ours');
    const isOther = group.changes.every(({ side }) => side === 'theirs');
    if (isOwn || (!isOther && isSame(ownLines, otherLines))) regions.push({ lines: ownLines });
    else if (isOther) regions.push({ lines: otherLines });
    else regions.push({ ours: ownLines, theirs: otherLines });
    at = group.end;
    ahead = mine.end - group.end;
    others = other.end - group.end;
  }
  regions.push({ lines: base.slice(at) });
  return regions;
}

interface Group extends Range {
  readonly changes: readonly SideChange[];
}

/** Joins the changes of both sides that overlap or touch, in the order of the base. */
function grouped(changes: readonly SideChange[]): Group[] {
  const groups: { start: number; end: number; changes: SideChange[] }[] = [];
  const sorted = widened(changes).sort((a, b) => a.start - b.start || a.end - b.end);
  for (const { change, start, end } of sorted) {
    const last = groups.at(-1);
    if (last && start <= last.end && last.changes.some(({ side }) => side !== change.side || start < last.end)) {
      last.changes.push(change);
      last.end = Math.max(last.end, end);
    } else groups.push({ start, end, changes: [change] });
  }
  return groups;
}

/** Each change with its base lines: all that it may concern, if the other side changed one of these. */
function widened(changes: readonly SideChange[]): { change: SideChange; start: number; end: number }[] {
  const others = {
    ours: changes.filter(({ side }) => side === 'theirs'),
    theirs: changes.filter(({ side }) => side === 'ours'),
  };
  return changes.map((change) => {
    const { side, oldStart, oldEnd, reach } = change;
    const isMovable = reach.start < oldStart || reach.end > oldEnd;
    // Few changes can be moved, so that few are compared with all of the other side.
    const isOpen = isMovable && others[side].some((other) => isWithin(other, reach) && !isEqualChange(other, change));
    return isOpen ? { change, ...reach } : { change, start: oldStart, end: oldEnd };
  });
}

/** A change that only touches the bounds leaves the result the same, whichever lines are meant. */
function isWithin({ oldStart, oldEnd }: LineChange, { start, end }: Range): boolean {
  if (start === end) return false;
  return oldStart === oldEnd ? oldStart > start && oldStart < end : oldStart < end && oldEnd > start;
}

function isEqualChange(a: LineChange, b: LineChange): boolean {
  return a.oldStart === b.oldStart && a.oldEnd === b.oldEnd;
}

/** The lines of one side that take the place of a group's base lines; `ahead`: its lines before them, without the base's. */
function sideOf({ start, end, changes }: Group, side: SideChange['side'], ahead: number): Range {
  const own = changes.filter((change) => change.side === side);
  const growth = own.reduce(
    (sum, { oldStart, oldEnd, newStart, newEnd }) => sum + newEnd - newStart - (oldEnd - oldStart),
    0,
  );
  return { start: start + ahead, end: end + ahead + growth };
}

function changesTo(side: SideChange['side'], base: readonly string[], lines: readonly string[]): SideChange[] {
  const changes = diffLines(base, lines);
  return changes.map((change, index) => ({
    ...change,
    side,
    reach: reachOf(change, {
      base,
      lines,
      before: change.oldStart - (changes[index - 1]?.oldEnd ?? 0),
      after: (changes[index + 1]?.oldStart ?? base.length) - change.oldEnd,
    }),
  }));
}

/** The base lines among which a pure insertion or deletion can be moved and give the same lines. */
function reachOf(
  { oldStart, oldEnd, newStart, newEnd }: LineChange,
  gap: {
    readonly base: readonly string[];
    readonly lines: readonly string[];
    readonly before: number;
    readonly after: number;
  },
): Range {
  const isInsertion = oldStart === oldEnd;
  if (!isInsertion && newStart !== newEnd) return { start: oldStart, end: oldEnd };
  const [lines, start, end] = isInsertion ? [gap.lines, newStart, newEnd] : [gap.base, oldStart, oldEnd];
  let [up, down] = [0, 0];
  while (up < gap.before && lines[start - 1 - up] === lines[end - 1 - up]) up++;
  while (down < gap.after && lines[start + down] === lines[end + down]) down++;
  return { start: oldStart - up, end: oldEnd + down };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
