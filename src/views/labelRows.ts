import type { Label } from '../api';
import type { LabelRow } from './rows';

/** One row a moment that was labelled, whichever folders it was labelled in; newest first. */
export function labelRows(labels: readonly Label[]): LabelRow[] {
  const moments = new Map<string, Label[]>();
  for (const label of labels) {
    const key = `${label.time} ${label.name}`;
    moments.set(key, [...(moments.get(key) ?? []), label]);
  }
  const rows = [...moments.values()].flatMap((together): LabelRow[] => {
    const [first] = together;
    return first ? [{ type: 'label', name: first.name, time: first.time, labels: together }] : [];
  });
  return rows.sort((a, b) => b.time - a.time);
}

/**
 * Puts labels among what is listed newest first: each above the newest item that it keeps. One that is older than all
 * that is listed keeps none of it.
 */
export function withLabels<T>(
  items: readonly T[],
  labels: readonly LabelRow[],
  timeOf: (item: T) => number,
): (T | LabelRow)[] {
  const waiting = [...labels];
  return items.flatMap((item) => {
    const above = waiting.filter(({ time }) => time >= timeOf(item));
    waiting.splice(0, above.length);
    return [...above, item];
  });
}
