/** Yields to other work of this thread. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Splits long work into slices, between which it yields to other work of this thread. */
export class TimeSlicer {
  private until: number;

  /** When `stop` is aborted, the next pause rejects. `now` is in ms. */
  constructor(
    private readonly stop?: AbortSignal,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.until = now() + sliceMs;
  }

  get isOver(): boolean {
    return this.now() >= this.until;
  }

  async pause(): Promise<void> {
    this.stop?.throwIfAborted();
    if (!this.isOver) return;
    await breathe();
    this.until = this.now() + sliceMs;
  }
}

const sliceMs = 8;
