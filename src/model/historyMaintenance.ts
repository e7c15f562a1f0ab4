import type { VersionId } from './version';

/**
 * How much history is kept. The newest version and the last stored content of each file, pins and labelled states are
 * always kept.
 */
export interface RetentionPolicy {
  /**
   * Bytes on disk of one folder's history. Above it, old versions of the files that take the most space are dropped
   * first.
   */
  readonly quotaBytes: number;
  /** Every version is kept until it is this old (ms); then one an hour... */
  readonly keepAllMs: number;
  /** ...until it is this old (ms); then one a day. */
  readonly keepHourlyMs: number;
}

const dayMs = 86_400_000;

export const defaultRetention: RetentionPolicy = {
  quotaBytes: 1 << 30,
  keepAllMs: 7 * dayMs,
  keepHourlyMs: 30 * dayMs,
};

/** A named time: the state of every file at that time is kept. */
export interface LabelRecord {
  /** Unique; opaque. */
  readonly id: string;
  readonly name: string;
  /** ms since the epoch. */
  readonly time: number;
}

/**
 * What to forget: the versions that every given member selects. `text` removes only the content of each version that
 * contains it, in UTF-8, UTF-16 or Latin-1, and keeps its row; without it the versions themselves are removed.
 */
export interface FolderForgetRequest {
  /** The whole history of the file that has this path now or had it last, across its renames. */
  readonly path?: string;
  /** All paths that this line of an ignore file would match, including those below a matching folder. */
  readonly pattern?: string;
  /** ms since the epoch, inclusive. */
  readonly since?: number;
  /** ms since the epoch, exclusive. */
  readonly until?: number;
  readonly text?: string;
}

/** What a {@link FolderForgetRequest} selects. */
export interface ForgetPlanRecord {
  readonly versions: number;
  /** By path; at most 1,000. `isCut`: there are more. */
  readonly files: readonly { readonly path: string; readonly versions: number }[];
  readonly isCut: boolean;
  /** Labels that lose their names, which contain the text; absent for none. */
  readonly labels?: number;
}

/** A {@link ForgetPlanRecord}, and what would be recorded again after it. */
export interface ForgetPreview extends ForgetPlanRecord {
  /**
   * Watched files on disk that would be recorded again, by path, at most 1,000: those that contain the text, or those
   * whose newest version is removed.
   */
  readonly onDisk: readonly string[];
}

export interface FolderForgetResult extends ForgetPlanRecord {
  /** Bytes freed on disk. */
  readonly freedBytes: number;
}

/** A version whose content cannot be read back exactly. */
export interface DamagedVersion {
  readonly id: VersionId;
  readonly path: string;
  readonly time: number;
  /** The name of the store's file that holds it. */
  readonly file: string;
  /** For people. */
  readonly message: string;
}

/** The result of a check of the whole history. */
export interface CheckReport {
  /** ms since the epoch. */
  readonly time: number;
  readonly versions: number;
  readonly contents: number;
  /** Bytes of the store that were read. */
  readonly bytes: number;
  /** At most 1,000. */
  readonly damaged: readonly DamagedVersion[];
  readonly damagedCount: number;
  /** For people: what was repaired, and what was set aside. */
  readonly repairs: readonly string[];
}

/** What an export or import transferred. */
export interface Transfer {
  readonly versions: number;
  readonly files: number;
  /** Bytes of the portable file. */
  readonly bytes: number;
  /** Imported versions that the history already had. */
  readonly known: number;
}

/** What retention dropped, and why. */
export interface Dropping {
  /** ms since the epoch. */
  readonly time: number;
  readonly why: 'age' | 'quota';
  readonly versions: number;
  /** Bytes freed on disk. */
  readonly bytes: number;
}

/** The size of a history, for the Storage page. */
export interface StorageFacts {
  /** Bytes on disk, by kind of file. */
  readonly bytes: {
    readonly journals: number;
    readonly segments: number;
    readonly catalog: number;
    readonly other: number;
  };
  readonly totalBytes: number;
  readonly quotaBytes: number;
  readonly versions: number;
  readonly files: number;
  readonly contents: number;
  /** Bytes that full copies of all versions would take. */
  readonly fullBytes: number;
  /** Time (ms) of the oldest version; absent for an empty history. */
  readonly oldest?: number;
  readonly newest?: number;
  readonly pins: number;
  readonly labels: number;
  readonly lastCheck?: { readonly time: number; readonly damagedCount: number };
  /** Newest first, at most 20. */
  readonly droppings: readonly Dropping[];
  /**
   * Top-level folders (`''`: files at the root) and what their contents take in the store, largest first, at most 50.
   */
  readonly folders: readonly { readonly path: string; readonly bytes: number; readonly versions: number }[];
  /** Set when what must be kept exceeds the quota: bytes on disk that cannot be dropped. */
  readonly overQuotaBytes?: number;
}

/** A history in the folder that holds all histories. */
export interface KeptHistory {
  /** The name of its folder there, which identifies it. */
  readonly name: string;
  /** Absolute path of its workspace folder; absent if that is not known. */
  readonly root?: string;
  /** Whether there is something at that path. */
  readonly isRootThere: boolean;
  /** Bytes on disk. */
  readonly bytes: number;
  /** When it was last recorded, in ms since the epoch. */
  readonly lastUsed: number;
  /** A window has it open. */
  readonly isOpen: boolean;
}
