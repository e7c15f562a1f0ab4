import type { Disposable } from '../base/disposable';
import type { PathChange } from '../model/changeHint';
import type { Timers } from '../base/clock';

/** A client handles this many in a few milliseconds, and has as long for other work before the next. */
const maxChanges = 500;
const pauseMs = 10;

/** Publishes changed paths in batches, with a pause between large ones. */
export class ChangePublisher implements Disposable {
  private waiting: PathChange[] = [];
  private isWaiting = false;
  private isDisposed = false;

  constructor(
    private readonly timers: Pick<Timers, 'after'>,
    private readonly publish: (changes: readonly PathChange[]) => void,
  ) {}

  add(change: PathChange): void {
    if (this.isDisposed) return;
    this.waiting.push(change);
    if (this.isWaiting) return;
    this.isWaiting = true;
    queueMicrotask(() => this.publishSome());
  }

  dispose(): void {
    this.isDisposed = true;
    this.waiting = [];
  }

  private publishSome(): void {
    const changes = this.waiting.splice(0, maxChanges);
    this.isWaiting = changes.length > 0;
    if (!this.isWaiting) return;
    this.publish(changes);
    this.timers.after(pauseMs, () => this.publishSome());
  }
}
