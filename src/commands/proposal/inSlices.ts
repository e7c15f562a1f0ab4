import { TimeSlicer } from '../../base/timeSlicer';

/** Visits each item and lets the thread do other work every few ms. Ends early once it is stopped. */
export async function inSlices<T>(
  items: readonly T[],
  visit: (item: T) => void,
  isStopped: () => boolean,
): Promise<void> {
  const slicer = new TimeSlicer();
  for (const item of items) {
    if (slicer.isOver) {
      await slicer.pause();
      if (isStopped()) return;
    }
    visit(item);
  }
}
