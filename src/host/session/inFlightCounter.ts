/** Paths that the engine was given and has not dealt with yet. */
export class InFlightCounter {
  private given = 0;
  /** Of these, how many versions were told of: of thousands that are given at once, nobody wants to wait for the last. */
  private told = 0;

  get count(): number {
    return Math.max(0, this.given - this.told);
  }

  /** Counts paths as long as `run` has them. */
  async during<T>(count: number, run: () => Promise<T>): Promise<T> {
    this.given += count;
    try {
      return await run();
    } finally {
      this.given -= count;
      this.told = Math.max(0, this.told - count);
    }
  }

  /** Versions became durable. */
  recorded(count: number): void {
    if (this.given > 0) this.told += count;
  }
}
