import type { FoldPart, LineRange } from './rows';

/** What is asked of a keyboard event. */
export interface Key {
  readonly key: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Where a key moves from a row; undefined when it is not one that does. `visible` are the rows in sight. */
export function movedRow(event: Key, from: number, visible: LineRange, count: number): number | undefined {
  if (event.altKey || event.shiftKey || event.ctrlKey || event.metaKey || count === 0) return undefined;
  const page = Math.max(1, visible.end - visible.start - 1);
  const target = new Map([
    ['ArrowDown', from + 1],
    ['ArrowUp', from - 1],
    ['PageDown', from + page],
    ['PageUp', from - page],
    ['Home', 0],
    ['End', count - 1],
  ]).get(event.key);
  return target === undefined ? undefined : Math.max(0, Math.min(target, count - 1));
}

/** What a key on a fold shows of it. */
export function foldPartOf(event: Key): FoldPart | undefined {
  if (event.shiftKey || event.ctrlKey || event.metaKey) return undefined;
  if (event.altKey) return event.key === 'ArrowDown' ? 'first' : event.key === 'ArrowUp' ? 'last' : undefined;
  return event.key === 'Enter' || event.key === ' ' ? 'all' : undefined;
}

/** Which way a key goes from change to change. */
export function stepOf(event: Key): 'next' | 'previous' | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey) return undefined;
  switch (event.key) {
    case 'F7':
      return event.shiftKey ? 'previous' : 'next';
    case 'n':
    case 'N':
      return 'next';
    case 'p':
    case 'P':
      return 'previous';
    default:
      return undefined;
  }
}
