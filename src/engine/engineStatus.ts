import type { GapRecord, PollingReason, Reason } from '../model/gap';
import type { LastScan } from '../model/scan';

export interface UndoSummary {
  /** When the restore began; ms since the epoch. */
  readonly time: number;
  /** How many files remain to be undone. */
  readonly files: number;
}

/** The present state of one folder in the engine. */
export interface EngineStatus {
  /** `failed`: recording stopped; `problem` says why. `no rules`: nothing is watched. */
  readonly state: 'watching' | 'paused' | 'no rules' | 'failed';
  readonly engine: 'events' | 'polling' | 'none';
  /** Why it is polled. */
  readonly engineReason?: PollingReason;
  /** Watched files that exist. */
  readonly files: number;
  readonly versions: number;
  /** Paths that are waiting or being recorded. */
  readonly queue: number;
  readonly scanning?: { readonly done: number; readonly total: number };
  readonly lastScan?: LastScan;
  /** The newest few, in the order in which they were noted. */
  readonly gaps: readonly GapRecord[];
  /**
   * Watched paths that could not be recorded when they were last compared, and folders that are ignored because their
   * ignore file cannot be used; at most 100 of each.
   */
  readonly unrecorded: readonly { readonly path: string; readonly reason: string }[];
  /** The folder has no rules, and its history keeps the last ones. */
  readonly canRestoreRules?: boolean;
  /** The last restore, if it or a part of it can be undone. */
  readonly undoable?: UndoSummary;
  /** Its code is that of an error, its argument the error's message. */
  readonly problem?: Reason;
}
