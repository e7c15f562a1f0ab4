import type { Uri } from 'vscode';
import type { Version } from './apiVersion';
import type { CheckReport, LabelRecord as FolderLabel, StorageFacts, Transfer } from '../model/historyMaintenance';
import type { VersionId } from '../model/version';

/** The types of the public API for histories as a whole; `api.ts` exports all types. */

/** A named time of one workspace folder: the state of its files at that time is kept. */
export interface Label extends FolderLabel {
  readonly folder: Uri;
}

export interface LabelOptions {
  /** Only in this workspace folder; all by default. */
  readonly folder?: Uri;
  /** A past time; now by default, after recording what is on disk. */
  readonly time?: number | Date;
}

/** What to delete: the versions that match all given members. One of `uri`, `pattern`, `since`, `until`, `text` is required. */
export interface ForgetRequest {
  /** The whole history of this file, across its renames, and of each file that was last at its path. */
  readonly uri?: Uri;
  /** Every file that this line in an ignore file would match. */
  readonly pattern?: string;
  /** Inclusive; ms since the epoch or a Date. */
  readonly since?: number | Date;
  /** Exclusive. */
  readonly until?: number | Date;
  /** At least 4 characters. Contents that hold them are deleted; their versions stay, and say so. */
  readonly text?: string;
  /** Only in this workspace folder; all by default. */
  readonly folder?: Uri;
}

/** What a {@link ForgetRequest} selects. */
export interface ForgetPlan {
  readonly versions: number;
  /** At most 1,000 for each workspace folder; `isCut`: there are more. */
  readonly files: readonly { readonly uri: Uri; readonly versions: number }[];
  readonly isCut: boolean;
  /** Labels whose names contain the text; they are called `…` afterwards. */
  readonly labels: number;
  /** Watched files on disk that would be recorded again: they hold the text, or lose their newest version. */
  readonly onDisk: readonly Uri[];
}

export interface ForgetResult extends Omit<ForgetPlan, 'onDisk'> {
  /** Bytes on disk that became free. */
  readonly freedBytes: number;
}

/** The result of a check of one workspace folder's history. */
export interface FolderCheck extends CheckReport {
  readonly folder: Uri;
}

/** Facts about one workspace folder's history. */
export interface FolderStorage extends StorageFacts {
  readonly folder: Uri;
}

/** A change of a history other than recording. */
export type MaintenanceAction = 'label' | 'pin' | 'forget' | 'import' | 'check';

/** The part of `ObbyApi.act` for histories as a whole. */
export interface MaintenanceCalls {
  /** Keeps the state of every file at a time. Resolves with one label for each workspace folder. */
  label(name: string, options?: LabelOptions): Promise<Label[]>;
  /** By {@link Label}`.id`. */
  removeLabel(id: string): Promise<void>;
  /** A pinned version is kept regardless of age; `false` removes the pin. */
  pin(id: VersionId, pinned?: boolean): Promise<Version>;
  /** What {@link MaintenanceCalls.forget} would delete. */
  planForget(request: ForgetRequest): Promise<ForgetPlan>;
  /** Deletes versions, or contents that hold a text, for good; resolves when no byte of them is left. */
  forget(request: ForgetRequest): Promise<ForgetResult>;
  /** Reads the history of a folder, or all, back, and repairs what it can. */
  verify(folder?: Uri): Promise<FolderCheck[]>;
  /** Writes the history of a file, or of all files below a folder, to one portable file on disk. */
  exportHistory(what: Uri, target: Uri): Promise<Transfer>;
  /** Adds the history in a portable file to that of a workspace folder. */
  importHistory(source: Uri, folder: Uri): Promise<Transfer>;
  /**
   * Continues a history, by its name in `history.all`, in a workspace folder; the folder's present history is kept under
   * another name. Rejects `storeFailed` while a window has one of them open.
   */
  useHistory(name: string, folder: Uri): Promise<void>;
  /** Deletes a whole history, by its name in `history.all`. Rejects `storeFailed` while a window has it open. */
  removeHistory(name: string): Promise<void>;
}
