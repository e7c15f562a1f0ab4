import type { VersionId } from './version';

/** What becomes of changes that overlap with later ones; see `OnConflict` in the API. */
export const conflictAnswers = ['refuse', 'markers', 'theirs', 'ours'] as const;

/**
 * `refuse`: the file stays as it is, and the plan says why. `markers`: both are written, between conflict markers.
 * `theirs`: taken back, later edits of the same lines are lost. `ours`: later edits stay where they overlap.
 */
export type OnConflict = (typeof conflictAnswers)[number];

/** What an undo does to one file. `merge`: later edits stay. `none`: nothing is left to take back. */
export type UndoAction = 'write' | 'create' | 'delete' | 'rename' | 'merge' | 'none' | 'conflict';

/**
 * Why an undo leaves a file as it is:
 * - `overlap`: later edits of the same lines; `edited`: it was created, and was edited later;
 * - `exists`: it was deleted, and another file is there by now; `occupied`: the same of the path it goes back to;
 * - `renamed`: it was renamed again; `unmergeable`: it is no text, or in another encoding, and was changed later;
 * - `unstored`: the history does not have the content before; `unreadable`: no file is there that could be changed.
 */
export type ConflictReason =
  'overlap' | 'edited' | 'exists' | 'occupied' | 'renamed' | 'unmergeable' | 'unstored' | 'unreadable';

/** Unsaved text of an editor, which counts as the present content of its file. */
export interface UnsavedFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly unsavedText: string;
  /** VS Code's name of the encoding of that text, if VS Code reports it. */
  readonly unsavedEncoding?: string;
}

/** A file to take back changes of. */
export interface UndoneFile {
  /** Where it is now, or was when it was changed. */
  readonly path: string;
  readonly onConflict?: OnConflict;
  /** The file is left as it is unless the step of its plan still has this state. */
  readonly state?: string;
}

/** Change sets to take back, in one folder. */
export interface FolderUndoRequest {
  readonly changeSets: readonly string[];
  /** Default: all. */
  readonly files?: readonly UndoneFile[];
  /** For files that do not say it themselves; default: `refuse`. */
  readonly onConflict?: OnConflict;
  readonly unsaved?: readonly UnsavedFile[];
}

/** What an undo does to one file. */
export interface UndoStepRecord {
  /** Where the file is, or was last. */
  readonly path: string;
  /** The path that it gets. */
  readonly to?: string;
  readonly action: UndoAction;
  /** Lines that the undo adds and removes; absent where there are no lines. */
  readonly added?: number;
  readonly removed?: number;
  /** An editor holds unsaved text, which is recorded before it is replaced. */
  readonly unsaved: boolean;
  /** For content that is replaced or deleted: another file or git has the same bytes. */
  readonly existsElsewhere?: boolean;
  readonly conflict?: ConflictReason;
  /** More about the conflict, for people. */
  readonly detail?: string;
  /** How many places overlap with later edits. */
  readonly overlaps?: number;
  /** What was answered to conflicts. */
  readonly onConflict: OnConflict;
  /** Equal for equal plans of equal files. */
  readonly state: string;
}

/** What an undo does to a folder. */
export interface UndoPlanRecord {
  readonly steps: readonly UndoStepRecord[];
}

/** The content that a step leaves; undefined where there is no file. */
export interface UndoPreview {
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  /** The version with that content, if it is one. */
  readonly version?: VersionId;
}
