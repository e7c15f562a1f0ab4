import type { Clock } from './clock';
import type { Disposable } from './disposable';

/**
 * Runs one refresh for many requests: `delayMs` after the first, never two at a time, and once more when a request came
 * meanwhile.
 */
export class ThrottledDelayer implements Disposable {
  private cancelTimer: (() => void) | undefined;
  private isRunning = false;
  private isAskedAgain = false;
  private isDisposed = false;

  constructor(
    /** A rejection goes to `onError`, and the next request runs as usual. */
    private readonly run: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
    private readonly clock: Pick<Clock, 'after'>,
    private readonly delayMs = 50,
  ) {}

  request(): void {
    if (this.isDisposed || this.cancelTimer) return;
    if (this.isRunning) {
      this.isAskedAgain = true;
      return;
    }
    this.cancelTimer = this.clock.after(this.delayMs, () => {
      this.cancelTimer = undefined;
      this.runOnce().catch(this.onError);
    });
  }

  dispose(): void {
    this.isDisposed = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private async runOnce(): Promise<void> {
    this.isRunning = true;
    try {
      await this.run();
    } catch (error) {
      this.onError(error);
    } finally {
      this.isRunning = false;
    }
    if (this.isAskedAgain) {
      this.isAskedAgain = false;
      this.request();
    }
  }
}
