import { escapeUnprintable } from '../../base/unprintable';

/** A line for a row, and what matches in it. */
export interface ShownLine {
  readonly label: string;
  readonly highlights: [number, number][];
}

/** A row is narrow: what comes before the first match is cut to this many characters, and the whole to the other. */
const maxBefore = 14;
const keptBefore = 8;
const maxLength = 200;

/** The line without its indentation, and with the first match near the start. Invisible characters are escaped. */
export function shownLine(text: string, ranges: readonly (readonly [number, number])[]): ShownLine {
  const first = ranges[0]?.[0] ?? 0;
  const indent = Math.min(text.search(/\S|$/), first);
  const isCut = first - indent > maxBefore;
  const from = isCut ? first - keptBefore : indent;
  const part = text.slice(from, from + maxLength);
  let label = isCut ? '…' : '';
  const highlights: [number, number][] = [];
  let at = 0;
  // Escaping changes lengths, so the pieces are escaped one by one.
  const take = (to: number): void => {
    label += escapeUnprintable(part.slice(at, to).replaceAll('\t', ' '));
    at = Math.max(at, to);
  };
  for (const [start, end] of ranges) {
    if (start - from >= part.length) break;
    take(start - from);
    const begin = label.length;
    take(Math.min(end - from, part.length));
    highlights.push([begin, label.length]);
  }
  take(part.length);
  return { label, highlights };
}
