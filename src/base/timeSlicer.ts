/** Yields to other work of this thread. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Splits long work into slices, between which it yields to other work of this thread. */
export class TimeSlicer {
  private until = performance.now() + sliceMs;

  /** When `stop` is aborted, the next pause rejects. */
  constructor(private readonly stop?: AbortSignal) {}

  get isOver(): boolean {
    return performance.now() >= this.until;
  }

  async pause(): Promise<void> {
    this.stop?.throwIfAborted();
    if (!this.isOver) return;
    await breathe();
    this.until = performance.now() + sliceMs;
  }
}

const sliceMs = 8;
