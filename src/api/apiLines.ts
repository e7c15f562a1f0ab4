import type { Uri } from 'vscode';
import type { LineRange } from '../model/lines';
import type { VersionId } from '../model/version';
import type { Version } from './apiVersion';

/** A version that changed the lines, or that had them first. */
export interface LineVersion {
  readonly version: Version;
  /** Where the lines are in the version. */
  readonly range: LineRange;
  /** The version before it that had a text, and where the lines were there; an empty range where they came. */
  readonly before?: { readonly version: Version; readonly range: LineRange };
}

/** For each line the version that last changed it. */
export interface LineOrigins {
  /** Newest first; each changed at least one of the lines. */
  readonly versions: readonly Version[];
  /** For each line the index of its version in `versions`; -1: no version has it yet. */
  readonly lines: readonly number[];
}

export interface LinePage {
  /** Default 50, at most 10,000. */
  readonly limit?: number;
  /** Only versions older than this one. */
  readonly before?: VersionId;
}

/**
 * Lines are those of the open editor of the file, saved or not, else of its newest version. They are followed back through
 * edits elsewhere, moves within the file, renames, deletions that were undone, and changes of white space and wrapping
 * alone, which count as no change.
 */
export interface LineCalls {
  /** The versions that changed some lines, newest first; the last one had them first. */
  lineHistory(uri: Uri, range: LineRange, page?: LinePage): Promise<LineVersion[]>;
  lines(uri: Uri): Promise<LineOrigins>;
}
