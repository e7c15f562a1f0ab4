import type { ComparedTexts } from '../comparedTexts';
import type { LineText } from '../lineText';
import type { Rows, SideName } from '../rowModel';
import type { TextRange } from '../words/segments';

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
