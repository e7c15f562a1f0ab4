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

/** What wrote the version. */
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

/** What is known of the cause beyond its word. No text is longer than {@link causeTextLimits} allow. */
export interface CauseDetail {
  /** `save`: who asked for it; `beforeRestore` is unsaved text that a restore replaced. */
  readonly save?: 'manual' | 'auto' | 'focusOut' | 'beforeRestore';
  /** `save`: a formatter changed the text on its way to the disk. */
  readonly formatted?: true;
  /** `terminal`, and `git` run in one: the command line, what looks like a secret masked. */
  readonly command?: string;
  /** `terminal`: the absolute path of the folder it ran in, where the shell tells. */
  readonly cwd?: string;
  /** `task`, `debug`: its name. */
  readonly name?: string;
  /** `git`: what it did; absent while it is still at it. */
  readonly operation?: GitOperation;
  /** `git`: the branch, tag or abbreviated commit before and after. */
  readonly from?: string;
  readonly to?: string;
  /** `restore`: the version that was brought back. */
  readonly restored?: VersionId;
  /** `offline`, and `external` where a scan found it: it happened between this time and the version's own, in ms since the epoch. */
  readonly since?: number;
  /** `rename`: the URI that the file had in another workspace folder, or, for its deletion, that it has there now. */
  readonly movedFrom?: string;
  readonly movedTo?: string;
  /** When (ms since the epoch) the content was forgotten, for a version that is `forgotten`. */
  readonly forgotten?: number;
}

/** The longest texts of a cause, in UTF-16 units; longer ones are cut, or a URI left out, before they get here. */
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
  /** When it was recorded, in ms since the epoch. Strictly increasing within one file's history. */
  readonly time: number;
  /** Bytes; 0 for a deletion. */
  readonly size: number;
  /** SHA-256 of the exact bytes, lower-case hex; absent for a deletion and for an unstored version that could not be read. */
  readonly sha256?: string;
  /** Lines added and removed against `previous`; absent where lines mean nothing (binary, unstored) or that one was dropped. */
  readonly added?: number;
  readonly removed?: number;
  /** Only line endings differ from `previous`. */
  readonly eolOnly: boolean;
  readonly binary: boolean;
  /** Set when the content was noted but not stored. */
  readonly unstored?: Unstored;
  readonly label?: string;
  readonly pinned: boolean;
  /** The version of the same file before this one. */
  readonly previous?: VersionId;
  /** The path before a rename. */
  readonly renamedFrom?: string;
  /** All versions of one event share it. */
  readonly changeSet: string;
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
}
