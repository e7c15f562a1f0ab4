import type { VersionId, VersionRecord } from './version';

/** A file that an event deleted, or left with little of what it held. */
export interface LossRecord {
  /** The deletion, or the version that holds so little. */
  readonly version: VersionRecord;
  /** What the file held before. */
  readonly lost: VersionId;
  /** Bytes that were lost. */
  readonly size: number;
  /** Another file holds the same bytes. */
  readonly isElsewhere: boolean;
  /** git has the same bytes among its objects: some commit, stash or the index can give them back. */
  readonly isInGit: boolean;
}

/** What an event took away. */
export interface LossesRecord {
  /** Rule files first, then what exists nowhere else, then by path; at most 1,000. */
  readonly files: readonly LossRecord[];
  readonly total: number;
  /** Of these, how many exist neither in another file nor in git. */
  readonly nowhereElse: number;
  /** The event has more versions than were looked at. */
  readonly isCut: boolean;
}

/** Whether a change may be a loss, by what the version itself tells. Where its lines were not counted, it may be. */
export function mayBeLoss(version: VersionRecord): boolean {
  const { kind, cause, size, added = 0, removed, binary } = version;
  if (cause === 'restore') return false;
  if (kind !== 'modified' || size === 0) return kind === 'deleted' || kind === 'modified';
  return removed === undefined ? !binary : removed > 4 * added + 10;
}

/** Whether a file that had so many bytes and has so many now has lost most of what it held. */
export function isMassDeletion(before: number, after: number): boolean {
  return before > 0 && (after === 0 || (before >= 200 && after * 5 <= before));
}
