import type { RowList } from '../rowList';

/** A point, or a distance, on the screen in px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Px scrolled per frame for each px that the pointer is outside, and their maximum. */
const scrollRate = 0.25;
const maxScroll = 80;

/** Follows the pointer until its button is released, and scrolls while the pointer is outside the text. */
export class Drag {
  private readonly ended = new AbortController();
  private pointer: Point;
  private outside: Point = { x: 0, y: 0 };
  private frame = 0;

  /** `moveTo` returns how far outside the text the pointer is: negative for left and above. */
  constructor(
    start: MouseEvent,
    private readonly list: RowList,
    private readonly moveTo: (pointer: Point) => Point,
  ) {
    const { signal } = this.ended;
    this.pointer = { x: start.clientX, y: start.clientY };
    window.addEventListener('mousemove', (event) => this.moved(event), { signal });
    window.addEventListener('mouseup', ({ button }) => button === 0 && this.end(), { signal });
    list.element.addEventListener('scroll', () => this.follow(), { signal });
  }

  end(): void {
    this.ended.abort();
    window.cancelAnimationFrame(this.frame);
  }

  private moved({ buttons, clientX, clientY }: MouseEvent): void {
    // A button released outside the window is only noticed when the pointer is back.
    if ((buttons & 1) === 0) {
      this.end();
      return;
    }
    this.pointer = { x: clientX, y: clientY };
    this.follow();
  }

  private follow(): void {
    this.outside = this.moveTo(this.pointer);
    window.cancelAnimationFrame(this.frame);
    if (this.outside.x !== 0 || this.outside.y !== 0) this.frame = window.requestAnimationFrame(() => this.scroll());
  }

  private scroll(): void {
    this.list.scrollBy(scrollStep(this.outside.x), scrollStep(this.outside.y));
    this.follow();
  }
}

function scrollStep(distance: number): number {
  return Math.sign(distance) * Math.min(maxScroll, Math.ceil(Math.abs(distance) * scrollRate));
}
