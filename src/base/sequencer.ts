/** Runs one task at a time, in the order of the calls. */
export class Sequencer {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every task so far is settled. */
  async settled(): Promise<void> {
    await this.last;
  }
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** The most items of one group. */
const maxGroup = 1_000;

/**
 * Runs one commit at a time. Items that arrive meanwhile share the next commit. A commit that rejects rejects its whole
 * group; the next group is still tried.
 */
export class GroupCommit<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private running: Promise<void> | undefined;

  /** `commit` returns a result for each item, in the same order. */
  constructor(private readonly commit: (items: readonly T[]) => Promise<readonly R[]>) {}

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when everything added so far is settled. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // Everything that is added in the same turn shares the first commit.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.runGroup(this.waiting.splice(0, maxGroup));
    this.running = undefined;
  }

  private async runGroup(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.commit(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
