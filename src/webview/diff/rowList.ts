import { element } from '../dom';

export interface RowSource {
  readonly count: number;
  /** Of every row, in px. */
  readonly rowHeight: number;
  /** How far rows reach out of a view of this width, in px; at most 0 for not at all. */
  readonly overflow: (width: number) => number;
  /** Makes the element of a row; it is placed, and dropped once it is out of sight. */
  render(index: number): HTMLElement;
}

export interface RowListEvents {
  readonly onDidScroll: () => void;
  /** The elements of rows are others. */
  readonly onDidDraw: () => void;
}

/** Rows that are kept ready above and below what is seen. */
const overscan = 12;
/** Rows are placed from a base that is never further away than this, so that positions stay exact in any file. */
const rowsPerBase = 5_000;

/**
 * Shows the rows that are in sight, of any number. Scrolls natively in both directions over an empty spacer: a stage
 * that stays in view carries the rows, and passes the horizontal position on as `--scroll-x`.
 */
export class RowList {
  readonly element = element('div', 'scroller');
  private readonly spacer = element('div', 'spacer');
  private readonly stage = element('div', 'stage');
  private readonly layer = element('div', 'rows');
  private readonly shown = new Map<number, HTMLElement>();
  private readonly resizes = new ResizeObserver(() => this.resized());
  private source: RowSource = { count: 0, rowHeight: 20, overflow: () => 0, render: () => element('div', '') };
  private base = 0;

  constructor(private readonly events: RowListEvents) {
    this.element.append(this.spacer);
    this.spacer.append(this.stage);
    this.stage.append(this.layer);
    this.element.addEventListener('scroll', () => {
      this.update();
      this.events.onDidScroll();
    });
    this.resizes.observe(this.element);
  }

  dispose(): void {
    this.resizes.disconnect();
  }

  /** Shows other rows, or the same ones anew. */
  show(source: RowSource): void {
    this.source = source;
    this.drop();
    this.resized();
  }

  /** The element of a row, while it is in sight. */
  elementOf(index: number): HTMLElement | undefined {
    return this.shown.get(index);
  }

  forEachShown(visit: (index: number, row: HTMLElement) => void): void {
    for (const [index, row] of this.shown) visit(index, row);
  }

  /** Rows that are wholly in sight: half-open. */
  get visible(): { readonly start: number; readonly end: number } {
    const { scrollTop, clientHeight } = this.element;
    return {
      start: Math.ceil(scrollTop / this.source.rowHeight),
      end: Math.min(this.source.count, Math.floor((scrollTop + clientHeight) / this.source.rowHeight)),
    };
  }

  /** How far a row's top is below the top of the view, in px. */
  offsetOf(index: number): number {
    return index * this.source.rowHeight - this.element.scrollTop;
  }

  /** The part of the screen in which rows are seen. */
  get view(): DOMRectReadOnly {
    const { left, top } = this.element.getBoundingClientRect();
    return new DOMRectReadOnly(left, top, this.element.clientWidth, this.element.clientHeight);
  }

  /** How many rows a point of the screen is below the top of the first one, with its fraction of a row. */
  rowsAbove(y: number): number {
    return (y - this.view.top + this.element.scrollTop) / this.source.rowHeight;
  }

  /** Scrolls by px. */
  scrollBy(x: number, y: number): void {
    this.element.scrollLeft += x;
    this.element.scrollTop += y;
    this.update();
  }

  /** Scrolls so that a row's top is this far below the top of the view, in px. */
  scrollTo(index: number, offset: number): void {
    this.element.scrollTop = index * this.source.rowHeight - offset;
    this.update();
  }

  /** Scrolls as little as is needed to see a row. */
  reveal(index: number): void {
    const { start, end } = this.visible;
    if (index < start) this.scrollTo(index, 0);
    else if (index >= end) this.scrollTo(index, this.element.clientHeight - this.source.rowHeight);
  }

  /** Scrolls rows to where they can be read in their surroundings, unless they are in sight already. */
  revealInMiddle(first: number, end: number): void {
    const { visible } = this;
    if (first >= visible.start && end <= visible.end) return;
    const room = this.element.clientHeight - (end - first) * this.source.rowHeight;
    this.scrollTo(first, Math.max(this.source.rowHeight * 3, room / 3));
  }

  /** Scrolls sideways unless what begins at an x coordinate is to be seen within an element, at least so many px of it. */
  revealSideways(left: number, within: Element, least: number): void {
    const seen = within.getBoundingClientRect();
    const isSeen = left >= seen.left && left <= seen.right - least;
    if (!isSeen) this.element.scrollLeft += left - seen.left - seen.width / 3;
  }

  private resized(): void {
    const { clientWidth, clientHeight } = this.element;
    this.spacer.style.height = `${this.source.count * this.source.rowHeight}px`;
    this.spacer.style.width = `${clientWidth + Math.max(0, Math.ceil(this.source.overflow(clientWidth)))}px`;
    // A horizontal scroll bar that came or went has changed the height.
    this.stage.style.height = `${Math.min(clientHeight, this.element.clientHeight)}px`;
    this.stage.style.width = `${clientWidth}px`;
    this.update();
  }

  private drop(): void {
    this.layer.replaceChildren();
    this.shown.clear();
  }

  /** Adds the rows that came into sight and removes those that left it. A scroll event does it, which may be late. */
  update(): void {
    const { scrollTop, scrollLeft, clientHeight } = this.element;
    const { count, rowHeight } = this.source;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
    const end = Math.min(count, Math.ceil((scrollTop + clientHeight) / rowHeight) + overscan);
    this.moveBase(first - (first % rowsPerBase));
    for (const [index, row] of this.shown) {
      if (index >= first && index < end) continue;
      row.remove();
      this.shown.delete(index);
    }
    // In order, which is how screen readers read.
    let next = this.layer.firstChild;
    for (let index = first; index < end; index++) {
      const present = this.shown.get(index);
      if (present) next = present.nextSibling;
      else this.layer.insertBefore(this.place(index), next);
    }
    this.layer.style.transform = `translateY(${this.base * rowHeight - scrollTop}px)`;
    this.stage.style.setProperty('--scroll-x', `${-scrollLeft}px`);
    this.events.onDidDraw();
  }

  private moveBase(base: number): void {
    if (base === this.base) return;
    this.drop();
    this.base = base;
  }

  private place(index: number): HTMLElement {
    const row = this.source.render(index);
    row.style.top = `${(index - this.base) * this.source.rowHeight}px`;
    this.shown.set(index, row);
    return row;
  }
}
