import { rangeInLine } from './linePoints';
import type { LineText } from '../lineText';
import type { RowList } from '../rowList';
import type { Rows, SideName } from '../rowModel';
import { selectedPart, touchesLines } from './selection';
import type { TextRange } from '../words/segments';

/** The name in the style sheet. */
const highlightName = 'selected-text';

/** The selection, its side and its rows. */
export interface PaintedSelection {
  readonly side: SideName;
  readonly range: TextRange;
  readonly text: LineText;
  readonly rows: Rows;
}

/** Paints the selection in the rendered rows. */
export class SelectionPainter {
  /** Undefined in old browsers, which then only show selected line endings and folds. */
  private readonly highlight = 'highlights' in CSS ? new Highlight() : undefined;

  constructor(private readonly list: RowList) {
    if (this.highlight) CSS.highlights.set(highlightName, this.highlight);
  }

  dispose(): void {
    if (this.highlight) CSS.highlights.delete(highlightName);
  }

  paint(selection: PaintedSelection): void {
    this.highlight?.clear();
    this.list.forEachShown((index, element) => this.paintRow(index, element, selection));
  }

  private paintRow(index: number, element: HTMLElement, { side, range, text, rows }: PaintedSelection): void {
    const row = rows.at(index);
    if (row?.kind === 'fold') {
      element.classList.toggle('selected', touchesLines(range, text, row[side], row[side] + row.count));
      return;
    }
    for (const line of element.querySelectorAll('.line.ends-selected')) line.classList.remove('ends-selected');
    const line = row?.[side];
    const target = lineOfRow(element, side);
    if (line === undefined || !target || !touchesLines(range, text, line, line + 1)) return;
    const part = selectedPart(range, text, line);
    target.classList.toggle('ends-selected', part.hasEnding);
    if (part.start < part.end) this.highlight?.add(rangeInLine(target, part));
  }
}

/** The element of a side's line in a row: unified rows have one line for both sides or for one. */
export function lineOfRow(row: HTMLElement, side: SideName): HTMLElement | undefined {
  const half = side === 'old' ? '.half.left' : '.half.right';
  return row.querySelector<HTMLElement>(row.classList.contains('split') ? `${half} .line` : '.line') ?? undefined;
}
