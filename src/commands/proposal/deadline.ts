import type { Clock } from '../../base/clock';

/** The end of work that must not go on for long, whether its time is up or a person cancels it. */
export class Deadline {
  private readonly end: Promise<undefined>;
  private resolve: () => void = () => undefined;
  private readonly cancelTimer: () => void;
  private hasEnded = false;

  constructor(clock: Pick<Clock, 'after'>, ms: number) {
    this.end = new Promise((resolve) => (this.resolve = () => resolve(undefined)));
    this.cancelTimer = clock.after(ms, () => this.finish());
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  /** Ends the work now. */
  finish(): void {
    this.hasEnded = true;
    this.cancelTimer();
    this.resolve();
  }

  /** Waits no longer than until the end, since a network drive may never answer. Undefined: it did not in time. */
  async race<T>(work: Promise<T>): Promise<T | undefined> {
    // What comes too late may still fail.
    work.catch(() => undefined);
    return this.hasEnded ? undefined : Promise.race([work, this.end]);
  }
}
