import type { ChangeKind, VersionId, VersionRecord } from './version';

/** What one event did to a folder: a save, a command, a checkout. */
export interface ChangeSetRecord {
  /** What its versions have as their `moment`. */
  readonly id: string;
  /** Its newest version: what the event's time and cause are taken from. */
  readonly newest: VersionRecord;
  /** The time of its oldest version, in ms since the epoch. */
  readonly since: number;
  /** Files of which it has versions. */
  readonly files: number;
  readonly versions: number;
  /** Versions of each kind. */
  readonly kinds: Readonly<Record<ChangeKind, number>>;
  /** Lines added and removed, where lines count. */
  readonly added: number;
  readonly removed: number;
}

/** Which moments to list, newest first; a moment's place is that of its newest version. All bounds are optional. */
export interface FolderChangeSetQuery {
  /** ms since the epoch, inclusive. */
  readonly since?: number;
  /** ms since the epoch, exclusive. */
  readonly until?: number;
  /** Default 50, at most 1,000. */
  readonly limit?: number;
  /** The next page: only moments before the one that has this newest version. */
  readonly before?: VersionId;
}

/** Which versions of a moment to list, in the order of their paths. */
export interface ChangesPage {
  /** Default 100, at most 10,000. */
  readonly limit?: number;
  /** How many to leave out at the beginning. */
  readonly offset?: number;
}

/** The time at which a moment began is the first part of its id, in base 36. */
export function changeSetId(beganMs: number, rest: string): string {
  return `${Math.floor(beganMs).toString(36)}-${rest}`;
}

/** When a moment began (ms); undefined when its id does not tell. */
export function startOf(changeSet: string): number | undefined {
  const [digits] = /^[0-9a-z]{1,10}(?=-)/.exec(changeSet) ?? [];
  return digits === undefined ? undefined : parseInt(digits, 36);
}

/** What goes on for longer becomes several moments, so that the versions of one are found near its beginning. */
export const maxChangeSetMs = 10 * 60_000;
