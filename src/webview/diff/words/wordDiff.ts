import { diffArrays, type ArrayChange } from 'diff';
import { diffLines } from '../../../diff/lineDiff';
import type { TextRange } from './segments';
import type { Eol, LineText } from '../lineText';
import type { ChangeRow, SameRow, SideName } from '../rowModel';

/** The removed ranges of the old form of a line and the added ranges of the new one; ascending, not adjacent. */
export interface WordMarks {
  readonly old: readonly TextRange[];
  readonly new: readonly TextRange[];
}

/** A longer differing part of a line is compared piece by piece. */
const maxLength = 10_000;
/** So is a part with more removed and added words. */
const maxEdits = 400;
/** The most characters of differing pieces of a line that are compared by words; others are marked as a whole. */
const maxCompared = 200_000;
/** With more marks in a line, those next to each other are joined. */
const maxMarks = 1000;
/** Lines that share less of their visible text get no marks: they changed as a whole. */
const minShared = 0.3;
/** Marks at most this far apart, without a word between them, are joined. */
const maxGap = 2;
/** How far the other end of a word is searched. */
const maxWord = 200;

const unspaced = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
const word = /[\p{L}\p{M}\p{N}_]/u;
/** A character of a script without spaces, a word or number, a run of blanks, or any other character. */
const token = new RegExp(`${unspaced}\\p{M}*|(?:(?!${unspaced})[\\p{L}\\p{N}_]\\p{M}*)+|\\s+|[^]\\p{M}*`, 'gu');
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Compares two forms of a line word by word. Marks do not split visible characters. There are none if the lines have
 * little in common.
 */
export function wordDiff(before: string, after: string): WordMarks {
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const oldPart = before.slice(start, before.length - end);
  const newPart = after.slice(start, after.length - end);
  const edits = compareParts(oldPart, newPart, { characters: maxCompared });
  const shared = visibleLength(before) - visibleLength(edits.old.map((range) => textIn(oldPart, range)).join(''));
  if (shared < minShared * Math.max(visibleLength(before), visibleLength(after))) return { old: [], new: [] };
  return { old: tidy(before, edits.old, start), new: tidy(after, edits.new, start) };
}

/** The length of the common start, without a partial word. */
function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  const least = Math.max(0, length - maxWord);
  while (length > least && isInWord(a[length - 1])) length--;
  return length;
}

/** The length of the common end after `start`, without a partial word. */
function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let length = 0;
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  const least = Math.max(0, length - maxWord);
  while (length > least && isInWord(a[a.length - length])) length--;
  return length;
}

/** Half a surrogate pair counts as a letter, because it may be part of one. */
function isInWord(unit: string | undefined): boolean {
  return unit !== undefined && (word.test(unit) || /[\ud800-\udfff]/.test(unit));
}

/**
 * Ends of pieces, from large pieces to small ones: statements; phrases; then frequent letters, so that pieces in the
 * middle of a long word are the same again soon after a change.
 */
const pieceEnds = [';{}', '\\s,()<>=&|+*/"\'\\[\\]。、，', 'aeiorst05AEMQZ的一是了不在の'].map(
  (ends) => new RegExp(`[^${ends}]*[${ends}]+|[^${ends}]+$`, 'gu'),
);

interface WordBudget {
  characters: number;
}

function compareParts(before: string, after: string, budget: WordBudget, level = 0): WordMarks {
  const isShort = before.length <= maxLength && after.length <= maxLength;
  const isAffordable = budget.characters >= before.length + after.length;
  if (isShort && isAffordable) budget.characters -= before.length + after.length;
  const pieces = isShort && isAffordable && diffArrays(tokensOf(before), tokensOf(after), { maxEditLength: maxEdits });
  if (pieces) return marksOf(pieces);
  const ends = before === '' || after === '' ? undefined : pieceEnds[level];
  if (!ends) return { old: wholeOf(before), new: wholeOf(after) };
  return comparePieces(before.match(ends) ?? [], after.match(ends) ?? [], budget, level);
}

function wholeOf({ length }: string): TextRange[] {
  return length === 0 ? [] : [{ start: 0, end: length }];
}

/** Compares the pieces like lines, and those that differ in more detail. */
function comparePieces(before: readonly string[], after: readonly string[], budget: WordBudget, level: number) {
  const marks = { old: [] as TextRange[], new: [] as TextRange[] };
  let [oldPiece, newPiece, oldAt, newAt] = [0, 0, 0, 0];
  for (const { oldStart, oldEnd, newStart, newEnd } of diffLines(before, after)) {
    oldAt += lengthOf(before, oldPiece, oldStart);
    newAt += lengthOf(after, newPiece, newStart);
    const [oldText, newText] = [before.slice(oldStart, oldEnd).join(''), after.slice(newStart, newEnd).join('')];
    const inner = compareParts(oldText, newText, budget, level + 1);
    for (const { start, end } of inner.old) marks.old.push({ start: oldAt + start, end: oldAt + end });
    for (const { start, end } of inner.new) marks.new.push({ start: newAt + start, end: newAt + end });
    [oldPiece, newPiece, oldAt, newAt] = [oldEnd, newEnd, oldAt + oldText.length, newAt + newText.length];
  }
  return marks;
}

function lengthOf(pieces: readonly string[], start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) length += pieces[at]?.length ?? 0;
  return length;
}

function marksOf(pieces: readonly ArrayChange<string>[]): WordMarks {
  const marks = { old: [] as TextRange[], new: [] as TextRange[] };
  let [oldAt, newAt] = [0, 0];
  for (const { value, added, removed } of pieces) {
    const { length } = value.join('');
    if (removed) marks.old.push({ start: oldAt, end: oldAt + length });
    if (added) marks.new.push({ start: newAt, end: newAt + length });
    if (!added) oldAt += length;
    if (!removed) newAt += length;
  }
  return marks;
}

function tokensOf(text: string): string[] {
  return text.match(token) ?? [];
}

function visibleLength(text: string): number {
  return text.replace(/\s+/g, '').length;
}

function textIn(text: string, { start, end }: TextRange): string {
  return text.slice(start, end);
}

/** Shifts ranges by `offset`, widens them to whole characters, and joins them over small gaps. */
function tidy(line: string, ranges: readonly TextRange[], offset: number): readonly TextRange[] {
  const characters = /[\u0080-\uffff]/.test(line) ? graphemes.segment(line) : undefined;
  const marks: TextRange[] = [];
  for (const range of ranges) {
    const mark = wholeCharacters({ start: range.start + offset, end: range.end + offset }, characters);
    const last = marks.at(-1);
    if (last && isSmallGap(line.slice(last.end, mark.start))) marks[marks.length - 1] = { ...last, end: mark.end };
    else if (mark.start < mark.end) marks.push(mark);
  }
  return atMost(maxMarks, marks);
}

/** Joins neighbouring marks in pairs, those over small gaps first, until there are few enough. */
function atMost(count: number, marks: readonly TextRange[]): readonly TextRange[] {
  let few = marks;
  for (let gap = 2 * maxGap; few.length > count; gap *= 2) {
    const joined: TextRange[] = [];
    let isPair = true;
    for (const mark of few) {
      const last = joined.at(-1);
      isPair = !isPair && last !== undefined && mark.start - last.end <= gap;
      if (isPair && last) joined[joined.length - 1] = { ...last, end: mark.end };
      else joined.push(mark);
    }
    few = joined;
  }
  return few;
}

function isSmallGap(gap: string): boolean {
  return gap.trim() === '' || (gap.length <= maxGap && !word.test(gap));
}

function wholeCharacters({ start, end }: TextRange, characters: Intl.Segments | undefined): TextRange {
  if (!characters || start === end) return { start, end };
  const first = characters.containing(start);
  const last = characters.containing(end - 1);
  return { start: first?.index ?? start, end: last ? last.index + last.segment.length : end };
}

/** The marks in a line of a change. */
export interface LineMarks {
  readonly marks: readonly TextRange[];
  /** The line ending to show, if it changed. */
  readonly eol?: Eol;
  /** The line has no similar line on the other side. */
  readonly isWhole: boolean;
}

interface PairMarks {
  readonly old: readonly TextRange[];
  readonly new: readonly TextRange[];
}

const maxCachedPairs = 2000;
const none: PairMarks = { old: [], new: [] };

/** Compares changed lines word by word when they are shown. */
export class MarkFinder {
  private readonly cache = new Map<string, PairMarks>();

  constructor(
    private readonly left: LineText,
    private readonly right: LineText,
  ) {}

  /** The marks of a row's line on one side; undefined if there is no line. */
  of(row: ChangeRow, side: SideName): LineMarks | undefined {
    const line = row[side];
    if (line === undefined) return undefined;
    const mate = side === 'old' ? row.oldMate : row.newMate;
    const [own, other] = side === 'old' ? [this.left, this.right] : [this.right, this.left];
    const eol = own.eol(line);
    if (mate === undefined) {
      const isOdd = eol !== own.commonEol;
      return { marks: [], isWhole: true, ...(isOdd && { eol }) };
    }
    const pair = side === 'old' ? this.pair(line, mate) : this.pair(mate, line);
    const isWhole = pair.old.length + pair.new.length === 0 && own.line(line) !== other.line(mate);
    return { marks: pair[side], isWhole, ...(eol !== other.eol(mate) && { eol }) };
  }

  /**
   * The ending of an unchanged line to show on one side: if it differs from the other side's, unless both are the
   * endings of most lines.
   */
  ofUnchanged(row: SameRow, side: SideName): Eol | undefined {
    const [old, now] = [this.left.eol(row.old), this.right.eol(row.new)];
    if (old === now || (old === this.left.commonEol && now === this.right.commonEol)) return undefined;
    return side === 'old' ? old : now;
  }

  private pair(oldLine: number, newLine: number): PairMarks {
    const key = `${oldLine}:${newLine}`;
    let found = this.cache.get(key);
    if (!found) {
      if (this.cache.size === maxCachedPairs) this.cache.clear();
      const [before, after] = [this.left.line(oldLine), this.right.line(newLine)];
      found = before === after ? none : wordDiff(before, after);
      this.cache.set(key, found);
    }
    return found;
  }
}
