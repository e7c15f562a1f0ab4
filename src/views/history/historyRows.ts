import type { Uri } from 'vscode';
import type { Label, ChangeSet, Version, VersionId } from '../../api/api';
import type { TimeText } from '../text/timeText';

/** The rows of the history trees. Commands of their menus receive them. */
export interface VersionNode {
  readonly type: 'version';
  readonly version: Version;
  /** The present URI of the file; older versions may have another path. Absent for another file: `fileOf` knows it. */
  readonly file?: Uri;
  /** Shows seconds, since another version has the same minute. */
  readonly withSeconds: boolean;
}

export interface DayNode {
  readonly type: 'day';
  readonly key: string;
  readonly label: string;
  readonly children: readonly (VersionNode | LabelNode | MovedNode | FoldedNode)[];
}

/** The file came from another workspace folder, or went there, where the rest of its history is. */
export interface MovedNode {
  readonly type: 'moved';
  readonly version: VersionId;
  readonly way: 'from' | 'to';
  /** URI of the file there. */
  readonly other: string;
}

/** A labeled time of one or more workspace folders. */
export interface LabelNode {
  readonly type: 'label';
  readonly name: string;
  /** ms since the epoch. */
  readonly time: number;
  /** One for each folder, at least one. */
  readonly labels: readonly Label[];
}

/** Hidden versions that differ from the previous one only in line endings. */
export interface FoldedNode {
  readonly type: 'folded';
  readonly key: string;
  readonly count: number;
}

/** Other files that were at the path, and were deleted, replaced or moved away. */
export interface EarlierNode {
  readonly type: 'earlier';
  /** How many versions are listed. */
  readonly count: number;
  readonly hasMore: boolean;
  readonly children: readonly (DayNode | MoreNode)[];
}

/** A change set of several files. */
export interface ChangeSetNode {
  readonly type: 'changeSet';
  readonly changeSet: ChangeSet;
}

/** A change set has more files than are listed. */
export interface MoreFilesNode {
  readonly type: 'moreFiles';
  readonly changeSet: ChangeSetNode;
  /** Versions that are not listed. */
  readonly rest: number;
  /** The maximum is listed. */
  readonly isFull: boolean;
}

/** A version in a list of several files. */
export interface FileNode {
  readonly type: 'version';
  readonly version: Version;
  readonly file?: undefined;
  /** The row is a child of its change set. */
  readonly inChangeSet: boolean;
}

/** Older versions exist. */
export interface MoreNode {
  readonly type: 'more';
  /** How many are listed. */
  readonly shown: number;
  /** The maximum is listed. */
  readonly isFull: boolean;
}

export type HistoryNode = DayNode | VersionNode | LabelNode | MovedNode | FoldedNode | EarlierNode | MoreNode;
export type RecentNode = ChangeSetNode | FileNode | LabelNode | MoreFilesNode | MoreNode;

/** Checks the argument of a command. */
export function asVersionNode(value: unknown): VersionNode | FileNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<VersionNode>).type === 'version'
    ? (value as VersionNode | FileNode)
    : undefined;
}

export function asChangeSetNode(value: unknown): ChangeSetNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<ChangeSetNode>).type === 'changeSet'
    ? (value as ChangeSetNode)
    : undefined;
}

export function asLabelNode(value: unknown): LabelNode | undefined {
  return typeof value === 'object' && value !== null && (value as Partial<LabelNode>).type === 'label'
    ? (value as LabelNode)
    : undefined;
}

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
  /** Absent when the versions are of several files. */
  readonly file?: Uri;
  readonly showLineEndings: boolean;
  readonly time: TimeText;
  /** Of the file's workspace folder. */
  readonly labels: readonly Label[];
}

/** The tree *File History*: the versions of the file, then those of `earlier` files at its path. */
export function historyRows(
  page: Page<Version>,
  options: HistoryOptions,
  earlier: Page<Version> = emptyPage,
): HistoryNode[] {
  const rows = [...dayRows(page.items, options), ...moreRows(page.items.length, page.hasMore, maxListed)];
  return earlier.items.length === 0 ? rows : [...rows, earlierRow(earlier, options)];
}

function earlierRow({ items, hasMore }: Page<Version>, { showLineEndings, time }: HistoryOptions): EarlierNode {
  // The labels are listed once, among the versions of the present file.
  const days = dayRows(items, { showLineEndings, time, labels: [] }, 'earlier ');
  const children = [...days, ...moreRows(items.length, hasMore, maxListed)];
  return { type: 'earlier', count: items.length, hasMore, children };
}

/** `prefix` makes the keys of the rows unique. */
function dayRows(versions: readonly Version[], options: HistoryOptions, prefix = ''): DayNode[] {
  const listed = withLabels(versions, labelRows(options.labels), (version) => version.time);
  const days = groupBy(listed, (item) => options.time.dayKey(item.time));
  return [...days].map(([key, ofDay]) => dayRow(`${prefix}${key}`, ofDay, options));
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
    return withMoves({ type: 'version', version: item, ...(file && { file }), withSeconds: sameMinute > 1 });
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
