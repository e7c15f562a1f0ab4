import type { ComparedTexts } from '../comparedTexts';
import { type LineText, columnsOf, offsetAtColumn } from '../lineText';
import type { Rows, SideName } from '../rowModel';
import { type TextRange, isInsidePair } from '../words/segments';

/**
 * Selected text of one side. Both ends are offsets in the text of that side, so that a selection does not depend on
 * folded or rendered rows.
 */
export interface TextSelection {
  readonly side: SideName;
  readonly anchor: number;
  /** The end that moves. */
  readonly focus: number;
}

/** A position in the rows. */
export interface RowPoint {
  readonly row: number;
  /**
   * In UTF-16 units from the start of the row's line. In a fold: 0 is before its lines, any other value after them.
   */
  readonly character: number;
}

/** The part of a line that is selected. */
export interface SelectedPart extends TextRange {
  /** The ending of the line is selected too. */
  readonly hasEnding: boolean;
}

/**
 * The offset of a position in the text of a side. In a row without a line of that side, it is the start of the next
 * line.
 */
export function offsetOf({ row, character }: RowPoint, side: SideName, rows: Rows, text: LineText): number {
  const line = rows.lineAt(row, side);
  const found = rows.at(row);
  if (found?.kind === 'fold') return text.start(character > 0 ? line + found.count : line);
  return found?.[side] === undefined ? text.start(line) : Math.min(text.start(line) + character, text.end(line));
}

export function rangeOf({ anchor, focus }: TextSelection): TextRange {
  return { start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
}

/** The selected text with its own line endings; `''` when nothing is selected. */
export function selectedText(selection: TextSelection, texts: ComparedTexts): string {
  const { start, end } = rangeOf(selection);
  return texts.side(selection.side).text.slice(start, end);
}

/** The part of a line that is in a range of the text. */
export function selectedPart({ start, end }: TextRange, text: LineText, line: number): SelectedPart {
  const [lineStart, lineEnd] = [text.start(line), text.end(line)];
  const clamp = (offset: number): number => Math.max(lineStart, Math.min(offset, lineEnd)) - lineStart;
  const hasEnding = start <= lineEnd && end > lineEnd && lineEnd < text.start(line + 1);
  return { start: clamp(start), end: clamp(end), hasEnding };
}

/** Whether a range of a text contains a part of the lines `first` to `last`, half-open. */
export function touchesLines({ start, end }: TextRange, text: LineText, first: number, last: number): boolean {
  return start < end && start < text.start(last) && end > text.start(first);
}

/** How the moving end of a selection moves; `by` is negative for backwards. */
export interface CaretMove {
  readonly unit: 'character' | 'word' | 'lineEnd' | 'textEnd' | 'row';
  readonly by: number;
}

/** What a click selects, by the number of clicks. */
export const selectionUnits = ['character', 'word', 'line'] as const;
export type SelectionUnit = (typeof selectionUnits)[number];

/** How far the ends of a word are searched. */
const maxWord = 1000;
const runs = /[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]+/gu;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The empty range, the word, or the line with its ending at an offset. */
export function unitAt(text: LineText, offset: number, unit: SelectionUnit): TextRange {
  const line = text.lineAt(offset);
  switch (unit) {
    case 'character':
      return { start: offset, end: offset };
    case 'word': {
      const inLine = Math.min(offset, text.end(line)) - text.start(line);
      const content = text.line(line);
      const { start, end } = runAt(content, inLine < content.length ? inLine : inLine - 1);
      return { start: start + text.start(line), end: end + text.start(line) };
    }
    case 'line':
      return { start: text.start(line), end: text.start(line + 1) };
  }
}

/** The offset after a move that depends only on the text. */
export function movedInText(text: LineText, offset: number, { unit, by }: CaretMove): number {
  const line = text.lineAt(offset);
  const isForward = by > 0;
  switch (unit) {
    case 'textEnd':
      return isForward ? text.text.length : 0;
    case 'lineEnd':
      return isForward ? Math.max(offset, text.end(line)) : text.start(line);
    case 'character':
    case 'word': {
      if (isForward && offset >= text.end(line)) return text.start(line + 1);
      if (!isForward && offset > text.end(line)) return text.end(line);
      if (!isForward && offset === text.start(line)) return line === 0 ? 0 : text.end(line - 1);
      const content = text.line(line);
      const inLine = offset - text.start(line);
      return text.start(line) + (unit === 'word' ? movedByWord : movedByCharacter)(content, inLine, isForward);
    }
    case 'row':
      return offset;
  }
}

/** A move by rows. */
export interface RowMove {
  readonly side: SideName;
  readonly by: number;
  /** The column to keep. */
  readonly column: number;
  readonly tabSize: number;
}

/**
 * The offset after a move by rows of a side; folds are skipped. Where there is no further row, the start or end of the
 * text.
 */
export function movedByRows(rows: Rows, text: LineText, offset: number, move: RowMove): number {
  const { side, by, column, tabSize } = move;
  const step = Math.sign(by);
  let left = Math.abs(by);
  let line: number | undefined;
  for (let at = rows.rowOfLine(side, text.lineAt(offset)) + step; left > 0; at += step) {
    const row = rows.at(at);
    if (!row) break;
    if (row.kind === 'fold' || row[side] === undefined) continue;
    line = row[side];
    left--;
  }
  if (line === undefined) return by < 0 ? 0 : text.text.length;
  return text.start(line) + offsetAtColumn(text.line(line), column, tabSize);
}

/** The column of an offset. */
export function columnAt(text: LineText, offset: number, tabSize: number): number {
  const line = text.lineAt(offset);
  return columnsOf(text.line(line).slice(0, offset - text.start(line)), tabSize);
}

function movedByCharacter(content: string, at: number, isForward: boolean): number {
  const found = graphemes.segment(content).containing(isForward ? at : at - 1);
  if (!found) return at;
  return isForward ? found.index + found.segment.length : found.index;
}

/** To the end of the next word, or the start of the previous one. */
function movedByWord(content: string, at: number, isForward: boolean): number {
  const next = (from: number): TextRange => runAt(content, isForward ? from : from - 1);
  const isBlank = ({ start, end }: TextRange): boolean => content.slice(start, end).trim() === '';
  const far = ({ start, end }: TextRange): number => (isForward ? end : start);
  const first = next(at);
  const end = isForward ? content.length : 0;
  return isBlank(first) && far(first) !== end ? far(next(far(first))) : far(first);
}

/** The word, blanks or signs around the character at an index. */
function runAt(content: string, index: number): TextRange {
  const start = wholeIndex(content, Math.max(0, index - maxWord));
  for (const match of content.slice(start, wholeIndex(content, index + maxWord)).matchAll(runs)) {
    const end = start + match.index + match[0].length;
    if (end > index) return { start: start + match.index, end };
  }
  return { start: content.length, end: content.length };
}

/** The nearest index that is not inside a character. */
function wholeIndex(content: string, index: number): number {
  return isInsidePair(content, index) ? index - 1 : index;
}
