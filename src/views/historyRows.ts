import type { Uri } from 'vscode';
import type { Label, Moment, Version } from '../api';
import { labelRows, withLabels } from './labelRows';
import type {
  DayRow,
  FileRow,
  FoldedRow,
  HistoryRow,
  LabelRow,
  MomentRow,
  MoreFilesRow,
  MoreRow,
  MovedRow,
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
  /** Of the file's workspace folder. */
  readonly labels: readonly Label[];
}

/** The tree *File History*. */
export function historyRows(page: Page<Version>, options: HistoryOptions): HistoryRow[] {
  const { time } = options;
  const listed = withLabels(page.items, labelRows(options.labels), (version) => version.time);
  const days = groupBy(listed, (item) => time.dayKey(item.time));
  const rows = [...days].map(([key, ofDay]) => dayRow(key, ofDay, options));
  return [...rows, ...moreRows(page.items.length, page.hasMore, maxListed)];
}

/** The tree *Recent Changes*: one row an event; that of a single version is the version's own. */
export function recentRows({ items, hasMore }: Page<Moment>, labels: readonly Label[] = []): RecentRow[] {
  const rows = withLabels(items, labelRows(labels), ({ newest }) => newest.time).map((item): RecentRow => {
    if ('type' in item) return item;
    return item.versions === 1 ? fileRow(item.newest, false) : { type: 'moment', moment: item };
  });
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

function dayRow(
  key: string,
  items: readonly (Version | LabelRow)[],
  { file, showLineEndings, time }: HistoryOptions,
): DayRow {
  const isShown = (item: Version | LabelRow): boolean => 'labels' in item || showLineEndings || !item.eolOnly;
  const shown = items.filter(isShown);
  const minutes = groupBy(shown, (item) => time.time(item.time));
  const rows = shown.flatMap((item): (VersionRow | LabelRow | MovedRow)[] => {
    if ('labels' in item) return [item];
    const sameMinute = minutes.get(time.time(item.time))?.filter((each) => !('labels' in each)).length ?? 0;
    return withMoves({ type: 'version', version: item, file, withSeconds: sameMinute > 1 });
  });
  const folded = items.length - shown.length;
  const foldedRows: FoldedRow[] = folded > 0 ? [{ type: 'folded', key, count: folded }] : [];
  return { type: 'day', key, label: time.day(items[0]?.time ?? 0), children: [...rows, ...foldedRows] };
}

/** What came from another workspace folder did so before, and what went there goes on after. */
function withMoves(row: VersionRow): (VersionRow | MovedRow)[] {
  const { id, causeDetail: { movedFrom, movedTo } = {} } = row.version;
  const moved = (way: MovedRow['way'], other: string | undefined): MovedRow[] =>
    other === undefined ? [] : [{ type: 'moved', version: id, way, other }];
  return [...moved('to', movedTo), row, ...moved('from', movedFrom)];
}

/** As people sort names: `2.md` before `10.md`. */
export function byPath(versions: readonly Version[]): Version[] {
  const names = new Intl.Collator(undefined, { numeric: true });
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
