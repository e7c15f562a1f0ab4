import type { ChangesPage, ChangeSetRecord, FolderChangeSetQuery } from '../model/changeSet';
import type { DiffOptions, TextDiff } from '../model/diff';
import type { LossesRecord } from '../model/losses';
import type {
  CheckReport,
  FolderForgetRequest,
  FolderForgetResult,
  ForgetPreview,
  LabelRecord,
  StorageFacts,
  Transfer,
} from '../model/historyMaintenance';
import type { FolderRecentQuery, PageQuery, VersionId, VersionRecord } from '../model/version';
import type { FolderKey } from './engine';

/** A side of a comparison. */
export type DiffSource =
  | { readonly version: VersionId }
  /** A file on disk, by its path in a folder. */
  | { readonly folder: FolderKey; readonly file: string }
  | { readonly text: string; readonly name: string }
  /** The side that does not exist, so that everything counts as added or removed. */
  | { readonly nothing: string };

/** What can be asked of histories and done to them, besides recording. */
export interface EngineQueries {
  /** The content on disk decoded; rejects `binary`. */
  textOnDisk(folder: FolderKey, path: string): Promise<string>;
  hash(folder: FolderKey, path: string): Promise<{ readonly sha256: string; readonly size: number }>;
  /** Looks in every open folder. */
  version(id: VersionId): Promise<{ readonly folder: FolderKey; readonly record: VersionRecord }>;
  /** The present path of the version's file, or its last if it does not exist now. */
  pathOf(id: VersionId): Promise<string>;
  content(id: VersionId): Promise<Uint8Array>;
  /** The content decoded; rejects `binary`. */
  text(id: VersionId): Promise<string>;
  versions(folder: FolderKey, path: string, page: PageQuery): Promise<VersionRecord[]>;
  versionAt(folder: FolderKey, path: string, time: number): Promise<VersionRecord | undefined>;
  recent(folder: FolderKey, query: FolderRecentQuery): Promise<VersionRecord[]>;
  /** What happened together, newest first. */
  changeSets(folder: FolderKey, query: FolderChangeSetQuery): Promise<ChangeSetRecord[]>;
  /** What the event that a version belongs to took away. */
  losses(id: VersionId): Promise<LossesRecord>;
  /** The versions that were recorded in the same event as one, itself included, by path. */
  changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]>;
  deletedFiles(folder: FolderKey, limit: number): Promise<VersionRecord[]>;
  diff(left: DiffSource, right: DiffSource, options: DiffOptions): Promise<TextDiff>;
  /** Names the present moment, or a past one (ms), in a folder's history. */
  label(folder: FolderKey, name: string, time?: number): Promise<LabelRecord>;
  /** Newest first. */
  labels(folder: FolderKey): Promise<LabelRecord[]>;
  removeLabel(folder: FolderKey, id: string): Promise<void>;
  /** A pinned version is never dropped; `false` takes the pin away. */
  pin(id: VersionId, pinned: boolean): Promise<VersionRecord>;
  planForget(folder: FolderKey, request: FolderForgetRequest): Promise<ForgetPreview>;
  /** Resolves when no byte of what was selected is left in the store. */
  forget(folder: FolderKey, request: FolderForgetRequest): Promise<FolderForgetResult>;
  /** Reads everything back and mends what can be mended; `check` events tell how far it is. */
  check(folder: FolderKey): Promise<CheckReport>;
  /** Writes the history of a file or of all below a folder (`''`: everything) to one portable file. */
  exportTo(folder: FolderKey, path: string, target: string): Promise<Transfer>;
  importFrom(folder: FolderKey, source: string): Promise<Transfer>;
  storage(folder: FolderKey): Promise<StorageFacts>;
  statistics(folder: FolderKey): Promise<{ readonly versions: number; readonly files: number; readonly bytes: number }>;
}
