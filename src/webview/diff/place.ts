import type { LinePlace, SavedComparison } from '../protocol';
import type { LineRange } from '../../model/lines';
import type { Row } from './rowModel';
import type { TextSelection } from './selection/selection';

/** The scroll position, active row, unfolded lines and selection. */
export interface ViewPlace {
  /** The topmost line, and its distance from the top of the view in px. */
  readonly top: LinePlace & { readonly offset: number };
  readonly left: number;
  readonly active?: LinePlace;
  readonly revealed: readonly LineRange[];
  readonly showsAll: boolean;
  readonly selection?: TextSelection;
}

/**
 * The state that survives when the webview is hidden or the window is reloaded. `saved` is for the panel, the rest for
 * the webview.
 */
export interface SavedState {
  readonly saved: SavedComparison;
  readonly place?: ViewPlace;
  /** Identifies the texts that `place` belongs to. */
  readonly contents?: string;
  readonly showsLines?: boolean;
  /** The last line that was revealed on request, by its id. */
  readonly revealed?: number;
}

/** The line that identifies a row. */
export function viewPlaceOf(row: Row | undefined): LinePlace | undefined {
  if (!row) return undefined;
  if (row.kind === 'change' && row.old === undefined) return { side: 'new', line: row.new ?? 0 };
  return { side: 'old', line: row.old ?? 0 };
}

/** Lines above a line that is revealed. */
const linesAbove = 5;

/** The place that shows a line, some lines below the top. `rowHeight` is in px. */
export function placeOfLine({ side, line }: LinePlace, rowHeight: number): ViewPlace {
  const place = { side, line };
  return { top: { ...place, offset: linesAbove * rowHeight }, left: 0, active: place, revealed: [], showsAll: false };
}
