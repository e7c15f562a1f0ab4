import type { Uri } from 'vscode';
import type { GapRecord } from '../model/gap';
import type { Verdict } from '../model/ruleSources';

/** The types of the public API for watching; `api.ts` exports all types. */

export type FolderState =
  /** Rules list something and changes are recorded. */
  | 'watching'
  | 'paused'
  /** No `.obbywatch`, or an empty one: nothing is watched. */
  | 'no rules'
  | 'starting'
  /** Not a folder on disk. */
  | 'unsupported'
  /** Recording stopped; `problem` says why. */
  | 'failed';

/** A time span (ms since the epoch) in which changes could not all be observed or stored. */
export interface Gap extends Omit<GapRecord, 'reason'> {
  /** A sentence for people. */
  readonly why: string;
}

export interface FolderStatus {
  readonly folder: Uri;
  readonly state: FolderState;
  readonly engine: 'events' | 'polling' | 'none';
  /** Why it is polled, for people. */
  readonly engineReason?: string;
  /** Watched files that exist. */
  readonly files: number;
  /** Recorded versions. */
  readonly versions: number;
  /** Paths that are waiting or being recorded. */
  readonly queue: number;
  readonly scanning?: { readonly done: number; readonly total: number };
  readonly lastScan?: { readonly time: number; readonly ms: number; readonly files: number };
  /** The newest few, in the order in which they were noted. */
  readonly gaps: readonly Gap[];
  /**
   * Watched paths that could not be recorded when they were last read, and folders that are ignored because their
   * ignore file cannot be used; at most 100 of each.
   */
  readonly unrecorded: readonly { readonly path: string; readonly reason: string }[];
  /** The folder has no rules, but its history keeps the last ones: see `watching.restoreRules`. */
  readonly canRestoreRules?: boolean;
  /** When the last restore of the folder began, and how many of its files `act.undoRestore` would undo. */
  readonly undoable?: { readonly time: number; readonly files: number };
  readonly problem?: string;
}

/** Whether a path is watched, and the line that decides. */
export interface Explanation {
  readonly watched: boolean;
  /** A sentence for people. */
  readonly reason: string;
  /** The same for code. */
  readonly verdict: Verdict['reason'];
  readonly ruleFile?: Uri;
  /** 1-based. */
  readonly line?: number;
  readonly pattern?: string;
}
