import type { SavedComparison } from '../protocol';
import type { LineRange, Row, SideName } from './rowModel';
import type { TextSelection } from './selection/selection';

/** A line that identifies a place after rows were folded or laid out differently. */
export interface LinePlace {
  readonly side: SideName;
  /** From 0. */
  readonly line: number;
}

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
}

/** The line that identifies a row. */
export function viewPlaceOf(row: Row | undefined): LinePlace | undefined {
  if (!row) return undefined;
  if (row.kind === 'change' && row.old === undefined) return { side: 'new', line: row.new ?? 0 };
  return { side: 'old', line: row.old ?? 0 };
}
