import type { Clock } from './clock';
import type { Disposable } from './disposable';

export interface DebouncerOptions {
  /** A key is due when nothing was added for it this long. */
  readonly quietMs: number;
  /** A key that is added without pause is due this long after its first. */
  readonly maxWaitMs: number;
  readonly clock: Clock;
  /** Receives all keys that are due; not called again before the promise settles. */
  readonly flush: (keys: readonly string[]) => Promise<void>;
  /** `flush` rejected; its keys do not wait any more. */
  readonly onError: (error: unknown) => void;
}

interface Entry {
  readonly first: number;
  readonly last: number;
  readonly quietMs: number;
}

/**
 * Trailing-edge debounce per key. It holds keys, not payloads, so nothing is dropped under load and a burst costs one
 * entry a key. Due times are rounded up to a common tick, so that keys added together leave together.
 */
export class Debouncer implements Disposable {
  private readonly pending = new Map<string, Entry>();
  private timer: { readonly at: number; readonly cancel: () => void } | undefined;
  private running: Promise<void> | undefined;
  private isDisposed = false;

  constructor(private readonly options: DebouncerOptions) {}

  /** Pending keys. */
  get size(): number {
    return this.pending.size;
  }

  /** The pending keys; empty when there are more than `limit`. */
  waiting(limit: number): string[] {
    return this.pending.size > limit ? [] : [...this.pending.keys()];
  }

  /** Restarts the quiet time of a pending key. */
  postpone(key: string): void {
    if (this.pending.has(key)) this.add(key);
  }

  /** `quietMs` applies to this key until it is added again. */
  add(key: string, quietMs = this.options.quietMs): void {
    if (this.isDisposed) return;
    const last = this.options.clock.elapsed();
    const entry = { first: this.pending.get(key)?.first ?? last, last, quietMs };
    this.pending.set(key, entry);
    if (!this.running) this.wakeAt(this.dueAt(entry));
  }

  /** Removes a key that is handled elsewhere. */
  remove(key: string): void {
    this.pending.delete(key);
  }

  /** Flushes all pending keys; resolves when that is done. */
  async drain(): Promise<void> {
    while (!this.isDisposed && (this.running || this.pending.size > 0)) {
      await (this.running ?? this.run(this.takeAll()));
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.sleep();
    this.pending.clear();
  }

  private dueAt({ first, last, quietMs }: Entry): number {
    const due = Math.min(last + quietMs, first + this.options.maxWaitMs);
    return Math.ceil(due / tickMs) * tickMs;
  }

  /**
   * Sets the timer, unless it fires sooner. It may fire for a key that was added again since; then it is set again.
   */
  private wakeAt(time: number): void {
    if (this.isDisposed || (this.timer && this.timer.at <= time)) return;
    this.sleep();
    const { clock } = this.options;
    const cancel = clock.after(Math.max(0, time - clock.elapsed()), () => {
      this.timer = undefined;
      this.run(this.takeDue()).catch(this.options.onError);
    });
    this.timer = { at: time, cancel };
  }

  private sleep(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private takeDue(): string[] {
    const now = this.options.clock.elapsed();
    const due: string[] = [];
    for (const [key, entry] of this.pending) {
      if (this.dueAt(entry) <= now) due.push(key);
    }
    for (const key of due) this.pending.delete(key);
    return due;
  }

  private takeAll(): string[] {
    const all = [...this.pending.keys()];
    this.pending.clear();
    return all;
  }

  private async run(keys: string[]): Promise<void> {
    this.sleep();
    try {
      if (keys.length === 0) return;
      this.running = this.options.flush(keys).finally(() => (this.running = undefined));
      await this.running;
    } finally {
      this.wakeForNext();
    }
  }

  private wakeForNext(): void {
    if (this.pending.size === 0) return;
    let next = Infinity;
    for (const entry of this.pending.values()) next = Math.min(next, this.dueAt(entry));
    this.wakeAt(next);
  }
}

/** With ticks, a burst of 10,000 files ends in a few flushes instead of one per millisecond. */
const tickMs = 25;
