import type { Uri } from 'vscode';
import type { Label, ChangeSet, Version } from '../../api/api';
import type {
  DayNode,
  FileNode,
  FoldedNode,
  HistoryNode,
  LabelNode,
  ChangeSetNode,
  MoreFilesNode,
  MoreNode,
  MovedNode,
  RecentNode,
  VersionNode,
} from './rows';
import type { TimeText } from '../text/timeText';

/** The most versions that are listed of a file: the API returns at most one more. */
export const maxListed = 9_999;
/** The most change sets, and files of one: each change rebuilds the whole tree. */
export const maxChangeSets = 999;
export const maxFiles = 2_000;
const pageSize = 100;

/** How many items a list requests. It only grows, so that a refresh keeps all rows that were loaded. */
export class PageLimit {
  private shown = pageSize;

  constructor(private readonly max: number) {}

  /** One more than is shown, to find out whether there are more. */
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
  readonly hasMore: boolean;
}

export const emptyPage: Page<never> = { items: [], hasMore: false };

export interface HistoryOptions {
  readonly file: Uri;
  readonly showLineEndings: boolean;
  readonly time: TimeText;
  /** Of the file's workspace folder. */
  readonly labels: readonly Label[];
}

/** The tree *File History*. */
export function historyRows(page: Page<Version>, options: HistoryOptions): HistoryNode[] {
  const { time } = options;
  const listed = withLabels(page.items, labelRows(options.labels), (version) => version.time);
  const days = groupBy(listed, (item) => time.dayKey(item.time));
  const rows = [...days].map(([key, ofDay]) => dayRow(key, ofDay, options));
  return [...rows, ...moreRows(page.items.length, page.hasMore, maxListed)];
}

/** The tree *Recent Changes*: one row for each change set; one with a single version has the version's row. */
export function recentRows({ items, hasMore }: Page<ChangeSet>, labels: readonly Label[] = []): RecentNode[] {
  const rows = withLabels(items, labelRows(labels), ({ newest }) => newest.time).map((item): RecentNode => {
    if ('type' in item) return item;
    return item.versions === 1 ? fileRow(item.newest, false) : { type: 'changeSet', changeSet: item };
  });
  return [...rows, ...moreRows(items.length, hasMore, maxChangeSets)];
}

/** The loaded files of a change set, and a row for the rest. */
export function changeSetChildren(
  changeSet: ChangeSetNode,
  { items, hasMore }: Page<Version>,
): (FileNode | MoreFilesNode)[] {
  // Sorting needs all files: otherwise later pages would insert rows above.
  const files = (hasMore ? items : byPath(items)).map((version) => fileRow(version, true));
  const rest = Math.max(1, changeSet.changeSet.versions - items.length);
  return hasMore ? [...files, { type: 'moreFiles', changeSet, rest, isFull: items.length >= maxFiles }] : files;
}

function moreRows(shown: number, hasMore: boolean, max: number): MoreNode[] {
  return hasMore ? [{ type: 'more', shown, isFull: shown >= max }] : [];
}

function dayRow(
  key: string,
  items: readonly (Version | LabelNode)[],
  { file, showLineEndings, time }: HistoryOptions,
): DayNode {
  const isShown = (item: Version | LabelNode): boolean => 'labels' in item || showLineEndings || !item.eolOnly;
  const shown = items.filter(isShown);
  const minutes = groupBy(shown, (item) => time.time(item.time));
  const rows = shown.flatMap((item): (VersionNode | LabelNode | MovedNode)[] => {
    if ('labels' in item) return [item];
    const sameMinute = minutes.get(time.time(item.time))?.filter((each) => !('labels' in each)).length ?? 0;
    return withMoves({ type: 'version', version: item, file, withSeconds: sameMinute > 1 });
  });
  const folded = items.length - shown.length;
  const foldedRows: FoldedNode[] = folded > 0 ? [{ type: 'folded', key, count: folded }] : [];
  return { type: 'day', key, label: time.day(items[0]?.time ?? 0), children: [...rows, ...foldedRows] };
}

/** A move from another workspace folder is listed before its version in time, a move to one after. */
function withMoves(row: VersionNode): (VersionNode | MovedNode)[] {
  const { id, causeDetail: { movedFrom, movedTo } = {} } = row.version;
  const moved = (way: MovedNode['way'], other: string | undefined): MovedNode[] =>
    other === undefined ? [] : [{ type: 'moved', version: id, way, other }];
  return [...moved('to', movedTo), row, ...moved('from', movedFrom)];
}

/** In natural order: `2.md` before `10.md`. */
export function byPath(versions: readonly Version[]): Version[] {
  const names = new Intl.Collator(undefined, { numeric: true });
  return [...versions].sort((a, b) => names.compare(a.path, b.path));
}

function fileRow(version: Version, inChangeSet: boolean): FileNode {
  return { type: 'version', version, inChangeSet };
}

/** Groups in the order of their first items. */
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

/** One row for each labeled time, even if several folders have the label; newest first. */
export function labelRows(labels: readonly Label[]): LabelNode[] {
  const groups = new Map<string, Label[]>();
  for (const label of labels) {
    const key = `${label.time} ${label.name}`;
    groups.set(key, [...(groups.get(key) ?? []), label]);
  }
  const rows = [...groups.values()].flatMap((group): LabelNode[] => {
    const [first] = group;
    return first ? [{ type: 'label', name: first.name, time: first.time, labels: group }] : [];
  });
  return rows.sort((a, b) => b.time - a.time);
}

/** Inserts labels into a list, newest first: each above the newest item that it keeps. Older labels are left out. */
function withLabels<T>(
  items: readonly T[],
  labels: readonly LabelNode[],
  timeOf: (item: T) => number,
): (T | LabelNode)[] {
  const waiting = [...labels];
  return items.flatMap((item) => {
    const above = waiting.filter(({ time }) => time >= timeOf(item));
    waiting.splice(0, above.length);
    return [...above, item];
  });
}
