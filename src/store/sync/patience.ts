import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../base/clock';

/** The bound of a wait: a time, or that the store is being closed. */
export class Patience {
  private isTimeUp = false;
  private readonly cancel: () => void;

  constructor(
    clock: Clock,
    ms: number,
    private readonly stop: AbortSignal,
  ) {
    this.cancel = clock.after(ms, () => (this.isTimeUp = true));
  }

  get isOver(): boolean {
    return this.isTimeUp || this.stop.aborted;
  }

  /** Resolves after `ms`, or as soon as the store is being closed. */
  async pause(ms: number): Promise<void> {
    // What aborts it is told by `isOver`.
    await delay(ms, undefined, { signal: this.stop }).catch(() => undefined);
  }

  end(): void {
    this.cancel();
  }
}
