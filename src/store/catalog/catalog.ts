import { messageOf } from '../../base/errors';
import { CatalogBatch, sourceKinds, type CatalogEntry, type EntrySource, type SourceKind } from './catalogBatch';
import { CatalogDamage, type Sqlite } from '../disk/sqlite';
import { schema, contentKey, firstKey } from './catalogSchema';
import type { Head } from '../../model/historyStore';
import { DeferredEntries, pathsOf } from './deferredEntries';
import type { PagedBytes } from '../disk/pagedBytes';
import { occupantOf, PathStates, columnText, optionalNumber, type PathOccupant, type SavedStamp } from './catalogRows';
import { TimeSlicer } from '../../base/timeSlicer';
import { formatVersionId } from '../format/versionKey';

/** Where a content's bytes are. */
export interface StoredContent {
  readonly source: string;
  readonly kind: SourceKind;
  readonly position: number;
  readonly length: number;
  readonly depth: number;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** The most entries that are deferred: a burst of 10,000 files, some 10 MB. */
const maxDeferred = 20_000;

/**
 * The contents of journals and segments in tables: a cache that can be rebuilt from them at any time. Applying the same
 * entries in any order, any number of times, gives the same answers. So entries that are durable in a journal are deferred
 * until a query that they can change: a burst is recorded before it is listed.
 */
export class Catalog {
  private changeCount = 0;
  private annotationCount = 0;
  private readonly deferred = new DeferredEntries();
  private readonly states = new PathStates((path) => this.tablesOf(path));
  private failed: { readonly error: unknown } | undefined;

  constructor(
    private readonly tables: Sqlite,
    /** The bytes of the database, changed and saved ones. */
    readonly pages: PagedBytes,
  ) {}

  /** The tables, after all deferred entries were applied. */
  get sqlite(): Sqlite {
    this.catchUp();
    return this.tables;
  }

  /** The tables for a query about one path: deferred entries are applied only if they concern it. */
  private tablesOf(path: string): Sqlite {
    return this.deferred.concernsPath(path) ? this.sqlite : this.tables;
  }

  /** Why deferred entries could not be applied. The tables are incomplete then. */
  get failure(): { readonly error: unknown } | undefined {
    return this.failed;
  }

  /** Resolves when a damaged page is read. */
  get damaged(): Promise<void> {
    return this.tables.damaged;
  }

  get isDamaged(): boolean {
    return this.tables.isDamaged;
  }

  /** Number of changes since it was created or loaded. */
  get changes(): number {
    return this.changeCount;
  }

  /** The annotations among them. */
  get annotations(): number {
    return this.annotationCount;
  }

  /** Creates the tables of an empty catalog. */
  static create(sqlite: Sqlite): void {
    sqlite.script(schema);
  }

  /** Applies entries of one source, which is then read up to `readTo`. */
  apply(entries: readonly CatalogEntry[], source: EntrySource, readTo: number): void {
    const { sqlite } = this;
    const work = (): void => new CatalogBatch(sqlite, source).add(entries, readTo);
    this.changed(() => (source.forgets === true ? sqlite.erase(work) : sqlite.transaction(work)));
    this.noteChanges(entries);
  }

  /** Like {@link apply}, but not before a query needs the entries. A failure is kept in {@link failure}. */
  defer(entries: readonly CatalogEntry[], source: EntrySource, readTo: number): void {
    // Without entries there is nothing to note, and the source may be gone when the others are applied.
    if (entries.length === 0) return;
    this.deferred.add({ entries, source, readTo });
    this.noteChanges(entries);
    for (const path of pathsOf(entries)) this.states.forget(path);
    while (this.deferred.size > maxDeferred) this.catchUp(1);
  }

  /** Applies deferred entries: all, or the first `most` groups. Returns whether some are left. */
  catchUp(most?: number): boolean {
    if (this.deferred.size === 0) return false;
    const groups = this.deferred.take(most);
    const work = (): void => {
      for (const { entries, source, readTo } of groups) new CatalogBatch(this.tables, source).add(entries, readTo);
    };
    try {
      this.changed(() => this.tables.transaction(work));
    } catch (error) {
      this.failed ??= { error };
      throw error instanceof CatalogDamage ? error : new CatalogDamage(messageOf(error), { cause: error });
    }
    return this.deferred.size > 0;
  }

  close(): void {
    this.tables.close();
  }

  /** Runs `work` in a transaction. */
  change<T>(work: (sqlite: Sqlite) => T): T {
    const { sqlite } = this;
    this.changeCount++;
    return this.changed(() => sqlite.transaction(() => work(sqlite)));
  }

  /** Like `change`; deleted data is overwritten in the file. */
  erase<T>(work: (sqlite: Sqlite) => T): T {
    const { sqlite } = this;
    this.changeCount++;
    return this.changed(() => sqlite.erase(() => work(sqlite)));
  }

  /** Ids of all sources, also of deferred entries. */
  sourceIds(): string[] {
    const inTables = this.tables.all('SELECT id FROM sources').map(([id]) => columnText(id));
    return [...new Set([...inTables, ...this.deferred.sourceIds()])];
  }

  /** By id: how far each journal was read; of a segment, the number of its entries. */
  sources(): ReadonlyMap<string, { readonly kind: SourceKind; readonly readTo: number }> {
    const rows = this.sqlite.all('SELECT id, kind, read_to FROM sources');
    return new Map(
      rows.map(([id, kind, to]) => [
        columnText(id),
        { kind: sourceKinds[number(kind)] ?? 'journal', readTo: number(to) },
      ]),
    );
  }

  /** Reads every page; throws when one is damaged. */
  async check(): Promise<void> {
    const slices = new TimeSlicer();
    for (let n = 0; n < this.pages.pageCount; n++) {
      this.sqlite.checkPage(n);
      await slices.pause();
    }
  }

  /** Segments and how many entries each has, oldest first by the versions in them. */
  segments(): { readonly id: string; readonly entries: number }[] {
    return this.sqlite
      .all('SELECT id, read_to FROM sources WHERE kind = ? ORDER BY first, id', sourceKinds.indexOf('segment'))
      .map(([id, entries]) => ({ id: columnText(id), entries: number(entries) }));
  }

  /** Notes that other sources replace these, so that a file that is left of one is not read again. */
  noteReplaced(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.change((sqlite) => {
      for (const id of ids) sqlite.run('INSERT OR IGNORE INTO replaced VALUES (?)', id);
    });
  }

  isReplaced(id: string): boolean {
    return this.tables.get('SELECT 1 FROM replaced WHERE id = ?', id) !== undefined;
  }

  /** How far a source was read; 0 when it never was. */
  readTo(source: string): number {
    return number(this.sqlite.get('SELECT read_to FROM sources WHERE id = ?', source)?.[0]);
  }

  nextSequence(writer: string): number {
    return number(this.sqlite.get('SELECT next FROM writers WHERE name = ?', writer)?.[0]);
  }

  /** The file whose history continues at the path; undefined when there never was one, or it moved away. */
  occupant(path: string): PathOccupant | undefined {
    return this.states.at(path)?.occupant;
  }

  /** The newest version of the living file at the path. */
  head(path: string): Head | undefined {
    const state = this.states.at(path);
    return state?.occupant.isAlive === true ? state.head : undefined;
  }

  /** The time of the newest version of any file at the path; 0 for none. */
  lastTimeAt(path: string): number {
    const sql = 'SELECT max(time) FROM versions WHERE path = (SELECT n FROM paths WHERE path = ?)';
    return number(this.tablesOf(path).get(sql, path)?.[0]);
  }

  /** The newest time in an id; undefined for none. */
  lastTime(): number | undefined {
    return optionalNumber(this.sqlite.get('SELECT max(time) FROM versions')?.[0]);
  }

  /** How many histories began at the path. */
  births(path: string): number {
    const sql = 'SELECT max(nth) FROM files WHERE born = (SELECT n FROM paths WHERE path = ?)';
    const row = this.tablesOf(path).get(sql, path);
    return typeof row?.[0] === 'number' ? row[0] + 1 : 0;
  }

  /** Where a content is; undefined when the store does not hold it. */
  content(sha256: string): StoredContent | undefined {
    const hash = Buffer.from(sha256, 'hex');
    const tables = this.deferred.concernsContent(sha256) ? this.sqlite : this.tables;
    for (let n = firstKey(sha256); ; n++) {
      const row = tables.get(
        `SELECT sha256, (SELECT id FROM sources WHERE n = source), (SELECT kind FROM sources WHERE n = source),
                position, length, depth FROM contents WHERE n = ?`,
        n,
      );
      if (row === undefined) return undefined;
      const [found, source, kind, position, length, depth] = row;
      if (!(found instanceof Uint8Array) || !hash.equals(found)) continue;
      if (typeof source !== 'string') return undefined;
      const place = { position: number(position), length: number(length), depth: number(depth) };
      return { source, kind: sourceKinds[number(kind)] ?? 'journal', ...place };
    }
  }

  /** Notes that contents are not stored any more, so that they are stored again when they are recorded again. */
  removeContents(hashes: Iterable<string>): void {
    this.change((sqlite) => {
      for (const sha256 of hashes) {
        const { n, isThere } = contentKey(sqlite, sha256);
        if (isThere) sqlite.run('UPDATE contents SET source = NULL WHERE n = ?', n);
      }
    });
  }

  /** The stamps of all heads that have one. */
  headStamps(): SavedStamp[] {
    return this.sqlite
      .all(
        `SELECT p.path, f.time, w.name, f.sequence, f.stamp FROM files f JOIN paths p ON p.n = f.path
         JOIN writers w ON w.n = f.writer WHERE f.stamp IS NOT NULL`,
      )
      .map(([path, time, writer, sequence, stamp]) => ({
        path: columnText(path),
        version: formatVersionId({ time: number(time), writer: columnText(writer), sequence: number(sequence) }),
        stamp: columnText(stamp),
      }));
  }

  /** Restores saved stamps, except where a path has another head by now. */
  restoreStamps(stamps: readonly SavedStamp[]): void {
    this.setStamps(stamps.filter(({ path, version }) => this.occupant(path)?.head === version));
  }

  /** Sets the stamps of the heads at paths. */
  setStamps(stamps: readonly { readonly path: string; readonly stamp: string | undefined }[]): void {
    const { sqlite } = this;
    sqlite.transaction(() => {
      for (const { path, stamp } of stamps) {
        sqlite.run(`UPDATE files SET stamp = ?2 WHERE n = (SELECT f.n ${occupantOf})`, path, stamp ?? null);
      }
    });
    this.changeCount += stamps.length;
    for (const { path } of stamps) this.states.forget(path);
  }

  /** Whether the change succeeds or fails, cached states are invalid after it. */
  private changed<T>(run: () => T): T {
    try {
      return run();
    } finally {
      this.states.clear();
    }
  }

  private noteChanges(entries: readonly CatalogEntry[]): void {
    this.changeCount += entries.length;
    this.annotationCount += entries.filter(({ type }) => type === 'annotation').length;
  }
}
