import type { Disposable } from './disposable';

/** The clock as a dependency, so that tests control time. */
export interface Clock {
  /** ms since the epoch; goes back, or far ahead, when the system's clock is set. */
  now(): number;
  /** ms since a fixed time; for waits and durations, because setting the system's clock does not change it. */
  elapsed(): number;
  /** Runs `callback` once after `ms`; the returned function cancels it. `background`: it keeps no process alive. */
  after(ms: number, callback: () => void, background?: 'background'): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, callback, background) {
    const timer = setTimeout(callback, ms);
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
};

export function delay(clock: Pick<Clock, 'after'>, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Timers that are cancelled together. */
export class Timers implements Disposable {
  private readonly cancels = new Set<() => void>();
  private isOver = false;

  constructor(private readonly clock: Clock) {}

  after(ms: number, run: () => void): void {
    if (this.isOver) return;
    const cancel = this.clock.after(ms, () => {
      this.cancels.delete(cancel);
      run();
    });
    this.cancels.add(cancel);
  }

  dispose(): void {
    this.isOver = true;
    for (const cancel of this.cancels) cancel();
  }
}
