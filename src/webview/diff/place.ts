import type { SavedComparison } from '../protocol';
import type { LineRange, Row, SideName } from './rowModel';
import type { TextSelection } from './selection/selection';

/** A line by which a place is found again after rows were folded or laid out differently. */
export interface LinePlace {
  readonly side: SideName;
  /** From 0. */
  readonly line: number;
}

/** Where the person was. */
export interface ViewPlace {
  /** The topmost line, and how far below the top of the view it is, in px. */
  readonly top: LinePlace & { readonly offset: number };
  readonly left: number;
  readonly active?: LinePlace;
  readonly revealed: readonly LineRange[];
  readonly showsAll: boolean;
  readonly selection?: TextSelection;
}

/** What survives when the webview is hidden or the window is reloaded. `saved` is for the panel, the rest for here. */
export interface SavedState {
  readonly saved: SavedComparison;
  readonly place?: ViewPlace;
  /** Tells whether `place` is of the same texts. */
  readonly contents?: string;
  readonly showsLines?: boolean;
}

/** A line by which a row is found again. */
export function viewPlaceOf(row: Row | undefined): LinePlace | undefined {
  if (!row) return undefined;
  if (row.kind === 'change' && row.old === undefined) return { side: 'new', line: row.new ?? 0 };
  return { side: 'old', line: row.old ?? 0 };
}
