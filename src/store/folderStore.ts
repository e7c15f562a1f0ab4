import type { Clock } from '../model/clock';
import { messageOf, ObbyError } from '../model/errors';
import type { Log } from '../model/log';
import type { MomentPage, MomentQuery, MomentRecord } from '../model/moment';
import type { FileStamp } from '../model/stamp';
import type { CheckReport, ForgetPlan, ForgetResult, Label, StorageFacts, Transfer } from '../model/upkeep';
import type { PageQuery, RecentQuery, VersionId, VersionRecord } from '../model/version';
import type { Catalog } from './catalog';
import { saveCatalog } from './catalogFile';
import { CatalogQueries } from './catalogQueries';
import type { Contents } from './contents';
import type { Head, HeadStamp, HistoryStore, StoreProblem, StoreStatistics, VersionDraft } from './contract';
import { assertDraft } from './draftCheck';
import type { FilePort } from './filePort';
import { GroupCommit } from './groupCommit';
import type { JournalSet } from './journalSet';
import { MomentQueries } from './momentQueries';
import { ownerFileName } from './owner';
import { Recording } from './recording';
import { readSeen, writeSeen } from './seen';

/** What an opened store is made of. */
export interface FolderStoreParts {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly owner: string;
  readonly writer: string;
  readonly catalog: Catalog;
  readonly contents: Contents;
  readonly journals: JournalSet;
  readonly problems: readonly StoreProblem[];
  /** Why nothing may be written, for people; absent when it may. */
  readonly readOnly?: string;
}

/** The catalog is saved when nothing was recorded for this long... */
const idleMs = 20_000;
/** ...after at least this many changes. */
const manyChanges = 2_000;

/** {@link HistoryStore} in journals and a catalog. */
export class FolderStore implements HistoryStore {
  readonly problems: readonly StoreProblem[];
  private readonly queries: CatalogQueries;
  private readonly momentQueries: MomentQueries;
  private readonly recording: Recording;
  private readonly commits: GroupCommit<readonly VersionDraft[], VersionRecord[]>;
  private closing: Promise<void> | undefined;
  /** How many of the catalog's changes are saved. */
  private saved = 0;
  private cancelSave: () => void = () => undefined;
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly parts: FolderStoreParts) {
    this.problems = parts.problems;
    this.queries = new CatalogQueries(parts.catalog.sqlite);
    this.momentQueries = new MomentQueries(parts.catalog.sqlite);
    this.recording = new Recording(parts);
    this.commits = new GroupCommit(async (lists) => {
      const versions = await this.recording.commit(lists);
      this.saveWhenIdle();
      return versions;
    });
    this.saveWhenIdle();
  }

  async append(drafts: readonly VersionDraft[]): Promise<VersionRecord[]> {
    this.assertOpen();
    if (this.parts.readOnly !== undefined) throw new ObbyError('storeReadOnly', this.parts.readOnly);
    for (const draft of drafts) assertDraft(draft);
    return drafts.length === 0 ? [] : this.commits.add(drafts);
  }

  async noteStamps(stamps: readonly { readonly path: string; readonly stamp: FileStamp | undefined }[]): Promise<void> {
    this.assertOpen();
    this.parts.catalog.setStamps(stamps);
    this.saveWhenIdle();
    return Promise.resolve();
  }

  head(path: string): Promise<Head | undefined> {
    return this.read((queries) => queries.head(path));
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

  async content(id: VersionId): Promise<Uint8Array> {
    const version = await this.version(id);
    if (version.sha256 === undefined || version.unstored !== undefined) throw notStored(version);
    try {
      // A copy: the cached bytes stay what they are, whatever a caller does.
      return new Uint8Array(await this.parts.contents.read(version.sha256));
    } catch (error) {
      this.assertOpen();
      if (!(error instanceof ObbyError)) throw error;
      const when = new Date(version.time).toISOString();
      throw new ObbyError(error.code, `${version.path} of ${when} cannot be read. ${error.message}`, { cause: error });
    }
  }

  versions(path: string, page: PageQuery): Promise<VersionRecord[]> {
    return this.read((queries) => queries.versions(path, page));
  }

  versionAt(path: string, time: number): Promise<VersionRecord | undefined> {
    return this.read((queries) => queries.versionAt(path, time));
  }

  recent(query: RecentQuery): Promise<VersionRecord[]> {
    return this.read((queries) => queries.recent(query));
  }

  moments(query: MomentQuery): Promise<MomentRecord[]> {
    return this.read(() => this.momentQueries.moments(query));
  }

  together(id: VersionId, page: MomentPage): Promise<VersionRecord[]> {
    return this.read((queries) => this.momentQueries.together(found(queries.version(id), id), page));
  }

  deletedFiles(limit: number): Promise<VersionRecord[]> {
    return this.read((queries) => queries.deletedFiles(limit));
  }

  label(): Promise<Label> {
    return notYet();
  }

  labels(): Promise<Label[]> {
    return notYet();
  }

  removeLabel(): Promise<void> {
    return notYet();
  }

  pin(): Promise<VersionRecord> {
    return notYet();
  }

  setRetention(): void {
    // Nothing is dropped.
  }

  maintain(): Promise<boolean> {
    return Promise.resolve(false);
  }

  planForget(): Promise<ForgetPlan> {
    return notYet();
  }

  forget(): Promise<ForgetResult> {
    return notYet();
  }

  check(): Promise<CheckReport> {
    return notYet();
  }

  exportTo(): Promise<Transfer> {
    return notYet();
  }

  importFrom(): Promise<Transfer> {
    return notYet();
  }

  storage(): Promise<StorageFacts> {
    return notYet();
  }

  async statistics(): Promise<StoreStatistics> {
    const { files, dir } = this.parts;
    const counts = await this.read((queries) => queries.counts());
    const infos = await Promise.all((await files.list(dir)).map((name) => files.stat(`${dir}/${name}`)));
    return { ...counts, bytes: infos.reduce((sum, info) => sum + (info?.size ?? 0), 0) };
  }

  async lastSeen(): Promise<number | undefined> {
    const newest = await this.read((queries) => queries.lastTime());
    const seen = await readSeen(this.parts.files, this.parts.dir);
    return newest === undefined || seen === undefined ? (newest ?? seen) : Math.max(newest, seen);
  }

  async noteSeen(): Promise<void> {
    this.assertOpen();
    const { files, dir, owner, clock, readOnly } = this.parts;
    if (readOnly === undefined) await writeSeen(files, dir, owner, clock.now());
  }

  async flush(): Promise<void> {
    this.assertOpen();
    await this.commits.settled();
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    const { files, dir, owner, catalog, contents, journals, readOnly } = this.parts;
    this.cancelSave();
    await this.commits.settled();
    await this.save();
    try {
      await journals.close();
      if (readOnly === undefined) await files.remove(`${dir}/${ownerFileName(owner)}`);
    } finally {
      contents.clear();
      catalog.sqlite.close();
    }
  }

  private saveWhenIdle(): void {
    const { catalog, readOnly } = this.parts;
    this.cancelSave();
    if (readOnly !== undefined || this.closing !== undefined || catalog.changes - this.saved < manyChanges) return;
    this.cancelSave = this.parts.clock.after(idleMs, () => void this.save());
  }

  private save(): Promise<void> {
    this.saving = this.saving.then(() => this.saveNow());
    return this.saving;
  }

  /** The catalog can be built again, so that failing to save it costs time only. */
  private async saveNow(): Promise<void> {
    const { catalog, files, dir, owner, log, readOnly } = this.parts;
    const { changes } = catalog;
    if (changes === this.saved || readOnly !== undefined || !this.recording.isCatalogWhole) return;
    try {
      await saveCatalog(catalog, files, dir, owner);
      this.saved = changes;
    } catch (error) {
      log.warn(`The catalog was not saved: ${messageOf(error)}`);
    }
  }

  private read<T>(ask: (queries: CatalogQueries) => T): Promise<T> {
    return new Promise((resolve) => {
      this.assertOpen();
      resolve(ask(this.queries));
    });
  }

  private assertOpen(): void {
    if (this.closing !== undefined) throw new ObbyError('closed', 'The history of this folder is closed.');
  }
}

function notYet(): Promise<never> {
  return Promise.reject(new ObbyError('notAvailable', 'This is not available yet.'));
}

function found<T>(value: T | undefined, id: VersionId): T {
  if (value === undefined)
    throw new ObbyError('notFound', `There is no version ${JSON.stringify(id)} in this history.`);
  return value;
}

function notStored({ path, kind, unstored }: VersionRecord): ObbyError {
  const why =
    kind === 'deleted' ? 'it was deleted' : unstored === 'too large' ? 'it was too large' : 'it was unreadable';
  return new ObbyError('notStored', `This version of ${path} has no content: ${why}.`);
}
