/** Lets whatever else waits in this thread go first. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Says when a stretch of work has lasted long enough to let others go first. */
export class TimeSlicer {
  private until = performance.now() + sliceMs;

  /** `stop`: ends the work instead. */
  constructor(private readonly stop?: AbortSignal) {}

  async pause(): Promise<void> {
    this.stop?.throwIfAborted();
    if (performance.now() < this.until) return;
    await breathe();
    this.until = performance.now() + sliceMs;
  }
}

const sliceMs = 8;
