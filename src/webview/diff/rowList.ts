import { element } from '../dom';

export interface RowSource {
  readonly count: number;
  /** The height of every row in px. */
  readonly rowHeight: number;
  /** How far rows extend beyond a view of this width, in px; 0 or less if they fit. */
  readonly overflow: (width: number) => number;
  /** Creates the element of a row; the list positions it, and removes it when it is out of view. */
  render(index: number): HTMLElement;
}

export interface RowListEvents {
  readonly onDidScroll: () => void;
  /** The elements of rows changed. */
  readonly onDidDraw: () => void;
}

/** Rows that are rendered above and below the view. */
const overscan = 12;
/** Rows are positioned relative to a base at most this many rows away, so that positions stay exact in any file. */
const rowsPerBase = 5_000;

/**
 * Renders only the visible rows of a list of any length. Scrolls natively in both directions over an empty spacer: a
 * stage that stays in view contains the rows, and sets the horizontal position as `--scroll-x`.
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

  /** Shows other rows, or renders the same ones again. */
  show(source: RowSource): void {
    this.source = source;
    this.drop();
    this.resized();
  }

  /** The element of a row, while it is rendered. */
  elementOf(index: number): HTMLElement | undefined {
    return this.shown.get(index);
  }

  forEachShown(visit: (index: number, row: HTMLElement) => void): void {
    for (const [index, row] of this.shown) visit(index, row);
  }

  /** The range of fully visible rows: half-open. */
  get visible(): { readonly start: number; readonly end: number } {
    const { scrollTop, clientHeight } = this.element;
    return {
      start: Math.ceil(scrollTop / this.source.rowHeight),
      end: Math.min(this.source.count, Math.floor((scrollTop + clientHeight) / this.source.rowHeight)),
    };
  }

  /** The distance of a row's top from the top of the view, in px. */
  offsetOf(index: number): number {
    return index * this.source.rowHeight - this.element.scrollTop;
  }

  /** The area of the screen that shows rows. */
  get view(): DOMRectReadOnly {
    const { left, top } = this.element.getBoundingClientRect();
    return new DOMRectReadOnly(left, top, this.element.clientWidth, this.element.clientHeight);
  }

  /** The distance of a point on the screen from the top of the first row, in rows with a fraction. */
  rowsAbove(y: number): number {
    return (y - this.view.top + this.element.scrollTop) / this.source.rowHeight;
  }

  /** Scrolls by px. */
  scrollBy(x: number, y: number): void {
    this.element.scrollLeft += x;
    this.element.scrollTop += y;
    this.update();
  }

  /** Scrolls so that a row's top is `offset` px below the top of the view. */
  scrollTo(index: number, offset: number): void {
    this.element.scrollTop = index * this.source.rowHeight - offset;
    this.update();
  }

  /** Scrolls as little as needed to show a row. */
  reveal(index: number): void {
    const { start, end } = this.visible;
    if (index < start) this.scrollTo(index, 0);
    else if (index >= end) this.scrollTo(index, this.element.clientHeight - this.source.rowHeight);
  }

  /** Scrolls rows to the middle of the view, unless they are visible already. */
  revealInMiddle(first: number, end: number): void {
    const { visible } = this;
    if (first >= visible.start && end <= visible.end) return;
    const room = this.element.clientHeight - (end - first) * this.source.rowHeight;
    this.scrollTo(first, Math.max(this.source.rowHeight * 3, room / 3));
  }

  /** Scrolls horizontally unless at least `least` px after an x coordinate are visible within an element. */
  revealSideways(left: number, within: Element, least: number): void {
    const seen = within.getBoundingClientRect();
    const isSeen = left >= seen.left && left <= seen.right - least;
    if (isSeen) return;
    this.element.scrollLeft += left - seen.left - seen.width / 3;
    // The scroll event comes later, perhaps after the next key.
    this.update();
  }

  private resized(): void {
    const { clientWidth, clientHeight } = this.element;
    this.spacer.style.height = `${this.source.count * this.source.rowHeight}px`;
    this.spacer.style.width = `${clientWidth + Math.max(0, Math.ceil(this.source.overflow(clientWidth)))}px`;
    // Showing or hiding the horizontal scroll bar changed the height.
    this.stage.style.height = `${Math.min(clientHeight, this.element.clientHeight)}px`;
    this.stage.style.width = `${clientWidth}px`;
    this.update();
  }

  private drop(): void {
    this.layer.replaceChildren();
    this.shown.clear();
  }

  /** Adds rows that became visible and removes the others. Scroll events call it, which may be late. */
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
    // In order, because screen readers read in this order.
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
