import type { CatalogEntry, EntrySource } from './catalogBatch';

/** Entries of one source, and how far the source is read with them. */
export interface EntryGroup {
  readonly entries: readonly CatalogEntry[];
  readonly source: EntrySource;
  readonly readTo: number;
}

/** Entries that are not yet applied to a catalog, and the paths and contents that they concern. */
export class DeferredEntries {
  private groups: EntryGroup[] = [];
  private entryCount = 0;
  /** How many entries name each path or content. */
  private readonly paths = new Map<string, number>();
  private readonly contents = new Map<string, number>();

  get size(): number {
    return this.entryCount;
  }

  add(group: EntryGroup): void {
    this.groups.push(group);
    this.note(group, 1);
  }

  /** Whether applying them can change which file is, was, or began at a path. */
  concernsPath(path: string): boolean {
    return this.paths.has(path);
  }

  /** Whether applying them can change where a content is. */
  concernsContent(sha256: string): boolean {
    return this.contents.has(sha256);
  }

  sourceIds(): ReadonlySet<string> {
    return new Set(this.groups.map(({ source }) => source.id));
  }

  /** Removes and returns the oldest groups. */
  take(most = Infinity): EntryGroup[] {
    const taken = this.groups.splice(0, Math.min(most, this.groups.length));
    for (const group of taken) this.note(group, -1);
    return taken;
  }

  private note({ entries }: EntryGroup, by: 1 | -1): void {
    this.entryCount += by * entries.length;
    for (const entry of entries) {
      if (entry.type === 'content') count(this.contents, entry.sha256, by);
    }
    for (const path of pathsOf(entries)) count(this.paths, path, by);
  }
}

/** The paths that entries concern. */
export function* pathsOf(entries: readonly CatalogEntry[]): Generator<string> {
  for (const entry of entries) {
    if (entry.type !== 'version') continue;
    const { path, renamedFrom, file } = entry.row;
    yield path;
    if (file.originPath !== path) yield file.originPath;
    if (renamedFrom !== undefined) yield renamedFrom;
  }
}

function count(names: Map<string, number>, name: string, by: 1 | -1): void {
  const times = (names.get(name) ?? 0) + by;
  if (times === 0) names.delete(name);
  else names.set(name, times);
}
