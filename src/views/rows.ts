import type { Uri } from 'vscode';
import type { Label, Moment, Version, VersionId } from '../api';

/** The rows of the history trees. Commands in their menus receive them. */
export interface VersionRow {
  readonly type: 'version';
  readonly version: Version;
  /** Where the file is now: after a rename its older versions have another path. */
  readonly file: Uri;
  /** The time needs its seconds, since a neighbour shares its minute. */
  readonly withSeconds: boolean;
}

export interface DayRow {
  readonly type: 'day';
  readonly key: string;
  readonly label: string;
  readonly children: readonly (VersionRow | LabelRow | MovedRow | FoldedRow)[];
}

/** The file came from another workspace folder, or went there, where the rest of its history is. */
export interface MovedRow {
  readonly type: 'moved';
  readonly version: VersionId;
  readonly way: 'from' | 'to';
  /** URI of the file there. */
  readonly other: string;
}

/** A named moment, of one workspace folder or several. */
export interface LabelRow {
  readonly type: 'label';
  readonly name: string;
  /** ms since the epoch. */
  readonly time: number;
  /** One a folder, at least one. */
  readonly labels: readonly Label[];
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
  readonly moment: Moment;
}

/** More files changed in an event than are listed. */
export interface MoreFilesRow {
  readonly type: 'moreFiles';
  readonly moment: MomentRow;
  /** Versions that are not listed. */
  readonly rest: number;
  /** So many are listed that no more can be. */
  readonly isFull: boolean;
}

/** A version in a list of many files. */
export interface FileRow {
  readonly type: 'version';
  readonly version: Version;
  readonly file?: undefined;
  /** The row stands below its moment. */
  readonly inMoment: boolean;
}

/** Older versions exist. */
export interface MoreRow {
  readonly type: 'more';
  /** How many are listed. */
  readonly shown: number;
  /** So many are listed that no more can be. */
  readonly isFull: boolean;
}

export type HistoryRow = DayRow | VersionRow | LabelRow | MovedRow | FoldedRow | MoreRow;
export type RecentRow = MomentRow | FileRow | LabelRow | MoreFilesRow | MoreRow;

/** The row of a version that a command received, if that is what it received. */
export function asVersionRow(value: unknown): VersionRow | FileRow | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<VersionRow>).type === 'version'
    ? (value as VersionRow | FileRow)
    : undefined;
}

/** The event of a row that a command received, if that is what it received. */
export function asMomentRow(value: unknown): MomentRow | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<MomentRow>).type === 'moment'
    ? (value as MomentRow)
    : undefined;
}

/** The row of a label that a command received, if that is what it received. */
export function asLabelRow(value: unknown): LabelRow | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<LabelRow>).type === 'label'
    ? (value as LabelRow)
    : undefined;
}
