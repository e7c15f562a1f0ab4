/** Time as a dependency, so that tests decide when it passes. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Runs `callback` once after `ms`; the returned function cancels it. `background`: it keeps no process alive. */
  after(ms: number, callback: () => void, background?: 'background'): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback, background) {
    const timer = setTimeout(callback, ms);
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
};
