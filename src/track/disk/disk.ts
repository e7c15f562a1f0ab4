import type { FileIdentity, FileStamp } from '../../model/stamp';

export interface FileObservation {
  readonly state: 'file';
  readonly bytes: Uint8Array;
  readonly mtimeMs: number;
  /** When the file or its name last changed in any way; ms since the epoch. */
  readonly changedMs: number;
  /** Absent while the file is so fresh that another write could leave its stamp the same. */
  readonly stamp: FileStamp | undefined;
  readonly identity: FileIdentity | undefined;
  /** The permission bits; undefined where files have none. */
  readonly mode: number | undefined;
}

export interface TooLargeObservation {
  readonly state: 'too large';
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly changedMs: number;
  readonly stamp: FileStamp | undefined;
  readonly identity: FileIdentity | undefined;
  readonly mode: number | undefined;
}

/** The state of a path on disk. `other`: a socket, a device, a link that leads outside; Obby records none of these. */
export type Observation =
  | FileObservation
  | TooLargeObservation
  | { readonly state: 'missing' | 'directory' | 'other' }
  | { readonly state: 'unreadable'; readonly error: Error };

/**
 * The kind of a path, without reading it. `missing`: there is nothing that Obby records, but there may be a pipe, a link
 * that leads to no file, or a link to a folder above the path. `other`: a link to a file.
 */
export type DiskEntry =
  | { readonly state: 'file'; readonly identity: FileIdentity | undefined; /** Bytes. */ readonly size: number }
  | { readonly state: 'missing' | 'directory' | 'other' };

/** What a file is to hold. */
export interface FileContent {
  readonly bytes: Uint8Array;
  readonly mode?: number | undefined;
}

/** Called with what a file held when it was replaced or deleted. If it rejects, the file stays as it was. */
export type Keep = (replaced: Observation) => Promise<void>;

/** The workspace folder on disk; paths are relative to it, with `/`. */
export interface Disk {
  /**
   * Never rejects: an unreadable file is an observation. The bytes are of one point in time, except of a file that is
   * written all the time: those are as another program would copy them, and have no stamp.
   */
  observe(path: string): Promise<Observation>;
  /** Rejects when the kind cannot be found out. */
  entry(path: string): Promise<DiskEntry>;
  /** About how many bytes observing a path takes; 0 when it cannot be known. */
  sizeOf(path: string): number;
  /** When the nearest existing folder above a path last gained or lost an entry; ms since the epoch. */
  changedAbove(path: string): number | undefined;
  /** When a folder above a path was itself changed, such as moved, with no entry added since; ms since the epoch. */
  movedAbove(path: string): number | undefined;
  /** Watched files below a folder. */
  watchedBelow(path: string): string[];
  /** Rejects a path that can be neither written nor removed, because of what is there now. */
  requireChangeable(path: string): Promise<void>;
  /**
   * Creates or overwrites a regular file; never outside the workspace folder. Without a mode, an existing file keeps its
   * own, and a new one gets that of any new file. Resolves with the folders that it created, the outermost first.
   */
  write(path: string, file: FileContent, keep: Keep): Promise<readonly string[]>;
  /** Gives a regular file these permission bits; the file stays the same one. */
  setMode(path: string, mode: number): Promise<void>;
  /** Deletes a regular file; a missing one counts as deleted. */
  remove(path: string, keep: Keep): Promise<void>;
  /** Deletes a folder if it is empty. */
  removeFolder(path: string): Promise<void>;
  /**
   * Deletes what a process that was ended left in a folder (`''`: the root) while it replaced a file; resolves with the
   * paths of files whose content is not recorded, which stay.
   */
  removeLeftovers(folder: string, isRecorded: (bytes: Uint8Array) => Promise<boolean>): Promise<string[]>;
}
