/** Answers that are kept as long as nothing changes: whoever records a file asks for its head more than once. */
export class UntilChange<T> {
  private readonly answers = new Map<string, T>();
  private at = -1;

  /** `changes` counts what makes answers worthless. */
  constructor(private readonly changes: () => number) {}

  get(key: string, ask: () => T): T {
    const now = this.changes();
    if (now !== this.at || this.answers.size > maxAnswers) this.answers.clear();
    this.at = now;
    if (!this.answers.has(key)) this.answers.set(key, ask());
    return this.answers.get(key) as T;
  }
}

const maxAnswers = 1_000;
