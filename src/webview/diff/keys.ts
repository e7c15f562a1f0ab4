import type { CaretMove } from './selection/selection';
import type { LineRange } from '../../model/lines';
import type { FoldPart } from './rowModel';

/** The used part of a keyboard event. */
export interface Key {
  readonly key: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** The row that a key moves to; undefined for other keys. `visible` is the range of visible rows. */
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

/** The part of a fold that a key unfolds. */
export function foldPartOf(event: Key): FoldPart | undefined {
  if (event.shiftKey || event.ctrlKey || event.metaKey) return undefined;
  if (event.altKey) return event.key === 'ArrowDown' ? 'first' : event.key === 'ArrowUp' ? 'last' : undefined;
  return event.key === 'Enter' || event.key === ' ' ? 'all' : undefined;
}

/** The direction in which a key steps through changes. */
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

/** How a key moves the end of the selection; undefined for other keys. `page` is the number of visible rows. */
export function selectionMoveOf(event: Key, page: number): CaretMove | undefined {
  if (!event.shiftKey) return undefined;
  // As in VS Code's editor: Ctrl (Alt on a Mac) for words; Ctrl (Cmd on a Mac) for the ends of the text.
  const isByWord = event.ctrlKey || event.altKey;
  const isToEnd = event.ctrlKey || event.metaKey;
  const sideways = event.metaKey ? 'lineEnd' : isByWord ? 'word' : 'character';
  const move = new Map<string, CaretMove>([
    ['ArrowLeft', { unit: sideways, by: -1 }],
    ['ArrowRight', { unit: sideways, by: 1 }],
    ['ArrowUp', { unit: event.metaKey ? 'textEnd' : 'row', by: -1 }],
    ['ArrowDown', { unit: event.metaKey ? 'textEnd' : 'row', by: 1 }],
    ['PageUp', { unit: 'row', by: -page }],
    ['PageDown', { unit: 'row', by: page }],
    ['Home', { unit: isToEnd ? 'textEnd' : 'lineEnd', by: -1 }],
    ['End', { unit: isToEnd ? 'textEnd' : 'lineEnd', by: 1 }],
  ]).get(event.key);
  return move?.unit === 'row' && isByWord ? undefined : move;
}

/** Whether a key selects the whole text of a side. */
export function isSelectAll({ key, altKey, shiftKey, ctrlKey, metaKey }: Key): boolean {
  return key.toLowerCase() === 'a' && ctrlKey !== metaKey && !altKey && !shiftKey;
}

/** Whether a key switches to the other side. */
export function isSwitchSide({ key, altKey, shiftKey, ctrlKey, metaKey }: Key): boolean {
  return key === 's' && !altKey && !shiftKey && !ctrlKey && !metaKey;
}
