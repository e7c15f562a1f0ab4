import { rangeInLine } from './linePoints';
import type { LineText } from '../lineText';
import type { RowList } from '../rowList';
import type { Rows, SideName } from '../rowModel';
import { selectedPart, touchesLines, type SelectedPart } from './selection';
import type { TextRange } from '../words/segments';

/** The style sheet knows it by this name. */
const highlightName = 'selected-text';

/** What is selected, on which side, in which rows. */
export interface PaintedSelection {
  readonly side: SideName;
  readonly range: TextRange;
  readonly text: LineText;
  readonly rows: Rows;
}

/** A stretch of a line, in px from its left. */
interface Stretch {
  readonly left: number;
  readonly right: number;
}

/** Shows in the rows that are drawn what is selected: behind the text, because a highlight leaves tabs out. */
export class SelectionPainter {
  /** Gives selected text its own colour, which themes of high contrast have. Old browsers have no highlights. */
  private readonly highlight = 'highlights' in CSS ? new Highlight() : undefined;
  private readonly painted = new Map<HTMLElement, { readonly part: SelectedPart; readonly range: Range }>();

  constructor(private readonly list: RowList) {
    if (this.highlight) CSS.highlights.set(highlightName, this.highlight);
  }

  dispose(): void {
    if (this.highlight) CSS.highlights.delete(highlightName);
  }

  paint(selection: PaintedSelection): void {
    const wanted = new Map<HTMLElement, SelectedPart>();
    this.list.forEachShown((index, row) => markRow(index, row, selection, wanted));
    for (const [line, { part, range }] of this.painted) {
      const now = wanted.get(line);
      if (now && isSame(now, part)) wanted.delete(line);
      else this.clear(line, range);
    }
    for (const [line, { hasEnding }] of wanted) line.classList.toggle('ends-selected', hasEnding);
    // All is measured before anything is drawn, so that the browser lays out the page once.
    const drawn = [...wanted].map(([line, part]) => ({ line, part, ...measured(line, part) }));
    for (const { line, part, range, background } of drawn) {
      this.painted.set(line, { part, range });
      this.highlight?.add(range);
      line.style.background = background;
    }
  }

  private clear(line: HTMLElement, range: Range): void {
    this.painted.delete(line);
    this.highlight?.delete(range);
    line.classList.remove('ends-selected');
    line.style.background = '';
  }
}

/** Shows whether a fold is selected, or adds to `lines` what is selected of the line that a row shows. */
function markRow(
  index: number,
  row: HTMLElement,
  selection: PaintedSelection,
  lines: Map<HTMLElement, SelectedPart>,
): void {
  const { side, range, text, rows } = selection;
  const found = rows.at(index);
  const line = found?.[side];
  if (!found || line === undefined) return;
  const isSelected = touchesLines(range, text, line, line + (found.kind === 'fold' ? found.count : 1));
  if (found.kind === 'fold') row.classList.toggle('selected', isSelected);
  else if (isSelected) {
    const target = lineOfRow(row, side);
    if (target) lines.set(target, selectedPart(range, text, line));
  }
}

function isSame(a: SelectedPart, b: SelectedPart): boolean {
  return a.start === b.start && a.end === b.end && a.hasEnding === b.hasEnding;
}

/** A part of a line and the CSS background that shows it as selected. */
function measured(line: HTMLElement, part: SelectedPart): { readonly range: Range; readonly background: string } {
  const range = rangeInLine(line, part);
  return { range, background: range.collapsed ? '' : backgroundOf(line, range) };
}

function backgroundOf(line: HTMLElement, range: Range): string {
  const { left: origin } = line.getBoundingClientRect();
  const stretches = [...range.getClientRects()]
    .map(({ left, right }): Stretch => ({ left: left - origin, right: right - origin }))
    .sort((a, b) => a.left - b.left);
  const color = 'var(--vscode-editor-selectionBackground)';
  return joined(stretches)
    .map(({ left, right }) => `linear-gradient(${color}, ${color}) ${left}px 0 / ${right - left}px 100% no-repeat`)
    .join(', ');
}

/** Joins stretches that overlap or touch; they ascend. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const stretch of stretches) {
    const last = all.at(-1);
    if (last && stretch.left <= last.right + 0.5) {
      all[all.length - 1] = { left: last.left, right: Math.max(last.right, stretch.right) };
    } else all.push(stretch);
  }
  return all;
}

/** The element of the line that a row shows of a side: unified rows show one line for both sides or for one. */
export function lineOfRow(row: HTMLElement, side: SideName): HTMLElement | undefined {
  const half = side === 'old' ? '.half.left' : '.half.right';
  return row.querySelector<HTMLElement>(row.classList.contains('split') ? `${half} .line` : '.line') ?? undefined;
}
