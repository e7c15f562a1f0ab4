import type { VersionId, VersionRecord } from './version';

/** Half-open, 0-based: the lines from `start` up to, not including, `end`. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Of which text the lines are meant, and how many answers. */
export interface LinesQuery {
  /** The text of an editor, saved or not; default: the newest version. */
  readonly text?: string;
  /** VS Code's names of the encodings to try before guessing. */
  readonly encodings?: readonly string[];
}

export interface LineHistoryQuery extends LinesQuery {
  readonly limit?: number;
  /** Only what is older than this version. */
  readonly before?: VersionId;
}

/** A version that changed the lines, or that had them first. */
export interface LineVersionRecord {
  readonly version: VersionRecord;
  /** Where the lines are in the version; empty if it removed all of them. */
  readonly range: LineRange;
  /** The version before it that had a text, and where the lines were there; an empty range where they came. */
  readonly before?: { readonly version: VersionRecord; readonly range: LineRange };
}

/** For each line the version that last changed it. */
export interface LineOriginsRecord {
  /** Newest first; each changed at least one of the lines. */
  readonly versions: readonly VersionRecord[];
  /** For each line the index of its version in `versions`; -1: no version has it yet. */
  readonly lines: readonly number[];
}
