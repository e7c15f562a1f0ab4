import type { LineRange } from '../../model/lines';

/** Where lines are after an edit from one line to another (both included) that put `added` line breaks there. */
export function shifted({ start, end }: LineRange, edit: LineRange, added: number): LineRange {
  const by = added - (edit.end - edit.start);
  if (edit.start >= end) return { start, end };
  if (edit.end < start) return { start: start + by, end: end + by };
  const first = Math.min(start, edit.start);
  return { start: first, end: Math.max(first + 1, end + by) };
}
