import type { Clock } from '../../base/clock';
import { TimeSlicer } from '../../base/timeSlicer';

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

/** Visits each item and lets the thread do other work every few ms. Ends early once it is stopped. */
export async function inSlices<T>(
  items: readonly T[],
  visit: (item: T) => void,
  isStopped: () => boolean,
): Promise<void> {
  const slicer = new TimeSlicer();
  for (const item of items) {
    if (slicer.isOver) {
      await slicer.pause();
      if (isStopped()) return;
    }
    visit(item);
  }
}
