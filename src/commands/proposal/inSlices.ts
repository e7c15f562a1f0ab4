const sliceMs = 8;

/** Visits each item and lets the thread do other work every few ms. Ends early once it is stopped. */
export async function inSlices<T>(
  items: readonly T[],
  visit: (item: T) => void,
  isStopped: () => boolean,
): Promise<void> {
  let until = performance.now() + sliceMs;
  for (const item of items) {
    if (performance.now() >= until) {
      await new Promise(setImmediate);
      if (isStopped()) return;
      until = performance.now() + sliceMs;
    }
    visit(item);
  }
}
