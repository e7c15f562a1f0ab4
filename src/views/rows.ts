import type { Version } from '../api';

/** The rows of the history trees. Commands in their menus receive them. */
export interface VersionRow {
  readonly type: 'version';
  readonly version: Version;
  /** The time needs its seconds, since a neighbour shares its minute. */
  readonly withSeconds: boolean;
}

export interface DayRow {
  readonly type: 'day';
  readonly key: string;
  readonly label: string;
  readonly children: readonly (VersionRow | FoldedRow)[];
}

/** Versions that differ from the one before only in line endings, folded away. */
export interface FoldedRow {
  readonly type: 'folded';
  readonly key: string;
  readonly count: number;
}

/** Several files that changed in one event. */
export interface MomentRow {
  readonly type: 'moment';
  readonly moment: string;
  readonly children: readonly FileRow[];
  /** More of its files may follow on the next page. */
  readonly isPartial: boolean;
}

/** A version in a list of many files. */
export interface FileRow {
  readonly type: 'version';
  readonly version: Version;
  /** The row stands below its moment. */
  readonly inMoment: boolean;
}

/** Older versions exist. */
export interface MoreRow {
  readonly type: 'more';
  /** So many are listed that no more can be. */
  readonly isFull: boolean;
}

export type HistoryRow = DayRow | VersionRow | FoldedRow | MoreRow;
export type RecentRow = MomentRow | FileRow | MoreRow;

/** The version of a row of either tree, for a command that received anything. */
export function versionOfRow(value: unknown): Version | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const row = value as Partial<VersionRow>;
  return row.type === 'version' ? row.version : undefined;
}
