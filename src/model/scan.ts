export type ScanReason =
  | 'start'
  /** The watchers have begun by now. */
  | 'watched'
  | 'asked'
  | 'rules'
  | 'focus'
  | 'flush'
  | 'trouble'
  | 'periodic'
  /** Git has moved its HEAD. */
  | 'git'
  /** More paths changed at once than events can be trusted to report. */
  | 'burst';

export interface ScanResult {
  /** Watched files on disk. */
  readonly files: number;
  /** Files that the history counts as existing and the rules do not watch any more. */
  readonly unwatched: number;
  readonly recorded: number;
  /** Changes that it found and that an event should have reported long before. */
  readonly missedByEvents: number;
  readonly ms: number;
  /** It ended early, and what it did not compare may differ. */
  readonly isCancelled: boolean;
}

/** The last complete scan. */
export interface LastScan {
  /** When it ended, in ms since the epoch. */
  readonly time: number;
  readonly ms: number;
  readonly files: number;
}
