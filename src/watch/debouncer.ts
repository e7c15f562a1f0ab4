import type { Clock } from '../model/clock';
import type { Disposable } from '../model/disposable';

export interface DebouncerOptions {
  /** A key is due when nothing was added for it this long. */
  readonly quietMs: number;
  /** A key that is added without pause is due this long after its first. */
  readonly maxWaitMs: number;
  readonly clock: Clock;
  /** Takes all keys that are due; called again only when the promise has settled. Must not reject. */
  readonly flush: (keys: readonly string[]) => Promise<void>;
}

interface Entry {
  readonly first: number;
  last: number;
}

/**
 * Trailing-edge debounce per key. It holds keys, not payloads, so nothing is dropped under load and a burst costs one
 * entry a key. Due times are rounded up to a common tick, so that keys added together leave together.
 */
export class Debouncer implements Disposable {
  private readonly pending = new Map<string, Entry>();
  private cancelTimer: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private isDisposed = false;

  constructor(private readonly options: DebouncerOptions) {}

  /** Keys that wait. */
  get size(): number {
    return this.pending.size;
  }

  add(key: string): void {
    if (this.isDisposed) return;
    const now = this.options.clock.now();
    const entry = this.pending.get(key);
    if (entry) entry.last = now;
    else this.pending.set(key, { first: now, last: now });
    if (!this.running) this.schedule();
  }

  /** Forgets a key, because someone else takes care of it. */
  remove(key: string): void {
    this.pending.delete(key);
  }

  /** Flushes everything that waits now; resolves when it is done. */
  async drain(): Promise<void> {
    while (!this.isDisposed && (this.running || this.pending.size > 0)) {
      await (this.running ?? this.run(this.takeAll()));
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.pending.clear();
  }

  private dueAt(entry: Entry): number {
    const due = Math.min(entry.last + this.options.quietMs, entry.first + this.options.maxWaitMs);
    return Math.ceil(due / tickMs) * tickMs;
  }

  /** Sets the timer for the key that is due first; keys added later are never due before it. */
  private schedule(): void {
    if (this.cancelTimer || this.pending.size === 0 || this.isDisposed) return;
    let due = Infinity;
    for (const entry of this.pending.values()) due = Math.min(due, this.dueAt(entry));
    const { clock } = this.options;
    this.cancelTimer = clock.after(Math.max(0, due - clock.now()), () => {
      this.cancelTimer = undefined;
      void this.run(this.takeDue());
    });
  }

  private takeDue(): string[] {
    const now = this.options.clock.now();
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
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (keys.length > 0) {
      this.running = this.options.flush(keys).finally(() => (this.running = undefined));
      await this.running;
    }
    this.schedule();
  }
}

/** A 10,000-file burst ends in a few flushes instead of one for each event's own millisecond. */
const tickMs = 25;
