import type { Clock } from '../../base/clock';
import { ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { ChangesPage, FolderChangeSetQuery, ChangeSetRecord } from '../../model/changeSet';
import type { PageQuery, FolderRecentQuery, VersionId, VersionRecord } from '../../model/version';
import type { Catalog } from '../catalog/catalog';
import { CatalogDamage } from '../disk/sqlite';
import { CatalogQueries } from '../catalog/catalogQueries';
import { CatalogWalk } from '../catalog/catalogWalk';
import type { Contents } from './contents';
import type { Head, HeadStamp, HeadVersion, HistoryStore, StoreStatistics } from '../../model/historyStore';
import type { FilePort } from '../disk/filePort';
import { ChangeSetQueries } from '../catalog/changeSetQueries';
import { pageBytes } from '../disk/pageSums';
import { readHeartbeat } from '../sync/heartbeat';
import { storeFailure } from '../storeFailure';

export interface StoreReaderDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly contents: Contents;
  /** Throws `closed` after the store was closed. */
  readonly assertOpen: () => void;
}

/** A catalog above this size is counted only once in this time. */
const largeBytes = 16 << 20;
const countEveryMs = 5_000;

/** The read half of {@link HistoryStore}. */
type Asking = Pick<
  HistoryStore,
  | ('head' | 'heads' | 'stamps' | 'headsOf' | 'deletionsOf' | 'version' | 'pathOf' | 'content')
  | (
      | 'versions'
      | 'versionAt'
      | 'spellings'
      | 'recent'
      | 'deletedFiles'
      | 'changeSets'
      | 'changes'
      | 'statistics'
      | 'lastHeartbeat'
    )
>;

/** Answers queries from the catalog and the contents. */
export class StoreReader implements Asking {
  readonly queries: CatalogQueries;
  readonly walk: CatalogWalk;
  private readonly changeSetQueries: ChangeSetQueries;
  private counted: { readonly time: number; readonly counts: ReturnType<CatalogQueries['counts']> } | undefined;

  constructor(private readonly deps: StoreReaderDeps) {
    const { catalog } = deps;
    this.queries = new CatalogQueries(catalog);
    this.walk = new CatalogWalk(catalog);
    this.changeSetQueries = new ChangeSetQueries(catalog);
  }

  head(path: string): Promise<Head | undefined> {
    return this.read(() => this.deps.catalog.head(path));
  }

  heads(folder: string): Promise<Head[]> {
    return this.read((queries) => queries.heads(folder));
  }

  stamps(folder: string): Promise<HeadStamp[]> {
    return this.read((queries) => queries.stamps(folder));
  }

  headsOf(sha256: string, limit: number): Promise<Head[]> {
    return this.read((queries) => queries.headsOf(sha256, limit));
  }

  deletionsOf(sha256: string, since: number, limit: number): Promise<VersionRecord[]> {
    return this.read((queries) => queries.deletionsOf(sha256, since, limit));
  }

  version(id: VersionId): Promise<VersionRecord> {
    return this.read((queries) => found(queries.version(id), id));
  }

  pathOf(id: VersionId): Promise<string> {
    return this.read((queries) => found(queries.pathOf(id), id));
  }

  async content(of: VersionId | HeadVersion): Promise<Uint8Array> {
    const version = await this.read((queries) => (typeof of === 'string' ? found(queries.contentOf(of), of) : of));
    if (version.sha256 === undefined || version.unstored !== undefined) throw notStored(version);
    try {
      // A copy: the caller may change it.
      return new Uint8Array(await this.deps.contents.read(version.sha256));
    } catch (error) {
      this.deps.assertOpen();
      if (!(error instanceof ObbyError)) throw error;
      const when = new Date(version.time).toISOString();
      throw new ObbyError(error.code, `${version.path} of ${when} cannot be read. ${error.message}`, { cause: error });
    }
  }

  versions(path: string, page: PageQuery): Promise<VersionRecord[]> {
    return this.read((queries) => queries.versions(path, page));
  }

  versionAt(path: string, time: number): Promise<VersionRecord | undefined> {
    return this.read((queries) => queries.versionAt(path, this.upTo(time)));
  }

  spellings(path: string): Promise<string[]> {
    return this.read((queries) => queries.spellings(path));
  }

  recent(query: FolderRecentQuery): Promise<VersionRecord[]> {
    return this.read((queries) => queries.recent(query));
  }

  changeSets(query: FolderChangeSetQuery): Promise<ChangeSetRecord[]> {
    return this.read(() => this.changeSetQueries.changeSets(query));
  }

  changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]> {
    return this.read((queries) => this.changeSetQueries.changes(found(queries.version(id), id), page));
  }

  deletedFiles(limit: number): Promise<VersionRecord[]> {
    return this.read((queries) => queries.deletedFiles(limit));
  }

  /** Nothing was recorded later than now, whatever the system's clock said then. */
  private upTo(time: number): number {
    return time >= this.deps.clock.now() ? Number.MAX_SAFE_INTEGER : time;
  }

  async statistics(): Promise<StoreStatistics> {
    const { files, dir } = this.deps;
    const counts = await this.counts();
    const infos = await Promise.all((await files.list(dir)).map((name) => files.stat(`${dir}/${name}`)));
    return { ...counts, bytes: infos.reduce((sum, info) => sum + (info?.size ?? 0), 0) };
  }

  /** Counting a large history takes a tenth of a second, and the counts are requested often. */
  private async counts(): Promise<ReturnType<CatalogQueries['counts']>> {
    const { catalog, clock } = this.deps;
    const isLarge = catalog.pages.pageCount * pageBytes > largeBytes;
    if (isLarge && this.counted !== undefined && clock.elapsed() - this.counted.time < countEveryMs) {
      return this.counted.counts;
    }
    const counts = await this.read((queries) => queries.counts());
    this.counted = { time: clock.elapsed(), counts };
    return counts;
  }

  async lastHeartbeat(): Promise<number | undefined> {
    const { catalog, files, dir, clock } = this.deps;
    const newest = await this.read(() => catalog.lastTime());
    const seen = await readHeartbeat(files, dir);
    const last = newest === undefined || seen === undefined ? (newest ?? seen) : Math.max(newest, seen);
    return last === undefined ? undefined : Math.min(last, clock.now());
  }

  read<T>(ask: (queries: CatalogQueries) => T): Promise<T> {
    return new Promise((resolve) => {
      this.deps.assertOpen();
      try {
        resolve(ask(this.queries));
      } catch (error) {
        throw error instanceof CatalogDamage ? storeFailure(error, this.deps.log, 'it cannot be read') : error;
      }
    });
  }
}

function found<T>(value: T | undefined, id: VersionId): T {
  if (value === undefined)
    throw new ObbyError('notFound', `There is no version ${JSON.stringify(id)} in this history.`);
  return value;
}

function notStored({ path, kind, unstored }: Pick<VersionRecord, 'path' | 'kind' | 'unstored'>): ObbyError {
  const reasons = { 'too large': 'it was too large', unreadable: 'it was unreadable', forgotten: 'it was forgotten' };
  const why = kind === 'deleted' || unstored === undefined ? 'it was deleted' : reasons[unstored];
  return new ObbyError('notStored', `This version of ${path} has no content: ${why}.`);
}
