import type { VersionRecord } from './version';

/** What became of a file between two times. */
export type TimesChange = 'added' | 'deleted' | 'modified' | 'renamed';

/** A file that differs between two times; at least one of both is there. */
export interface TimesDifferenceRecord {
  /** `renamed`, also where its content changed too. */
  readonly change: TimesChange;
  /** The version of the earlier time; absent for `added`. */
  readonly before?: VersionRecord;
  /** The version of the later time; absent for `deleted`. */
  readonly after?: VersionRecord;
}
