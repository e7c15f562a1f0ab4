import type { ChangeKind, VersionId, VersionRecord } from './version';

/** The changes of a folder that belong together: those of one save, command or checkout. */
export interface ChangeSetRecord {
  /** The `changeSet` of its versions. */
  readonly id: string;
  /** Its newest version, whose time and cause are those of the change set. */
  readonly newest: VersionRecord;
  /** The time of its oldest version, in ms since the epoch. */
  readonly since: number;
  /** The number of files. */
  readonly files: number;
  readonly versions: number;
  /** The number of versions of each kind. */
  readonly kinds: Readonly<Record<ChangeKind, number>>;
  /** Lines added and removed, of versions that have line counts. */
  readonly added: number;
  readonly removed: number;
}

/** Which change sets to list, newest first, by their newest versions. All bounds are optional. */
export interface FolderChangeSetQuery {
  /** ms since the epoch, inclusive. */
  readonly since?: number;
  /** ms since the epoch, exclusive. */
  readonly until?: number;
  /** Default 50, at most 1,000. */
  readonly limit?: number;
  /** The next page: only change sets before the one that has this newest version. */
  readonly before?: VersionId;
}

/** Which versions of a change set to list, in the order of their paths. */
export interface ChangesPage {
  /** Default 100, at most 10,000. */
  readonly limit?: number;
  /** How many to skip. */
  readonly offset?: number;
}

/** The id of a change set begins with its start time in base 36. */
export function changeSetId(beganMs: number, rest: string): string {
  return `${Math.floor(beganMs).toString(36)}-${rest}`;
}

/** When a change set began (ms); undefined for an id of another form. */
export function changeSetStart(changeSet: string): number | undefined {
  const [digits] = /^[0-9a-z]{1,10}(?=-)/.exec(changeSet) ?? [];
  return digits === undefined ? undefined : parseInt(digits, 36);
}

/** The id of changes that were made since a time (ms), long before the call of the recorder that found them. */
export function changeSetSince(foundBy: string, since: number): string {
  return `${foundBy}-${Math.floor(since).toString(36)}`;
}

/** The earliest time (ms) that a version of a change set can have; undefined for an id of another form. */
export function earliestTimeIn(changeSet: string): number | undefined {
  const start = changeSetStart(changeSet);
  const [, since] = /^[0-9a-z]+-[0-9a-z]+-([0-9a-z]{1,10})$/.exec(changeSet) ?? [];
  return start === undefined || since === undefined ? start : Math.min(start, parseInt(since, 36));
}

/** Longer activity becomes several change sets, so that the versions of one are found near its start. */
export const maxChangeSetMs = 10 * 60_000;
