import type { CatalogEntry, EntrySource } from './catalogBatch';

/** Entries of one source, and up to where it is read with them. */
export interface EntryGroup {
  readonly entries: readonly CatalogEntry[];
  readonly source: EntrySource;
  readonly readTo: number;
}

/** Entries that are on their way into a catalog, and what they may change the answers about. */
export class DeferredEntries {
  private groups: EntryGroup[] = [];
  private entryCount = 0;
  private readonly paths = new Set<string>();
  private readonly contents = new Set<string>();

  /** How many entries there are. */
  get size(): number {
    return this.entryCount;
  }

  add(group: EntryGroup): void {
    this.groups.push(group);
    this.entryCount += group.entries.length;
    for (const entry of group.entries) {
      if (entry.type === 'content') this.contents.add(entry.sha256);
      if (entry.type !== 'version') continue;
      const { path, renamedFrom, file } = entry.row;
      this.paths.add(path).add(file.born);
      if (renamedFrom !== undefined) this.paths.add(renamedFrom);
    }
  }

  /** Whether what is known of a path may change: which file is there, which was, and what began there. */
  concernsPath(path: string): boolean {
    return this.paths.has(path);
  }

  /** Whether where a content stands may change. */
  concernsContent(sha256: string): boolean {
    return this.contents.has(sha256);
  }

  /** Takes out the oldest groups, at most so many. */
  take(most = Infinity): EntryGroup[] {
    const taken = this.groups.splice(0, Math.min(most, this.groups.length));
    for (const { entries } of taken) this.entryCount -= entries.length;
    if (this.groups.length === 0) {
      this.paths.clear();
      this.contents.clear();
    }
    return taken;
  }
}
