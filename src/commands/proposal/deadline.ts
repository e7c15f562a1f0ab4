import type { Clock } from '../../base/clock';
import { TimeSlicer } from '../../base/timeSlicer';

/** Ends work when its time is up, or when it is cancelled. */
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

  finish(): void {
    this.hasEnded = true;
    this.cancelTimer();
    this.resolve();
  }

  /** Waits at most until the end, since a network drive may never answer; then resolves with undefined. */
  async race<T>(work: Promise<T>): Promise<T | undefined> {
    // Late work may still fail.
    work.catch(() => undefined);
    return this.hasEnded ? undefined : Promise.race([work, this.end]);
  }
}

/** Visits each item, with pauses for other work every few ms. Ends early once `isStopped`. */
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
