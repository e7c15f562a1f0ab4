import type { Clock } from './clock';
import type { Disposable } from './disposable';

/** What is to be done later, unless it ends before. */
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
