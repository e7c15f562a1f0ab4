import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../base/clock';

/** Bounds a wait: by time, and until the store is closed. */
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

  /** Resolves after `ms`, or when the store is closed. */
  async pause(ms: number): Promise<void> {
    // `isOver` says so when it was aborted.
    await delay(ms, undefined, { signal: this.stop }).catch(() => undefined);
  }

  end(): void {
    this.cancel();
  }
}
