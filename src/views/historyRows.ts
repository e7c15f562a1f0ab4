import type { Uri } from 'vscode';
import type { Version } from '../api';
import type { DayRow, FileRow, FoldedRow, HistoryRow, MomentRow, MoreRow, RecentRow, VersionRow } from './rows';
import type { TimeText } from './timeText';

/** The most versions that are listed: the API gives one more at once. */
export const maxListed = 9_999;
const pageSize = 100;
const names = new Intl.Collator(undefined, { numeric: true });

/** How many versions a list asks for, growing as more are wanted: rows that were seen stay when the list is read again. */
export class PageLimit {
  private shown = pageSize;

  /** One more than is shown tells whether older ones exist. */
  get asked(): number {
    return this.shown + 1;
  }

  grow(): void {
    this.shown = Math.min(this.shown * 2, maxListed);
  }

  reset(): void {
    this.shown = pageSize;
  }

  page(found: readonly Version[]): Page {
    return { versions: found.slice(0, this.shown), hasMore: found.length === this.asked };
  }
}

/** The newest versions of a list. */
export interface Page {
  /** Newest first. */
  readonly versions: readonly Version[];
  /** Older versions exist. */
  readonly hasMore: boolean;
}

export const emptyPage: Page = { versions: [], hasMore: false };

export interface HistoryOptions {
  /** Whose versions they are. */
  readonly file: Uri;
  readonly showLineEndings: boolean;
  readonly time: TimeText;
}

/** The tree *File History*. */
export function historyRows(page: Page, options: HistoryOptions): HistoryRow[] {
  const { time } = options;
  const days = groupBy(page.versions, (version) => time.dayKey(version.time));
  const rows = [...days].map(([key, ofDay]) => dayRow(key, ofDay, options));
  return [...rows, ...moreRows(page)];
}

/** The tree *Recent Changes*: each event stands where its newest version does. */
export function recentRows(page: Page): RecentRow[] {
  // Versions come in order, so the event of the oldest is the one that the page may have cut.
  const cut = page.hasMore ? page.versions.at(-1)?.moment : undefined;
  const moments = groupBy(page.versions, (version) => version.moment);
  const rows = [...moments].map(([moment, versions]): RecentRow => {
    const [first] = versions;
    return versions.length === 1 && first ? fileRow(first, false) : momentRow(moment, versions, moment === cut);
  });
  return [...rows, ...moreRows(page)];
}

function moreRows({ versions, hasMore }: Page): MoreRow[] {
  return hasMore ? [{ type: 'more', isFull: versions.length >= maxListed }] : [];
}

function dayRow(key: string, versions: readonly Version[], { file, showLineEndings, time }: HistoryOptions): DayRow {
  const isShown = (version: Version): boolean => showLineEndings || !version.eolOnly;
  const shown = versions.filter(isShown);
  const minutes = groupBy(shown, (version) => time.time(version.time));
  const rows = shown.map((version): VersionRow => {
    const sameMinute = minutes.get(time.time(version.time))?.length ?? 0;
    return { type: 'version', version, file, withSeconds: sameMinute > 1 };
  });
  const folded = versions.length - shown.length;
  const foldedRows: FoldedRow[] = folded > 0 ? [{ type: 'folded', key, count: folded }] : [];
  return { type: 'day', key, label: time.day(versions[0]?.time ?? 0), children: [...rows, ...foldedRows] };
}

function momentRow(moment: string, versions: readonly Version[], isPartial: boolean): MomentRow {
  return { type: 'moment', moment, children: byPath(versions).map((version) => fileRow(version, true)), isPartial };
}

/** As people sort names: `2.md` before `10.md`. */
export function byPath(versions: readonly Version[]): Version[] {
  return [...versions].sort((a, b) => names.compare(a.path, b.path));
}

function fileRow(version: Version, inMoment: boolean): FileRow {
  return { type: 'version', version, inMoment };
}

/** In the order in which each key came first. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
