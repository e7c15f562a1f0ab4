import type { VersionId, VersionRecord } from './version';

/** A file that a change set deleted, or that lost most of its content. */
export interface LossRecord {
  /** The deletion, or the version with the remaining content. */
  readonly version: VersionRecord;
  /** The version before, with the lost content. */
  readonly lost: VersionId;
  /** The size of the lost content in bytes. */
  readonly size: number;
  /** Another file holds the same bytes. */
  readonly isElsewhere: boolean;
  /** Git has the same bytes among its objects, so they can be restored from a commit, a stash or the index. */
  readonly isInGit: boolean;
}

/** The losses of a change set. */
export interface LossesRecord {
  /** Rule files first, then what exists nowhere else, then by path; at most 1,000. */
  readonly files: readonly LossRecord[];
  readonly total: number;
  /** How many of them exist neither in another file nor in git. */
  readonly nowhereElse: number;
  /** The change set has more versions than were examined. */
  readonly isCut: boolean;
}

/** Whether a change may be a loss, judged by its version alone. A version without line counts may be one. */
export function mayBeLoss(version: VersionRecord): boolean {
  const { kind, cause, size, added = 0, removed, binary } = version;
  if (cause === 'restore') return false;
  if (kind !== 'modified' || size === 0) return kind === 'deleted' || kind === 'modified';
  return removed === undefined ? !binary : removed > 4 * added + 10;
}

/** Whether a file of `before` bytes that now has `after` bytes has lost most of its content. */
export function isMassDeletion(before: number, after: number): boolean {
  return before > 0 && (after === 0 || (before >= 200 && after * 5 <= before));
}
