import type { Layout, LinePlace } from '../protocol';
import type { ComparedTexts } from './comparedTexts';
import { element, withTestId } from '../dom';
import { shownByPart, RowElements } from './rowElement';
import { foldPartOf, movedRow } from './keys';
import { MarkSteps } from './markSteps';
import { Overview, overviewChanges } from './overview';
import { viewPlaceOf, type ViewPlace } from './place';
import { RowList } from './rowList';
import type { LineRange } from '../../model/lines';
import type { FoldPart, FoldRow, Row, Rows } from './rowModel';
import { diffStrings } from '../strings';
import { gutterColumns, type TextMetrics } from './textMetrics';
import { TextSelector } from './selection/textSelector';
import { nextWideRow, type StepDirection } from './wideRows';

export interface TextViewOptions {
  readonly layout: Layout;
  readonly metrics: TextMetrics;
  readonly formatCount: (count: number) => string;
  /** The place to show first; default: the first change. */
  readonly place?: ViewPlace;
  /** The current change or the rows changed. */
  readonly onDidChange: () => void;
  /** The scroll position or the selection changed. */
  readonly onDidMove: () => void;
  readonly announce: (words: string) => void;
}

const contextLines = 3;
/** Empty columns after the longest line. */
const endColumns = 4;

/** Two texts line by line. One row is active: keys act on it, and screen readers read it. */
export class TextView {
  readonly element: HTMLElement;
  private readonly list = new RowList({
    onDidScroll: () => this.scrolled(),
    onDidDraw: () => this.selector.paint(),
  });
  readonly selector: TextSelector;
  private readonly marks = new MarkSteps(this.list, () => endColumns * this.metrics.columnWidth);
  private readonly overview = new Overview();
  private readonly resizes = new ResizeObserver(() => this.drawOverview());
  private rows: Rows;
  private layout: Layout;
  private metrics: TextMetrics;
  private revealed: readonly LineRange[];
  private active: number | undefined;
  private isAllShown: boolean;

  constructor(
    private readonly texts: ComparedTexts,
    private readonly options: TextViewOptions,
  ) {
    this.layout = options.layout;
    this.metrics = options.metrics;
    this.revealed = options.place?.revealed ?? [];
    this.isAllShown = options.place?.showsAll ?? false;
    this.rows = this.makeRows();
    this.element = element('div', 'text-view', this.list.element, this.overview.element);
    this.selector = new TextSelector({
      texts,
      list: this.list,
      shown: () => ({ rows: this.rows, layout: this.layout, tabSize: this.metrics.tabSize }),
      ...(options.place?.selection && { selection: options.place.selection }),
      onDidSelect: (row) => this.selected(row),
      announce: options.announce,
    });
    this.setUpList();
  }

  dispose(): void {
    this.selector.dispose();
    this.list.dispose();
    this.resizes.disconnect();
  }

  /** Call it once the element is in the document. */
  start(): void {
    const { place } = this.options;
    this.draw();
    this.resizes.observe(this.list.element);
    if (place) {
      this.list.scrollTo(this.rowOf(place.top), place.top.offset);
      this.list.element.scrollLeft = place.left;
      if (place.active) this.setActive(this.rowOf(place.active));
    } else if (this.changeCount > 0) this.goTo(0);
  }

  focus(): void {
    this.list.element.focus({ preventScroll: true });
  }

  get changeCount(): number {
    return this.texts.changes.length;
  }

  /** The 0-based index of the change at the active row. */
  get currentChange(): number | undefined {
    return this.active === undefined ? undefined : this.rows.changeAt(this.active);
  }

  /** Whether no unchanged lines are folded. */
  get showsAll(): boolean {
    return this.isAllShown;
  }

  get place(): ViewPlace {
    const top = this.list.visible.start;
    const active = this.activePlace;
    return {
      top: { ...(viewPlaceOf(this.rows.at(top)) ?? { side: 'old', line: 0 }), offset: this.list.offsetOf(top) },
      left: this.list.element.scrollLeft,
      ...(active && { active }),
      revealed: this.revealed,
      showsAll: this.isAllShown,
      selection: this.selector.selection,
    };
  }

  /** Goes to the next words of the active row or its change that are not seen, else to another change; wraps around. */
  step(direction: StepDirection): void {
    if (this.active !== undefined && this.marks.step(this.active, direction)) return;
    const columns = this.list.view.width / this.metrics.columnWidth / (this.layout === 'unified' ? 1 : 2);
    const wide = direction === 'next' ? nextWideRow(this.texts, this.rows, this.active ?? -1, columns) : undefined;
    const change =
      direction === 'next' ? this.rows.changeAfter(this.active ?? -1) : this.rows.changeBefore(this.active ?? 0);
    if (wide !== undefined) this.goToRows(wide, wide + 1);
    else if (change !== undefined) {
      this.goTo(change);
      this.announceChange(change);
    }
  }

  setLayout(layout: Layout): void {
    if (layout !== this.layout) this.relayOut(() => (this.layout = layout));
  }

  setMetrics(metrics: TextMetrics): void {
    this.relayOut(() => (this.metrics = metrics));
  }

  /** Shows all unchanged lines, or folds them again. */
  toggleAll(): void {
    this.relayOut(() => {
      this.isAllShown = !this.isAllShown;
      this.revealed = [];
    });
  }

  private get activePlace(): LinePlace | undefined {
    return viewPlaceOf(this.activeRow);
  }

  private rowOf({ side, line }: LinePlace): number {
    return this.rows.rowOfLine(side, line);
  }

  private setUpList(): void {
    const list = withTestId(this.list.element, 'diff-rows');
    list.tabIndex = 0;
    list.setAttribute('role', 'grid');
    list.setAttribute('aria-readonly', 'true');
    list.addEventListener('keydown', (event) => this.pressed(event));
    list.addEventListener('dblclick', () => this.activeRow?.kind === 'fold' && this.unfold(this.activeRow, 'all'));
    this.element.style.setProperty('--digits', String(this.texts.digits));
  }

  private makeRows(): Rows {
    const context = this.isAllShown ? Infinity : contextLines;
    return this.texts.rows({ layout: this.layout, context, revealed: this.revealed });
  }

  /** Changes the layout of rows and keeps a line at its position on the screen; by default the topmost. */
  private relayOut(change: () => void, fixed?: { readonly line: LinePlace; readonly offset: number }): void {
    const { activePlace } = this;
    const { top } = this.place;
    change();
    this.rows = this.makeRows();
    this.active = activePlace && this.rowOf(activePlace);
    this.draw();
    this.list.scrollTo(this.rowOf(fixed?.line ?? top), fixed?.offset ?? top.offset);
    this.options.onDidChange();
  }

  private draw(): void {
    const { texts, layout, metrics, options } = this;
    const elements = new RowElements(texts, layout, options.formatCount, (row, part) => this.unfold(row, part));
    this.element.style.setProperty('--row-height', `${metrics.rowHeight}px`);
    this.element.style.setProperty('--tab-size', String(metrics.tabSize));
    this.list.element.setAttribute('aria-label', diffStrings.rows(layout));
    this.list.element.setAttribute('aria-rowcount', String(this.rows.count));
    const columns = texts.widestColumns(metrics.tabSize) + gutterColumns(layout, texts.digits) + endColumns;
    this.list.show({
      count: this.rows.count,
      rowHeight: metrics.rowHeight,
      render: (index) => this.rowElement(elements, index),
      overflow: (width) => columns * metrics.columnWidth - (layout === 'unified' ? width : width / 2),
    });
    this.drawOverview();
    this.pointToActive();
  }

  private rowElement(elements: RowElements, index: number): HTMLElement {
    const row = this.rows.at(index);
    if (!row) throw new RangeError(`There is no row ${index} of ${this.rows.count}.`);
    const created = elements.create(row);
    created.id = `row-${index}`;
    created.setAttribute('aria-rowindex', String(index + 1));
    this.markPlace(index, created);
    return created;
  }

  /** Highlights a row if it is active or part of the current change. */
  private markPlace(index: number, row: HTMLElement): void {
    const change = this.rows.changeAt(index);
    row.classList.toggle('active', index === this.active);
    row.classList.toggle('current', change !== undefined && change === this.currentChange);
  }

  private drawOverview(): void {
    const { offsetWidth, clientWidth, clientHeight } = this.list.element;
    // If the rows do not fill the view, their marks are right beside them.
    const height = Math.min(clientHeight, this.rows.count * this.metrics.rowHeight);
    this.overview.show(overviewChanges(this.texts, this.rows), this.rows.count, height, offsetWidth - clientWidth);
  }

  private scrolled(): void {
    this.pointToActive();
    this.options.onDidMove();
  }

  private goTo(change: number): void {
    const { start, end } = this.rows.rowsOfChange(change);
    this.goToRows(start, end);
  }

  private goToRows(start: number, end: number): void {
    this.list.revealInMiddle(start, end);
    this.moveTo(start);
    this.marks.reveal(start);
  }

  private announceChange(index: number): void {
    const change = this.texts.changes[index];
    if (change) this.options.announce(diffStrings.changeAnnouncement(change, index + 1, this.changeCount));
  }

  /** Makes a row active; the next selection starts there. */
  private moveTo(index: number): void {
    this.selector.moveTo(index);
    this.setActive(index);
  }

  private setActive(index: number): void {
    this.active = index;
    this.list.forEachShown((shown, row) => this.markPlace(shown, row));
    this.pointToActive();
    this.options.onDidChange();
  }

  private pointToActive(): void {
    const row = this.active === undefined ? undefined : this.list.elementOf(this.active);
    if (row) this.list.element.setAttribute('aria-activedescendant', row.id);
    else this.list.element.removeAttribute('aria-activedescendant');
  }

  private pressed(event: KeyboardEvent): void {
    const row = this.activeRow;
    const part = row?.kind === 'fold' ? foldPartOf(event) : undefined;
    const { visible } = this.list;
    const target = movedRow(event, this.active ?? visible.start - 1, visible, this.rows.count);
    if (row?.kind === 'fold' && part) this.unfold(row, part);
    else if (target !== undefined) {
      this.list.reveal(target);
      this.moveTo(target);
    } else if (!this.selector.handleKey(event, this.active ?? visible.start)) return;
    event.preventDefault();
  }

  private get activeRow(): Row | undefined {
    return this.active === undefined ? undefined : this.rows.at(this.active);
  }

  private selected(row: number): void {
    if (row !== this.active) this.setActive(row);
    this.options.onDidMove();
  }

  private unfold(row: FoldRow, part: FoldPart): void {
    const shown = shownByPart(row, part);
    // Lines revealed at the end push the fold up and leave the text below in place.
    const line = part === 'last' ? shown.end : row.old;
    const offset = this.list.offsetOf(this.rows.rowOfLine('old', line));
    this.relayOut(() => (this.revealed = [...this.revealed, shown]), { line: { side: 'old', line }, offset });
    this.options.announce(diffStrings.revealed(shown.end - shown.start));
  }
}
