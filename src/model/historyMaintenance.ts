import type { VersionId } from './version';

/** How much history is kept. The newest version and the last stored content of each file, pins and labelled states always stay. */
export interface RetentionPolicy {
  /** Bytes on disk of one folder's history; when it is exceeded, old versions of what takes most go first. */
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

/** A named moment: every file's state at its time stays. */
export interface LabelRecord {
  /** Unique; opaque. */
  readonly id: string;
  readonly name: string;
  /** ms since the epoch. */
  readonly time: number;
}

/**
 * What shall be forgotten: all that every member given selects. A `text` takes the content of each version that
 * contains it, in any encoding that Obby reads, and leaves a row that says so; anything else takes the versions themselves.
 */
export interface FolderForgetRequest {
  /** The whole history of the file that has this path now or had it last, across its renames. */
  readonly path?: string;
  /** Every path that this line of an ignore file would match, also below folders that it matches. */
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
  /** By path; at most 1,000, `isCut` says that there are more. */
  readonly files: readonly { readonly path: string; readonly versions: number }[];
  readonly isCut: boolean;
}

/** A {@link ForgetPlanRecord}, and what would come back after it. */
export interface ForgetPreview extends ForgetPlanRecord {
  /**
   * Watched files that are on disk now and would be recorded again, by path, at most 1,000: those that hold the text,
   * or else those whose newest version goes.
   */
  readonly onDisk: readonly string[];
}

export interface FolderForgetResult extends ForgetPlanRecord {
  /** Bytes on disk that became free. */
  readonly freedBytes: number;
}

/** A version whose content cannot be given back as it was. */
export interface DamagedVersion {
  readonly id: VersionId;
  readonly path: string;
  readonly time: number;
  /** The file of the store that holds it, by name. */
  readonly file: string;
  /** For people. */
  readonly message: string;
}

/** What a check of the whole history found. */
export interface CheckReport {
  /** ms since the epoch. */
  readonly time: number;
  readonly versions: number;
  readonly contents: number;
  /** Bytes of the store that were read back. */
  readonly bytes: number;
  /** At most 1,000. */
  readonly damaged: readonly DamagedVersion[];
  readonly damagedCount: number;
  /** For people: what was mended, and what was set aside. */
  readonly repairs: readonly string[];
}

/** What an export or import moved. */
export interface Transfer {
  readonly versions: number;
  readonly files: number;
  /** Bytes of the portable file. */
  readonly bytes: number;
  /** Versions of an import that were there already. */
  readonly known: number;
}

/** What retention dropped, and why. */
export interface Dropping {
  /** ms since the epoch. */
  readonly time: number;
  readonly why: 'age' | 'quota';
  readonly versions: number;
  /** Bytes on disk that became free. */
  readonly bytes: number;
}

/** What a history takes, for the Storage page. */
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
  /** Bytes that a full copy of every version would take. */
  readonly fullBytes: number;
  /** Time (ms) of the oldest version; absent for an empty history. */
  readonly oldest?: number;
  readonly newest?: number;
  readonly pins: number;
  readonly labels: number;
  readonly lastCheck?: { readonly time: number; readonly damagedCount: number };
  /** Newest first, at most 20. */
  readonly droppings: readonly Dropping[];
  /** First-level folders (`''`: files at the top), largest first, at most 50: what their contents take in the store. */
  readonly folders: readonly { readonly path: string; readonly bytes: number; readonly versions: number }[];
  /** Set when what must stay is over the quota: bytes on disk that cannot be dropped. */
  readonly overQuotaBytes?: number;
}
