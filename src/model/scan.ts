export type ScanReason =
  | 'start'
  /** The watchers have started. */
  | 'watched'
  | 'asked'
  | 'rules'
  | 'focus'
  | 'flush'
  | 'trouble'
  | 'periodic'
  /** Git moved its HEAD. */
  | 'git'
  /** More paths changed at once than events report reliably. */
  | 'burst';

export interface ScanResult {
  /** Watched files on disk. */
  readonly files: number;
  /** Files that exist in the history but are no longer watched by the rules. */
  readonly unwatched: number;
  readonly recorded: number;
  /** Changes found by the scan that an event should have reported long before. */
  readonly missedByEvents: number;
  readonly ms: number;
  /** It ended early; what was not compared may differ. */
  readonly isCancelled: boolean;
}

/** The last complete scan. */
export interface LastScan {
  /** When it ended, in ms since the epoch. */
  readonly time: number;
  readonly ms: number;
  readonly files: number;
}
