import type { Label } from '../../api/api';
import type { LabelNode } from './rows';

/** One row a moment that was labelled, whichever folders it was labelled in; newest first. */
export function labelRows(labels: readonly Label[]): LabelNode[] {
  const changeSets = new Map<string, Label[]>();
  for (const label of labels) {
    const key = `${label.time} ${label.name}`;
    changeSets.set(key, [...(changeSets.get(key) ?? []), label]);
  }
  const rows = [...changeSets.values()].flatMap((changes): LabelNode[] => {
    const [first] = changes;
    return first ? [{ type: 'label', name: first.name, time: first.time, labels: changes }] : [];
  });
  return rows.sort((a, b) => b.time - a.time);
}

/**
 * Puts labels among what is listed newest first: each above the newest item that it keeps. One that is older than all
 * that is listed keeps none of it.
 */
export function withLabels<T>(
  items: readonly T[],
  labels: readonly LabelNode[],
  timeOf: (item: T) => number,
): (T | LabelNode)[] {
  const waiting = [...labels];
  return items.flatMap((item) => {
    const above = waiting.filter(({ time }) => time >= timeOf(item));
    waiting.splice(0, above.length);
    return [...above, item];
  });
}
