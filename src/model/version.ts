/** Opaque, unique across windows and machines; see {@link isVersionId} for its form. */
export type VersionId = string;

const versionId = /^v1-[0-9a-z]{9}-[0-9a-z]{6,13}-[0-9a-z]+$/;

/** Whether a string has the form of a version id: `v1-<time, base 36>-<writer>-<sequence>`. */
export function isVersionId(value: unknown): value is VersionId {
  return typeof value === 'string' && versionId.test(value);
}

const publicId = /^v1-[0-9a-z]{9}-[0-9a-z]{6,13}-[0-9a-z]+@[0-9a-f]{12}$/;

/** Whether a string has the form of a version id that knows its history, as the public API gives it: `<id>@<history>`. */
export function isPublicVersionId(value: unknown): value is VersionId {
  return typeof value === 'string' && publicId.test(value);
}

/** What happened to the file. */
export type ChangeKind = 'created' | 'modified' | 'deleted' | 'renamed';

/** The possible causes of a version. */
export const causes = [
  'save',
  'terminal',
  'task',
  'debug',
  'git',
  'edit by extension',
  'rename',
  'restore',
  'baseline',
  'offline',
  'external',
] as const;
export type Cause = (typeof causes)[number];

/** What git did to the working tree. */
export const gitOperations = [
  'checkout',
  'reset',
  'pull',
  'merge',
  'rebase',
  'cherry-pick',
  'revert',
  'stash',
  'clone',
] as const;
export type GitOperation = (typeof gitOperations)[number];

/** Details of the cause. No text is longer than {@link causeTextLimits} allows. */
export interface CauseDetail {
  /** `save`: what triggered it; `beforeRestore` is unsaved text that a restore replaced. */
  readonly save?: 'manual' | 'auto' | 'focusOut' | 'beforeRestore';
  /** `save`: a formatter changed the text during the save. */
  readonly formatted?: true;
  /** `terminal`, and `git` run in a terminal: the command line, with what looks like a secret masked. */
  readonly command?: string;
  /** `terminal`: the absolute path of its working directory, if the shell reports it. */
  readonly cwd?: string;
  /** `task`, `debug`: its name. */
  readonly name?: string;
  /** `git`: the operation; absent while it is running. */
  readonly operation?: GitOperation;
  /** `git`: the branch, tag or abbreviated commit before and after. */
  readonly from?: string;
  readonly to?: string;
  /** `restore`: the restored version. */
  readonly restored?: VersionId;
  /**
   * `offline`, and `external` found by a scan: it happened between this time (ms since the epoch) and the version's
   * time.
   */
  readonly since?: number;
  /** `rename` between workspace folders: the URI before, or for the deletion the URI now. */
  readonly movedFrom?: string;
  readonly movedTo?: string;
  /** When (ms since the epoch) the content was forgotten, for a version that is `forgotten`. */
  readonly forgotten?: number;
}

/** The longest texts of a cause, in UTF-16 units; longer ones are cut beforehand, and longer URIs left out. */
export const causeTextLimits = {
  command: 500,
  cwd: 1_000,
  name: 200,
  from: 200,
  to: 200,
  movedFrom: 4_000,
  movedTo: 4_000,
} as const;

/** How sure Obby is of the cause. */
export type Confidence = 'certain' | 'likely';

/** Why a version's content is not in the store. */
export type Unstored = 'too large' | 'unreadable' | 'forgotten';

/** One recorded state of one file, as the store keeps it: `path` is relative to the folder, with `/`. */
export interface VersionRecord {
  readonly id: VersionId;
  readonly path: string;
  readonly kind: ChangeKind;
  readonly cause: Cause;
  readonly causeDetail?: CauseDetail;
  readonly confidence: Confidence;
  /**
   * When it was recorded, in ms since the epoch, by the system's clock then. Versions are listed in the order of recording:
   * times rise within one file's history, except where the clock was set back.
   */
  readonly time: number;
  /** Bytes; 0 for a deletion. */
  readonly size: number;
  /** SHA-256 of the exact bytes, lower-case hex; absent for a deletion and for an unstored version that could not be read. */
  readonly sha256?: string;
  /**
   * Lines added and removed since `previous`; absent for binary and unstored versions, and when the previous version
   * was dropped.
   */
  readonly added?: number;
  readonly removed?: number;
  /** Only line endings differ from the previous version. */
  readonly eolOnly: boolean;
  readonly binary: boolean;
  /**
   * The permission bits of the file (0 to 0o777); absent for a deletion, on Windows, and where they were not recorded.
   */
  readonly mode?: number;
  /** The mode of `previous`, if both are known and differ. */
  readonly previousMode?: number;
  /** Set when the content was noted but not stored. */
  readonly unstored?: Unstored;
  readonly label?: string;
  readonly pinned: boolean;
  /** The version of the same file before this one. */
  readonly previous?: VersionId;
  /** The path before a rename. */
  readonly renamedFrom?: string;
  /** Shared by all versions of one change set. */
  readonly changeSet: string;
}

/** Whether two modes are known and differ. */
export function isOtherMode(mode: number | undefined, other: number | undefined): mode is number {
  return mode !== undefined && other !== undefined && mode !== other;
}

/** Which versions to list; all bounds are optional, newest first. */
export interface FolderRecentQuery {
  /** ms since the epoch, inclusive. */
  readonly since?: number;
  /** ms since the epoch, exclusive. */
  readonly until?: number;
  /** Default 50, at most 10,000. */
  readonly limit?: number;
  readonly cause?: Cause;
}

/** A page of one file's versions, newest first. */
export interface PageQuery {
  /** Default 100, at most 10,000. */
  readonly limit?: number;
  /** Only versions older than this one, or than this time in ms since the epoch. */
  readonly before?: VersionId | number;
  /** Instead the versions of other files at the path: those that were deleted, replaced or moved away from it. */
  readonly earlier?: boolean;
}
