import type { ComparedTexts } from '../comparedTexts';
import type { LineText } from '../lineText';
import type { Rows, SideName } from '../rowModel';
import type { TextRange } from '../words/segments';

/**
 * Selected text of one side. Both ends are offsets in the text of that side, so that a selection does not depend on
 * which rows are folded or drawn.
 */
export interface TextSelection {
  readonly side: SideName;
  readonly anchor: number;
  /** The end that moves. */
  readonly focus: number;
}

/** A place in the rows. */
export interface RowPoint {
  readonly row: number;
  /** UTF-16 units from the start of the row's line. In a fold: 0 is before its lines, anything else after them. */
  readonly character: number;
}

/** What a selection contains of a line. */
export interface SelectedPart extends TextRange {
  /** The ending of the line is selected too. */
  readonly hasEnding: boolean;
}

/** Where a place is in the text of a side. A row without a line of that side is where its next line begins. */
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

/** What a range of a text contains of one of its lines. */
export function selectedPart({ start, end }: TextRange, text: LineText, line: number): SelectedPart {
  const [lineStart, lineEnd] = [text.start(line), text.end(line)];
  const clamp = (offset: number): number => Math.max(lineStart, Math.min(offset, lineEnd)) - lineStart;
  const hasEnding = start <= lineEnd && end > lineEnd && lineEnd < text.start(line + 1);
  return { start: clamp(start), end: clamp(end), hasEnding };
}

/** Whether a range of a text contains something of these lines, half-open. */
export function touchesLines({ start, end }: TextRange, text: LineText, first: number, last: number): boolean {
  return start < end && start < text.start(last) && end > text.start(first);
}
