/** Lets one piece of work run at a time, in the order in which they came. */
export class Sequencer {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all that was asked for so far is settled. */
  async settled(): Promise<void> {
    await this.last;
  }
}
