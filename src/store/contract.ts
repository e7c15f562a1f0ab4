import type { FileStamp } from '../model/stamp';
import type { PageQuery, RecentQuery, VersionId, VersionRecord } from '../model/version';

/** A version before the store gave it an id, its place in the file's history and its final time. */
export interface VersionDraft extends Omit<VersionRecord, 'id' | 'previous' | 'pinned' | 'label'> {
  /** The exact bytes; absent for a deletion and for an unstored version. Not to be changed before `append` settles. */
  readonly content?: Uint8Array;
  readonly stamp?: FileStamp;
}

/** The newest version of a file that exists. */
export interface Head {
  readonly version: VersionRecord;
  /** Absent when the file must be read to know whether it changed. */
  readonly stamp?: FileStamp;
}

/** Something of the store that could not be used, and what became of it. */
export interface StoreProblem {
  /** File name inside the store's folder. */
  readonly file: string;
  /** For people: what happened and what was done. */
  readonly message: string;
}

export interface StoreStatistics {
  readonly versions: number;
  /** Files that exist now. */
  readonly files: number;
  /** Bytes on disk. */
  readonly bytes: number;
}

/**
 * The history of one workspace folder. A file's history goes on across renames and across deletion and re-creation
 * at the same path; after a rename, a new file at the old path begins a history of its own. A rename onto a file that
 * exists ends that file's history with a deletion of its own, just before: it is among the `deletedFiles`.
 *
 * Rejects with {@link ObbyError}: `diskFull`, `storeFailed`, `storeReadOnly`, `notFound` (unknown id), `notStored`
 * (a version without content), `closed`.
 */
export interface HistoryStore {
  /** What opening found damaged. */
  readonly problems: readonly StoreProblem[];

  /**
   * Adds versions in the given order and resolves, in that order, once they are durable. Calls that arrive together
   * share one sync. After a rejection nothing of the call was acknowledged.
   */
  append(drafts: readonly VersionDraft[]): Promise<VersionRecord[]>;
  /** Notes that a head still has the content it had, under a new stamp. A hint: it may be forgotten by a crash. */
  noteStamps(stamps: readonly { readonly path: string; readonly stamp: FileStamp | undefined }[]): Promise<void>;

  head(path: string): Promise<Head | undefined>;
  /** Heads of existing files below a folder (`''`: all), by path. */
  heads(folder: string): Promise<Head[]>;
  /** Existing files whose head has this content, at most `limit`, by path. */
  headsOf(sha256: string, limit: number): Promise<Head[]>;
  /** Deletions since a time (ms) of files that do not exist now and last had this content, at most `limit`, newest first. */
  deletionsOf(sha256: string, since: number, limit: number): Promise<VersionRecord[]>;

  version(id: VersionId): Promise<VersionRecord>;
  /** The path of the file that a version belongs to: its present one, or its last if it does not exist now. */
  pathOf(id: VersionId): Promise<string>;
  /** The exact bytes of a version. Never empty in place of an error. */
  content(id: VersionId): Promise<Uint8Array>;
  /**
   * A file's versions across renames, newest first; by its present path, or by its last if it is deleted. With `before`
   * a version of another file that had the path last, that one's.
   */
  versions(path: string, page: PageQuery): Promise<VersionRecord[]>;
  /** The version that a path had at a time (ms), a deletion included; undefined before its first. */
  versionAt(path: string, time: number): Promise<VersionRecord | undefined>;
  recent(query: RecentQuery): Promise<VersionRecord[]>;
  /** The last deletion of each file that does not exist now, newest first. */
  deletedFiles(limit: number): Promise<VersionRecord[]>;
  statistics(): Promise<StoreStatistics>;
  /** The newest time (ms) at which the store is known to have been recording; undefined for a new store. */
  lastSeen(): Promise<number | undefined>;
  /** Notes that the store is recording now, for {@link lastSeen}; cheap, may lag a crash by its interval. */
  noteSeen(): Promise<void>;

  /** Resolves when everything appended so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
