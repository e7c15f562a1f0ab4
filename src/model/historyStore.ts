import type { FileStamp } from './stamp';
import type {
  CheckReport,
  ForgetPlanRecord,
  FolderForgetResult,
  LabelRecord,
  RetentionPolicy,
  StorageFacts,
  Transfer,
} from './historyMaintenance';
import type { ChangesPage, FolderChangeSetQuery, ChangeSetRecord } from './changeSet';
import type { SearchableStore } from './search';
import type { PageQuery, FolderRecentQuery, VersionId, VersionRecord } from './version';

/** The fields of a version that follow from other versions, labels and pins. */
export type DerivedField = 'previous' | 'previousMode' | 'pinned' | 'label';

/** A version before the store has assigned its id, its predecessor and its final time. */
export interface VersionDraft extends Omit<VersionRecord, 'id' | DerivedField> {
  /**
   * The exact bytes; absent for a deletion and for an unstored version. Must not be changed before `append` settles.
   */
  readonly content?: Uint8Array;
  readonly stamp?: FileStamp;
}

/** The part of a version that recording needs for every file. */
export type HeadVersion = Pick<
  VersionRecord,
  'id' | 'path' | 'kind' | 'time' | 'size' | 'sha256' | 'unstored' | 'binary' | 'mode'
>;

/** What is needed to read the content of a version. */
export type ReadableVersion = HeadVersion & Pick<VersionRecord, 'previous'>;

/** The newest version of a file that exists. */
export interface Head {
  readonly version: HeadVersion;
  /** Absent when only reading the file can show whether it changed. */
  readonly stamp?: FileStamp;
}

/** What a comparison with the disk needs of an existing file. */
export interface HeadStamp {
  readonly path: string;
  /** Absent when only reading the file can show whether it changed. */
  readonly stamp?: FileStamp;
  /** Its newest version was noted without content. */
  readonly isUnstored: boolean;
}

/** A file of the store that could not be used, and how that was handled. */
export interface StoreProblem {
  /** File name inside the store's folder. */
  readonly file: string;
  /** For people: what happened and what was done. */
  readonly message: string;
}

/** Which versions to forget: those that every given member selects. See `ForgetRequest`. */
export interface Selection {
  /** Selects the whole history of each file that is at this path, or was there last. */
  readonly path?: string;
  readonly matches?: (path: string) => boolean;
  /** ms since the epoch, inclusive. */
  readonly since?: number;
  /** ms since the epoch, exclusive. */
  readonly until?: number;
  /** Selects contents that contain any of these; their rows are kept, without content. */
  readonly bytes?: readonly Uint8Array[];
}

/** The counts of a very large history may be some seconds old. */
export interface StoreStatistics {
  readonly versions: number;
  /** Files that exist now. */
  readonly files: number;
  /** Bytes on disk. */
  readonly bytes: number;
}

/**
 * The history of one workspace folder. A file keeps its history across renames, and across deletion and re-creation at
 * the same path. After a rename, a new file at the old path starts a new history. A rename onto an existing file first
 * ends that file's history with a deletion, which is among the `deletedFiles`; except when a later rename of the same
 * `append` is from that path and continues that history, so that files can be exchanged.
 *
 * Rejects with {@link ObbyError}: `diskFull`, `storeFailed`, `storeReadOnly`, `notFound` (unknown id), `notStored` (a
 * version without content), `closed`.
 */
export interface HistoryStore {
  /** The damage found when the store was opened. */
  readonly problems: readonly StoreProblem[];
  readonly searchable: SearchableStore;

  /**
   * Adds versions in the given order and resolves, in the same order, once they are durable. Concurrent calls share one
   * sync. A call that rejects has acknowledged nothing.
   */
  append(drafts: readonly VersionDraft[]): Promise<VersionRecord[]>;
  /** Notes that the content of a head is unchanged under a new stamp. A hint: a crash may lose it. */
  noteStamps(stamps: readonly { readonly path: string; readonly stamp: FileStamp | undefined }[]): Promise<void>;

  head(path: string): Promise<Head | undefined>;
  /** The heads of existing files below a folder (`''`: all), by path. */
  heads(folder: string): Promise<Head[]>;
  /** The stamps of existing files below a folder (`''`: all), in no order. Far cheaper than {@link heads}. */
  stamps(folder: string): Promise<HeadStamp[]>;
  /** Existing files whose head has this content, at most `limit`, by path. */
  headsOf(sha256: string, limit: number): Promise<Head[]>;
  /** Deletions since a time (ms) of files that do not exist now and last had this content, at most `limit`, newest first. */
  deletionsOf(sha256: string, since: number, limit: number): Promise<VersionRecord[]>;

  version(id: VersionId): Promise<VersionRecord>;
  /** The path of the file that a version belongs to: its present one, or its last if it does not exist now. */
  pathOf(id: VersionId): Promise<string>;
  /** The exact bytes of a version. An error is never replaced by empty content. */
  content(version: VersionId | HeadVersion): Promise<Uint8Array>;
  /**
   * A file's versions across renames, newest first; by its present path, or its last if it is deleted. If `before` is a
   * version of another file that last had the path, the versions are of that file. With `earlier`, those of all other
   * files that were recorded at the path.
   */
  versions(path: string, page: PageQuery): Promise<VersionRecord[]>;
  /** The version that a path had at a time (ms), a deletion included; undefined before its first. */
  versionAt(path: string, time: number): Promise<VersionRecord | undefined>;
  /** Paths of the history that differ from this one at most in case, the last recorded first. */
  spellings(path: string): Promise<string[]>;
  recent(query: FolderRecentQuery): Promise<VersionRecord[]>;
  /** Change sets, newest first. */
  changeSets(query: FolderChangeSetQuery): Promise<ChangeSetRecord[]>;
  /** The versions of the change set that a version belongs to, itself included, by path. */
  changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]>;
  /** The last deletion of each file that does not exist now, newest first. */
  deletedFiles(limit: number): Promise<VersionRecord[]>;
  statistics(): Promise<StoreStatistics>;
  /** The last time (ms) at which the store is known to have been recording; undefined for a new store. */
  lastHeartbeat(): Promise<number | undefined>;
  /**
   * Notes that the store is recording now, for {@link lastHeartbeat}. Cheap; after a crash the time may be late by one
   * interval.
   */
  writeHeartbeat(): Promise<void>;

  /** Names the present time, or a past one. */
  label(name: string, time?: number): Promise<LabelRecord>;
  /** Newest first. */
  labels(): Promise<LabelRecord[]>;
  removeLabel(id: string): Promise<void>;
  /** A pinned version is never dropped; `false` removes the pin. */
  pin(id: VersionId, pinned: boolean): Promise<VersionRecord>;

  /** Sets what may be dropped; before the first call nothing is. */
  setRetention(policy: RetentionPolicy): void;
  /**
   * One small step of maintenance (sealing, merging, dropping, checking a part); true when there is more to do. To be
   * called while the history is idle.
   */
  maintain(): Promise<boolean>;
  planForget(selection: Selection): Promise<ForgetPlanRecord>;
  /** Removes the selection from every file of the store; resolves when none of its bytes is left. */
  forget(selection: Selection): Promise<FolderForgetResult>;
  /** Reads everything back, repairs what can be repaired and sets the rest aside. */
  check(onProgress?: (done: number, total: number) => void): Promise<CheckReport>;
  /** Stores contents of versions whose stored copies cannot be read. */
  storeAgain(contents: readonly Uint8Array[]): Promise<void>;
  /** Writes the histories of the files whose path matches to one portable file at an absolute path. */
  exportTo(target: string, matches: (path: string) => boolean): Promise<Transfer>;
  /** Adds the versions of a portable file that the history does not have. */
  importFrom(source: string): Promise<Transfer>;
  storage(): Promise<StorageFacts>;

  /** Resolves when everything appended so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
