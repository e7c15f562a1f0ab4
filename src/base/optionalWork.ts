import { errnoOf, ObbyError, stackOf } from './errors';

/**
 * The boundary around work that only adds information to a change: its cause, its line counts, what it is similar to.
 * If the work fails, only its result is missing. It is logged once for each kind of work and of failure, because the
 * next file would fail in the same way.
 */
export class OptionalWork {
  private readonly logged = new Set<string>();

  constructor(private readonly warn: (message: string) => void) {}

  /** The result of `work`; undefined when it throws. `what` names the kind of work in the log. */
  try<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.failed(what, error);
      return undefined;
    }
  }

  /** The same for asynchronous work. */
  async run<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.failed(what, error);
      return undefined;
    }
  }

  /** Logs a failure that was caught elsewhere. */
  failed(what: string, error: unknown): void {
    const key = `${what} ${kindOf(error)}`;
    if (this.logged.has(key)) return;
    this.logged.add(key);
    const reason = error instanceof ObbyError ? error.message : stackOf(error);
    this.warn(`Recording goes on without ${what}, which is logged once: ${reason}`);
  }
}

/** Groups failures, so that each kind is logged once and not once for every file. */
function kindOf(error: unknown): string {
  if (error instanceof ObbyError) return error.code;
  return errnoOf(error) ?? (error instanceof Error ? error.name : typeof error);
}
