import type { Uri } from 'vscode';
import type { Version } from './apiVersion';
import type { CheckReport, LabelRecord as FolderLabel, StorageFacts, Transfer } from '../model/historyMaintenance';
import type { VersionId } from '../model/version';

/** The part of the public API's types that is about the histories themselves; `api.ts` has them all. */

/** A named moment of one workspace folder: the state that each of its files had then is kept. */
export interface Label extends FolderLabel {
  readonly folder: Uri;
}

/** A moment to label. */
export interface LabelOptions {
  /** Only in this workspace folder; all by default. */
  readonly folder?: Uri;
  /** A past moment; the present one by default, for which what is on disk is recorded first. */
  readonly time?: number | Date;
}

/**
 * What to forget: all that every member given selects; one of `uri`, `pattern`, `since`, `until` and `text` is needed.
 */
export interface ForgetRequest {
  /** The whole history of this file, across its renames. */
  readonly uri?: Uri;
  /** Every file that this line of an ignore file would match, also below a folder that it matches. */
  readonly pattern?: string;
  /** Inclusive; ms since the epoch or a Date. */
  readonly since?: number | Date;
  /** Exclusive. */
  readonly until?: number | Date;
  /** At least 4 characters. Each content that holds them goes; the row of its version stays and says so. */
  readonly text?: string;
  /** Only in this workspace folder; all by default. */
  readonly folder?: Uri;
}

/** What a {@link ForgetRequest} selects. */
export interface ForgetPlan {
  readonly versions: number;
  /** At most 1,000 a workspace folder; `isCut` says that there are more. */
  readonly files: readonly { readonly uri: Uri; readonly versions: number }[];
  readonly isCut: boolean;
  /** Watched files on disk that would be recorded again: they hold the text, or their newest version goes. */
  readonly onDisk: readonly Uri[];
}

export interface ForgetResult extends Omit<ForgetPlan, 'onDisk'> {
  /** Bytes on disk that became free. */
  readonly freedBytes: number;
}

/** What a check of one workspace folder's history found. */
export interface FolderCheck extends CheckReport {
  readonly folder: Uri;
}

/** What one workspace folder's history takes. */
export interface FolderStorage extends StorageFacts {
  readonly folder: Uri;
}

/** What is done to a history other than recording. */
export type MaintenanceAction = 'label' | 'pin' | 'forget' | 'import' | 'check';

/** What is done to the histories themselves: a part of `ObbyApi.act`. */
export interface MaintenanceCalls {
  /** Names a moment: what every file was then stays. Resolves with one label a workspace folder. */
  label(name: string, options?: LabelOptions): Promise<Label[]>;
  /** By {@link Label}`.id`. */
  removeLabel(id: string): Promise<void>;
  /** A pinned version is kept whatever its age; `false` takes the pin away. */
  pin(id: VersionId, pinned?: boolean): Promise<Version>;
  /** What {@link MaintenanceCalls.forget} would remove. */
  planForget(request: ForgetRequest): Promise<ForgetPlan>;
  /** Removes versions, or the contents that hold a text, for good; resolves when no byte of them is left. */
  forget(request: ForgetRequest): Promise<ForgetResult>;
  /** Reads a folder's history, or all, back, and mends what can be mended. */
  verify(folder?: Uri): Promise<FolderCheck[]>;
  /** Writes the history of a file, or of all files below a folder, to one portable file on disk. */
  exportHistory(what: Uri, target: Uri): Promise<Transfer>;
  /** Adds the history that a portable file holds to a workspace folder's. */
  importHistory(source: Uri, folder: Uri): Promise<Transfer>;
}
