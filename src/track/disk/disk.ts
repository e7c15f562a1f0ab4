import type { FileIdentity, FileStamp } from '../../model/stamp';

export interface FileObservation {
  readonly state: 'file';
  readonly bytes: Uint8Array;
  readonly mtimeMs: number;
  /** When the file, its name included, last changed in any way; ms since the epoch. */
  readonly changedMs: number;
  /** Absent while the file is so fresh that another write could leave its stamp the same. */
  readonly stamp: FileStamp | undefined;
  readonly identity: FileIdentity | undefined;
}

export interface TooLargeObservation {
  readonly state: 'too large';
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly changedMs: number;
  readonly stamp: FileStamp | undefined;
  readonly identity: FileIdentity | undefined;
}

/** What a path is on disk now. `other`: a socket, a device, a link that leads outside; nothing Obby records. */
export type Observation =
  | FileObservation
  | TooLargeObservation
  | { readonly state: 'missing' | 'directory' | 'other' }
  | { readonly state: 'unreadable'; readonly error: Error };

/** What a path is, without reading it; a link is `other`. */
export type DiskEntry =
  | { readonly state: 'file'; readonly identity: FileIdentity | undefined; /** Bytes. */ readonly size: number }
  | { readonly state: 'missing' | 'directory' | 'other' };

/** The workspace folder on disk; paths are relative to it, with `/`. */
export interface Disk {
  /** Never rejects: what cannot be read is an observation. The bytes are of one moment, never half of two. */
  observe(path: string): Promise<Observation>;
  /** Rejects when even that cannot be told. */
  entry(path: string): Promise<DiskEntry>;
  /** When something was last added to or taken from the nearest folder above a path that exists; ms since the epoch. */
  changedAbove(path: string): number | undefined;
  /** When a folder above a path was itself moved or the like, and nothing was added to it since; ms since the epoch. */
  movedAbove(path: string): number | undefined;
  /** Watched files below a folder. */
  watchedBelow(path: string): string[];
  /** Creates or overwrites a file, and its folders; never outside the workspace folder. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Deletes a file; one that is missing is deleted already. */
  remove(path: string): Promise<void>;
}
