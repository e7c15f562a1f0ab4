/** A resource that can be released; the same shape as VS Code's. */
export interface Disposable {
  dispose(): void;
}

/** Wraps a function as a disposable that runs once. */
export function toDisposable(run: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      run();
    },
  };
}

/** Owns disposables and disposes them together, newest first. One that throws keeps no other from being disposed. */
export class DisposableStore implements Disposable {
  private readonly items = new Set<Disposable>();
  private isDisposed = false;

  /** Takes ownership; after `dispose` the item is disposed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.isDisposed) item.dispose();
    else this.items.add(item);
    return item;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    const errors: unknown[] = [];
    for (const item of [...this.items].reverse()) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    this.items.clear();
    if (errors.length > 0) throw errors[0];
  }
}

/** Holds one disposable; replacing it disposes the old one. */
export class MutableDisposable<T extends Disposable> implements Disposable {
  private current: T | undefined;

  get value(): T | undefined {
    return this.current;
  }

  set value(next: T | undefined) {
    if (next === this.current) return;
    try {
      this.current?.dispose();
    } finally {
      this.current = next;
    }
  }

  dispose(): void {
    this.value = undefined;
  }
}
