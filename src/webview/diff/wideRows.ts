import type { ComparedTexts } from './comparedTexts';
import type { Rows } from './rowModel';
import type { TextRange } from './words/segments';

export type StepDirection = 'next' | 'previous';

/** The most lines of a change whose words are compared to find the next row to go to. */
const maxComparedLines = 200;

/** The nearest range that a view from 0 to `width` does not show, in a direction; undefined if there is none. */
export function unseenRange<T extends TextRange>(
  ranges: readonly T[],
  width: number,
  direction: StepDirection,
): T | undefined {
  const isNext = direction === 'next';
  const unseen = ranges.filter(({ start, end }) => (isNext ? start > 0 && end > width : start < 0));
  return unseen.sort((a, b) => a.start - b.start).at(isNext ? 0 : -1);
}

/** The next row of the same change in which words changed behind column `columns`. */
export function nextWideRow(texts: ComparedTexts, rows: Rows, from: number, columns: number): number | undefined {
  const change = rows.changeAt(from);
  if (change === undefined) return undefined;
  const { end } = rows.rowsOfChange(change);
  for (let at = from + 1, compared = 0; at < end && compared < maxComparedLines; at++) {
    const row = rows.at(at);
    if (row?.kind !== 'change') continue;
    for (const side of ['old', 'new'] as const) {
      const line = row[side];
      const text = texts.side(side);
      if (line === undefined || text.end(line) - text.start(line) <= columns) continue;
      compared++;
      if (texts.marks.of(row, side)?.marks.some(({ start }) => start > columns) === true) return at;
    }
  }
  return undefined;
}
