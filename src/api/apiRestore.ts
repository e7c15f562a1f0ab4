import type { CancellationToken, Uri } from 'vscode';
import type { Version } from './apiVersion';
import type { ConflictReason, OnConflict, UndoAction } from '../model/undo';
import type { VersionId } from '../model/version';

/** The types of the public API for restores and undos; `api.ts` exports all types. */

/** What to restore: the contents of versions, or what was before the changes of change sets. */
export type RestoreRequest = { readonly versions: readonly VersionId[] } | UndoRequest;

/**
 * Takes back what change sets did, file by file, and keeps what was changed before, in between and later: the content line
 * by line, the mode, renames, creations and deletions.
 */
export interface UndoRequest {
  /** The ids of one or more change sets. */
  readonly undo: string | readonly string[];
  /** Only these files, by their present URI or the one they had when they were changed. */
  readonly files?: readonly Uri[];
  /** Where later changes overlap with what is taken back; default: `refuse`. See {@link OnConflict}. */
  readonly onConflict?: OnConflict;
}

/** What a restore will do to one file. */
export interface RestoreStep {
  /** Where the file is, or was last. */
  readonly uri: Uri;
  /**
   * `none`: the file has that content and mode already, or nothing is left to undo. Of an undo: `merge` keeps later edits,
   * and `conflict` leaves the file as it is.
   */
  readonly action: UndoAction;
  /** An editor holds unsaved text, which is recorded before it is replaced. */
  readonly unsaved: boolean;
  /** The restored version; absent in an undo, which has the rest. */
  readonly version?: VersionId;
  /** Where the file is renamed to. */
  readonly to?: Uri;
  /** Lines that are added and removed; absent where there are no lines. */
  readonly added?: number;
  readonly removed?: number;
  /** For content that is replaced or deleted: whether another file or git has it, too. It is recorded in any case. */
  readonly existsElsewhere?: boolean;
  readonly conflict?: ConflictReason;
  /** More about the conflict, for people. */
  readonly detail?: string;
  /** How many places overlap with later changes. */
  readonly overlaps?: number;
  /** How overlaps are answered; a step of another plan for the same file can have another answer. */
  readonly onConflict?: OnConflict;
  /** The file is left as it is if it has changed since the plan was made. */
  readonly state?: string;
}

/** A restore before it happens. Steps can be left out, and exchanged for those of another plan of the same undo. */
export interface RestorePlan {
  readonly steps: readonly RestoreStep[];
  /** The change sets that are taken back. */
  readonly undo?: readonly string[];
  /** How many steps replace or delete content that only the history keeps. */
  readonly nowhereElse?: number;
}

export interface RestoreResult {
  readonly files: readonly {
    readonly uri: Uri;
    /** The replaced state; absent when there was no file. */
    readonly replaced?: Version;
    /** Absent when the file already had that content. */
    readonly version?: Version;
  }[];
  /** What could not be restored, and why; the other files were. */
  readonly failed: readonly { readonly uri: Uri; readonly error: Error }[];
}

export interface RestoreOptions {
  /** Files that are not restored yet when it is cancelled stay as they are, and are among those that failed. */
  readonly token?: CancellationToken;
}

export interface RestoreCalls {
  /** Changes nothing. */
  planRestore(request: RestoreRequest): Promise<RestorePlan>;
  /** The bytes of a file before and after a step of an undo; undefined where there is no file. */
  previewUndo(
    plan: RestorePlan,
    uri: Uri,
  ): Promise<{ readonly before: Uint8Array | undefined; readonly after: Uint8Array | undefined }>;
  /**
   * Records what is replaced (unsaved text included), then writes. Of several versions of one file the last counts. A
   * file that cannot be restored does not keep the others from it; rejects when nothing at all was done.
   */
  restore(plan: RestorePlan | RestoreRequest | VersionId, options?: RestoreOptions): Promise<RestoreResult>;
  /**
   * Undoes the last restore by another restore, also one from before a reload or a crash: what was changed then. After a
   * failure, the next call continues with what is left; once all is undone, it brings the restore back.
   */
  undoRestore(): Promise<RestoreResult>;
}
