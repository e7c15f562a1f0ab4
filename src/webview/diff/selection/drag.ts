import type { RowList } from '../rowList';

/** A point, or a distance, on the screen in px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Px that are scrolled in a second for each px that the pointer is outside, and the most of them. */
const scrollRate = 15;
const maxScrollRate = 5000;
/** A frame that comes later scrolls no further. */
const maxFrameMs = 200;

/** Follows the pointer until its button is released, and scrolls while the pointer is outside the text. */
export class Drag {
  private readonly ended = new AbortController();
  private pointer: Point;
  private outside: Point = { x: 0, y: 0 };
  private frame = 0;

  /** `moveTo` says how far outside the text the pointer is: negative for left and above. */
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
    // A button that was released outside the window is not heard of until the pointer is back.
    if ((buttons & 1) === 0) {
      this.end();
      return;
    }
    this.pointer = { x: clientX, y: clientY };
    this.follow();
  }

  private follow(): void {
    this.outside = this.moveTo(this.pointer);
    if (this.frame !== 0 || (this.outside.x === 0 && this.outside.y === 0)) return;
    const startedAt = performance.now();
    this.frame = window.requestAnimationFrame((now) => this.scroll(Math.min(maxFrameMs, now - startedAt)));
  }

  private scroll(elapsedMs: number): void {
    this.frame = 0;
    this.list.scrollBy(scrolled(this.outside.x, elapsedMs), scrolled(this.outside.y, elapsedMs));
    this.follow();
  }
}

/** Px to scroll for a distance that the pointer is outside; at least one, or it would never begin. */
function scrolled(distance: number, elapsedMs: number): number {
  const rate = Math.min(maxScrollRate, Math.abs(distance) * scrollRate);
  return Math.sign(distance) * Math.ceil((rate * Math.max(0, elapsedMs)) / 1000);
}
