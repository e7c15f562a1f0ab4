import type { Uri } from 'vscode';
import type { TimesChange } from '../model/times';
import type { Version } from './apiVersion';

/** A file that differs between two times; at least one of both is there. */
export interface TimesDifference {
  /** `renamed`, also where its content changed too. */
  readonly change: TimesChange;
  /** The version of the earlier time; absent for `added`. */
  readonly before?: Version;
  /** The version of the later time; absent for `deleted`. */
  readonly after?: Version;
}

/** Times are ms since the epoch or Dates; a folder is a workspace folder or one below it. */
export interface TimeCalls {
  /** Every watched file of a folder as it was at a time, with its version, by path. */
  folderAt(folder: Uri, time: number | Date): Promise<Version[]>;
  /** What differs between two times, or between a time and now, by path. */
  compareTimes(folder: Uri, from: number | Date, to?: number | Date): Promise<TimesDifference[]>;
}
