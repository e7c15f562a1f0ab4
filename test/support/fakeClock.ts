import type { Clock } from '../../src/base/clock';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>();

  /** What the system's clock is ahead of the time that passed. */
  private ahead = 0;

  constructor(private time = 0) {}

  now(): number {
    return this.time + this.ahead;
  }

  elapsed(): number {
    return this.time;
  }

  /** Sets the system's clock, without any time passing. */
  setAhead(ms: number): void {
    this.ahead = ms;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Lets time pass: each timer that is due on the way runs at its own time. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let next = this.first(); next && next.at <= end; next = this.first()) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = end;
  }

  private first(): Timer | undefined {
    return [...this.timers].sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets every promise that can settle do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The same clock, but what waits for up to 100 ms is called soon, while the clock stands still. */
export function impatientClock(clock: FakeClock): Clock {
  const soon = (callback: () => void): (() => void) => {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  };
  return {
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
    after: (ms, run) => (ms <= 100 ? soon(run) : clock.after(ms, run)),
  };
}
