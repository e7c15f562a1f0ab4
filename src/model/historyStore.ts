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
import type { PageQuery, FolderRecentQuery, VersionId, VersionRecord } from './version';

/** A version before the store gave it an id, its place in the file's history and its final time. */
export interface VersionDraft extends Omit<VersionRecord, 'id' | 'previous' | 'pinned' | 'label'> {
  /** The exact bytes; absent for a deletion and for an unstored version. Not to be changed before `append` settles. */
  readonly content?: Uint8Array;
  readonly stamp?: FileStamp;
}

/** As much of a version as recording needs, which asks for one a file. */
export type HeadVersion = Pick<
  VersionRecord,
  'id' | 'path' | 'kind' | 'time' | 'size' | 'sha256' | 'unstored' | 'binary'
>;

/** A head, or a version of which more is known: enough to read what the file held. */
export type ReadableVersion = HeadVersion & Pick<VersionRecord, 'previous'>;

/** The newest version of a file that exists. */
export interface Head {
  readonly version: HeadVersion;
  /** Absent when the file must be read to know whether it changed. */
  readonly stamp?: FileStamp;
}

/** What a comparison with the disk needs of an existing file. */
export interface HeadStamp {
  readonly path: string;
  /** Absent when the file must be read to know whether it changed. */
  readonly stamp?: FileStamp;
  /** Its newest version was noted without content. */
  readonly isUnstored: boolean;
}

/** Something of the store that could not be used, and what became of it. */
export interface StoreProblem {
  /** File name inside the store's folder. */
  readonly file: string;
  /** For people: what happened and what was done. */
  readonly message: string;
}

/** Which versions to forget: those that every member given selects. See `ForgetRequest`. */
export interface Selection {
  /** The file whose whole history is meant. */
  readonly path?: string;
  readonly matches?: (path: string) => boolean;
  /** ms since the epoch, inclusive. */
  readonly since?: number;
  /** ms since the epoch, exclusive. */
  readonly until?: number;
  /** Contents that hold any of these; their rows stay, without content. */
  readonly bytes?: readonly Uint8Array[];
}

/** Of a very large history, the counts may be a minute old. */
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
 * exists ends that file's history with a deletion of its own, just before: it is among the `deletedFiles`. Unless a
 * later rename of the same `append` is from that path: then that one continues it, so that files can be exchanged.
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
  /** Of existing files below a folder (`''`: all), in no order. Far cheaper than {@link heads}. */
  stamps(folder: string): Promise<HeadStamp[]>;
  /** Existing files whose head has this content, at most `limit`, by path. */
  headsOf(sha256: string, limit: number): Promise<Head[]>;
  /** Deletions since a time (ms) of files that do not exist now and last had this content, at most `limit`, newest first. */
  deletionsOf(sha256: string, since: number, limit: number): Promise<VersionRecord[]>;

  version(id: VersionId): Promise<VersionRecord>;
  /** The path of the file that a version belongs to: its present one, or its last if it does not exist now. */
  pathOf(id: VersionId): Promise<string>;
  /** The exact bytes of a version. Never empty in place of an error. */
  content(version: VersionId | HeadVersion): Promise<Uint8Array>;
  /**
   * A file's versions across renames, newest first; by its present path, or by its last if it is deleted. With `before`
   * a version of another file that had the path last, that one's.
   */
  versions(path: string, page: PageQuery): Promise<VersionRecord[]>;
  /** The version that a path had at a time (ms), a deletion included; undefined before its first. */
  versionAt(path: string, time: number): Promise<VersionRecord | undefined>;
  recent(query: FolderRecentQuery): Promise<VersionRecord[]>;
  /** What happened together, newest first. */
  changeSets(query: FolderChangeSetQuery): Promise<ChangeSetRecord[]>;
  /** The versions that were recorded in the same event as one, itself included, by path. */
  changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]>;
  /** The last deletion of each file that does not exist now, newest first. */
  deletedFiles(limit: number): Promise<VersionRecord[]>;
  statistics(): Promise<StoreStatistics>;
  /** The newest time (ms) at which the store is known to have been recording; undefined for a new store. */
  lastHeartbeat(): Promise<number | undefined>;
  /** Notes that the store is recording now, for {@link lastHeartbeat}; cheap, may lag a crash by its interval. */
  writeHeartbeat(): Promise<void>;

  /** Names the present moment, or a past one. */
  label(name: string, time?: number): Promise<LabelRecord>;
  /** Newest first. */
  labels(): Promise<LabelRecord[]>;
  removeLabel(id: string): Promise<void>;
  /** A pinned version is never dropped; `false` takes the pin away. */
  pin(id: VersionId, pinned: boolean): Promise<VersionRecord>;

  /** Says what may be dropped from now on; until then nothing is. */
  setRetention(policy: RetentionPolicy): void;
  /**
   * One small step of what keeps the store small and sound (sealing, merging, dropping, checking a part); true when
   * there is more to do. To be called while nothing else happens.
   */
  maintain(): Promise<boolean>;
  planForget(selection: Selection): Promise<ForgetPlanRecord>;
  /** Removes what is selected from every file of the store; resolves when no byte of it is left. */
  forget(selection: Selection): Promise<FolderForgetResult>;
  /** Reads everything back, mends what can be mended and sets aside what cannot. */
  check(onProgress?: (done: number, total: number) => void): Promise<CheckReport>;
  /** Writes the histories of the files whose path matches to one portable file at an absolute path. */
  exportTo(target: string, matches: (path: string) => boolean): Promise<Transfer>;
  /** Adds what a portable file holds and is not known yet. */
  importFrom(source: string): Promise<Transfer>;
  storage(): Promise<StorageFacts>;

  /** Resolves when everything appended so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
