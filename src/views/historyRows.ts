import type { Uri } from 'vscode';
import type { Moment, Version } from '../api';
import type {
  DayRow,
  FileRow,
  FoldedRow,
  HistoryRow,
  MomentRow,
  MoreFilesRow,
  MoreRow,
  RecentRow,
  VersionRow,
} from './rows';
import type { TimeText } from './timeText';

/** The most versions of a file that are listed: the API gives one more at once. */
export const maxListed = 9_999;
/** The most events, and the most files of one event: a tree is built anew for each change. */
export const maxMoments = 999;
export const maxFiles = 2_000;
const pageSize = 100;
const names = new Intl.Collator(undefined, { numeric: true });

/** How many versions a list asks for, growing as more are wanted: rows that were seen stay when the list is read again. */
export class PageLimit {
  private shown = pageSize;

  constructor(private readonly max: number) {}

  /** One more than is shown tells whether older ones exist. */
  get asked(): number {
    return this.shown + 1;
  }

  grow(): void {
    this.shown = Math.min(this.shown * 2, this.max);
  }

  reset(): void {
    this.shown = pageSize;
  }

  page<T>(found: readonly T[]): Page<T> {
    return { items: found.slice(0, this.shown), hasMore: found.length === this.asked };
  }
}

/** The first items of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The list goes on. */
  readonly hasMore: boolean;
}

export const emptyPage: Page<never> = { items: [], hasMore: false };

export interface HistoryOptions {
  /** Whose versions they are. */
  readonly file: Uri;
  readonly showLineEndings: boolean;
  readonly time: TimeText;
}

/** The tree *File History*. */
export function historyRows(page: Page<Version>, options: HistoryOptions): HistoryRow[] {
  const { time } = options;
  const days = groupBy(page.items, (version) => time.dayKey(version.time));
  const rows = [...days].map(([key, ofDay]) => dayRow(key, ofDay, options));
  return [...rows, ...moreRows(page.items.length, page.hasMore, maxListed)];
}

/** The tree *Recent Changes*: one row an event; that of a single version is the version's own. */
export function recentRows({ items, hasMore }: Page<Moment>): RecentRow[] {
  const rows = items.map((moment): RecentRow =>
    moment.versions === 1 ? fileRow(moment.newest, false) : { type: 'moment', moment },
  );
  return [...rows, ...moreRows(items.length, hasMore, maxMoments)];
}

/** The files of an event, as many as were asked for, and how many there are besides. */
export function momentChildren(moment: MomentRow, { items, hasMore }: Page<Version>): (FileRow | MoreFilesRow)[] {
  // Only of all files it is known where each belongs in the order in which people sort names.
  const files = (hasMore ? items : byPath(items)).map((version) => fileRow(version, true));
  const rest = Math.max(1, moment.moment.versions - items.length);
  return hasMore ? [...files, { type: 'moreFiles', moment, rest, isFull: items.length >= maxFiles }] : files;
}

function moreRows(shown: number, hasMore: boolean, max: number): MoreRow[] {
  return hasMore ? [{ type: 'more', shown, isFull: shown >= max }] : [];
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
