import { toDisposable, type Disposable } from './disposable';

/** Subscribes a listener; the same shape as VS Code's `Event`, for code that must run without it. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Notifies listeners. A listener that throws is reported, and the others are still notified. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private readonly onError: (error: unknown) => void = () => undefined) {}

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value);
    this.listeners.add(own);
    return toDisposable(() => this.listeners.delete(own));
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      // Another listener may have ended it.
      if (!this.listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
