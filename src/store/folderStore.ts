import type { SqlJsStatic } from 'sql.js';
import type { Clock } from '../model/clock';
import { messageOf, ObbyError } from '../model/errors';
import type { Log } from '../model/log';
import type { MomentPage, MomentQuery, MomentRecord } from '../model/moment';
import type { FileStamp } from '../model/stamp';
import type {
  CheckReport,
  ForgetPlan,
  ForgetResult,
  Label,
  RetentionPolicy,
  StorageFacts,
  Transfer,
} from '../model/upkeep';
import type { PageQuery, RecentQuery, VersionId, VersionRecord } from '../model/version';
import type { Catalog } from './catalog';
import { CatalogSaver } from './catalogSaver';
import { CatalogQueries } from './catalogQueries';
import { CatalogWalk } from './catalogWalk';
import type { Codec } from './codec';
import { Contents } from './contents';
import type { Head, HeadStamp, HistoryStore, Selection, StoreProblem, StoreStatistics, VersionDraft } from './contract';
import { assertDraft } from './draftCheck';
import type { FilePort } from './filePort';
import { FolderLock } from './folderLock';
import { GroupCommit } from './groupCommit';
import type { JournalSet } from './journalSet';
import { maxLabelLength, type Mark } from './mark';
import { MomentQueries } from './momentQueries';
import { Neighbours } from './neighbours';
import { ownerFileName } from './owner';
import { pageBytes } from './pageSums';
import { Recording } from './recording';
import { readSeen, writeSeen } from './seen';
import { SegmentIntake } from './segmentIntake';
import type { SegmentSet } from './segmentSet';
import { DatabaseDamage } from './sqlite';
import type { StoreSizes } from './storeSizes';
import { Turn } from './turn';
import { UntilChange } from './untilChange';
import { Upkeep } from './upkeep';
import { randomName } from './versionKey';
import type { Zstd } from './zstd';

/** What an opened store is made of. */
export interface FolderStoreParts {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly owner: string;
  readonly writer: string;
  readonly sizes: StoreSizes;
  readonly sql: SqlJsStatic;
  readonly zstd: Zstd;
  readonly codec: Codec;
  readonly catalog: Catalog;
  readonly journals: JournalSet;
  readonly segments: SegmentSet;
  readonly problems: readonly StoreProblem[];
  readonly report: (problem: StoreProblem) => void;
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  readonly onRecordedElsewhere?: (versions: readonly VersionRecord[]) => void;
  readonly unsavedCatalogBytes?: number;
  /** Why nothing may be written, for people; absent when it may. */
  readonly readOnly?: string;
}

/** What other windows recorded is looked for this often, while there are any. */
const pollMs = 1_000;
/** Whether there are any, this often. */
const idlePollMs = 5_000;

/** A catalog above this is counted once a minute only. */
const largeBytes = 16 << 20;
const countEveryMs = 60_000;

/** {@link HistoryStore} in journals, segments and a catalog. */
export class FolderStore implements HistoryStore {
  readonly problems: readonly StoreProblem[];
  private readonly queries: CatalogQueries;
  private readonly momentQueries: MomentQueries;
  private readonly contents: Contents;
  private readonly recording: Recording;
  private readonly commits: GroupCommit<readonly VersionDraft[], VersionRecord[]>;
  private readonly turn = new Turn();
  private readonly lock: FolderLock;
  private readonly neighbours: Neighbours;
  private readonly saver: CatalogSaver;
  private readonly upkeep: Upkeep;
  private readonly recentHeads: UntilChange<Head | undefined>;
  private closing: Promise<void> | undefined;
  private isCatalogDamaged = false;
  private hasNeighbours = false;
  private counted: { readonly time: number; readonly counts: ReturnType<CatalogQueries['counts']> } | undefined;
  private cancelPoll: () => void = () => undefined;

  constructor(private readonly parts: FolderStoreParts) {
    const { catalog, segments, report, readOnly } = parts;
    this.problems = parts.problems;
    this.queries = new CatalogQueries(catalog.sqlite);
    this.recentHeads = new UntilChange(() => catalog.changes);
    this.momentQueries = new MomentQueries(catalog.sqlite);
    this.contents = new Contents({ ...parts, refresh: () => this.refresh() });
    this.recording = new Recording({ ...parts, contents: this.contents });
    this.lock = new FolderLock({ ...parts, name: 'lock' });
    const intake = new SegmentIntake({ catalog, segments, onProblem: report });
    this.neighbours = new Neighbours({ ...parts, intake, onForeign: (ids) => this.heard(ids) });
    this.saver = new CatalogSaver({ ...parts, isWhole: () => this.recording.isCatalogWhole && !this.isCatalogDamaged });
    this.upkeep = new Upkeep({
      ...{ ...parts, contents: this.contents, intake, saver: this.saver },
      ...{ queries: this.queries, walk: new CatalogWalk(catalog.sqlite) },
      exclusively: (work) => this.exclusively(work),
      refresh: () => this.refresh(),
    });
    this.commits = new GroupCommit((lists) => this.commit(lists));
    if (readOnly === undefined) this.poll(idlePollMs);
  }

  async append(drafts: readonly VersionDraft[]): Promise<VersionRecord[]> {
    this.assertWritable();
    for (const draft of drafts) assertDraft(draft);
    return drafts.length === 0 ? [] : this.commits.add(drafts);
  }

  async noteStamps(stamps: readonly { readonly path: string; readonly stamp: FileStamp | undefined }[]): Promise<void> {
    this.assertOpen();
    this.parts.catalog.setStamps(stamps);
    this.saver.saveWhenIdle();
    return Promise.resolve();
  }

  head(path: string): Promise<Head | undefined> {
    return this.read((queries) => this.recentHeads.get(path, () => queries.head(path)));
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
    const version = await this.read((queries) => found(queries.contentOf(id), id));
    if (version.sha256 === undefined || version.unstored !== undefined) throw notStored(version);
    try {
      // A copy: the cached bytes stay what they are, whatever a caller does.
      return new Uint8Array(await this.contents.read(version.sha256));
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

  async label(name: string, time?: number): Promise<Label> {
    this.assertWritable();
    const at = this.parts.clock.now();
    const label = { id: randomName(16), name: nameOf(name), time: time ?? at };
    await this.mark({ type: 'label', ...label, removed: false, at });
    return label;
  }

  labels(): Promise<Label[]> {
    return this.read(() => new CatalogWalk(this.parts.catalog.sqlite).labels());
  }

  async removeLabel(id: string): Promise<void> {
    this.assertWritable();
    const label = (await this.labels()).find((each) => each.id === id);
    if (label === undefined)
      throw new ObbyError('notFound', `There is no label ${JSON.stringify(id)} in this history.`);
    await this.mark({ type: 'label', ...label, name: '', removed: true, at: this.parts.clock.now() });
  }

  async pin(id: VersionId, pinned: boolean): Promise<VersionRecord> {
    this.assertWritable();
    await this.version(id);
    await this.mark({ type: 'pin', version: id, pinned, at: this.parts.clock.now() });
    return this.version(id);
  }

  setRetention(policy: RetentionPolicy): void {
    this.upkeep.setRetention(policy);
  }

  async maintain(): Promise<boolean> {
    if (this.closing !== undefined || this.parts.readOnly !== undefined) return false;
    return this.upkeep.step();
  }

  async planForget(selection: Selection): Promise<ForgetPlan> {
    this.assertOpen();
    return this.upkeep.planForget(selection);
  }

  async forget(selection: Selection): Promise<ForgetResult> {
    this.assertWritable();
    return this.upkeep.forget(selection);
  }

  async check(onProgress?: (done: number, total: number) => void): Promise<CheckReport> {
    this.assertOpen();
    return this.upkeep.check(onProgress);
  }

  async exportTo(target: string, matches: (path: string) => boolean): Promise<Transfer> {
    this.assertOpen();
    return this.upkeep.exportTo(target, matches);
  }

  async importFrom(source: string): Promise<Transfer> {
    this.assertWritable();
    return this.upkeep.importFrom(source);
  }

  async storage(): Promise<StorageFacts> {
    this.assertOpen();
    return this.upkeep.storage();
  }

  async statistics(): Promise<StoreStatistics> {
    const { files, dir } = this.parts;
    const counts = await this.counts();
    const infos = await Promise.all((await files.list(dir)).map((name) => files.stat(`${dir}/${name}`)));
    return { ...counts, bytes: infos.reduce((sum, info) => sum + (info?.size ?? 0), 0) };
  }

  /** Counting a large history takes a tenth of a second, and is asked for at every turn. */
  private async counts(): Promise<ReturnType<CatalogQueries['counts']>> {
    const { catalog, clock } = this.parts;
    const isLarge = catalog.pages.pageCount * pageBytes > largeBytes;
    if (isLarge && this.counted !== undefined && clock.now() - this.counted.time < countEveryMs) {
      return this.counted.counts;
    }
    const counts = await this.read((queries) => queries.counts());
    this.counted = { time: clock.now(), counts };
    return counts;
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
    const { files, dir, owner, catalog, segments, journals, readOnly } = this.parts;
    this.cancelPoll();
    await this.commits.settled();
    await this.upkeep.close();
    await this.saver.close();
    try {
      await journals.close();
      if (readOnly === undefined) await files.remove(`${dir}/${ownerFileName(owner)}`);
    } finally {
      segments.closeAll();
      this.contents.clear();
      catalog.sqlite.close();
    }
  }

  private async commit(lists: readonly (readonly VersionDraft[])[]): Promise<VersionRecord[][]> {
    const versions = await this.turn.run(async () => {
      if (!(await this.neighboursExist())) return this.recording.commit(lists, false);
      return this.lock.hold(async () => this.recording.commit(lists, await this.neighbours.refresh()));
    });
    this.saver.saveWhenIdle();
    await this.upkeep.makeRoom();
    return versions;
  }

  private mark(mark: Mark): Promise<void> {
    return this.exclusively(() => this.recording.commitMark(mark));
  }

  /** Runs work while nobody records, in this window or another, and the catalog knows all that was recorded. */
  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.turn.run(async () => {
      if (!(await this.neighboursExist())) return work();
      return this.lock.hold(async () => {
        await this.neighbours.refresh();
        return work();
      });
    });
  }

  /** A folder that cannot be listed may be written all the same; that attempt will say what is wrong. */
  private neighboursExist(): Promise<boolean> {
    return this.neighbours.exist().catch(() => false);
  }

  private async refresh(): Promise<void> {
    await this.neighbours.refresh();
  }

  private poll(afterMs: number): void {
    this.cancelPoll = this.parts.clock.after(afterMs, () => {
      void this.pollNow().then(() => {
        if (this.closing === undefined) this.poll(this.hasNeighbours ? pollMs : idlePollMs);
      });
    });
  }

  private async pollNow(): Promise<void> {
    try {
      this.hasNeighbours = (await this.neighbours.exist()) && (await this.neighbours.refresh());
      await this.upkeep.answerRequests();
    } catch (error) {
      this.parts.log.debug(`Other windows were not looked for: ${messageOf(error)}`);
    }
  }

  private heard(ids: readonly VersionId[]): void {
    const versions = ids.flatMap((id) => this.queries.version(id) ?? []);
    this.parts.onRecordedElsewhere?.(versions);
  }

  private read<T>(ask: (queries: CatalogQueries) => T): Promise<T> {
    return new Promise((resolve) => {
      this.assertOpen();
      try {
        resolve(ask(this.queries));
      } catch (error) {
        throw error instanceof DatabaseDamage ? this.catalogDamage(error) : error;
      }
    });
  }

  private catalogDamage(cause: DatabaseDamage): ObbyError {
    this.parts.log.error(cause);
    this.isCatalogDamaged = true;
    return new ObbyError(
      'storeFailed',
      `The list of versions in ${this.parts.dir} is damaged (${cause.message}). Reload the window: it is then built anew, nothing is lost.`,
      { cause },
    );
  }

  private assertWritable(): void {
    this.assertOpen();
    if (this.parts.readOnly !== undefined) throw new ObbyError('storeReadOnly', this.parts.readOnly);
  }

  private assertOpen(): void {
    if (this.closing !== undefined) throw new ObbyError('closed', 'The history of this folder is closed.');
  }
}

/** A label's name in one line. */
function nameOf(name: string): string {
  const text = name.trim();
  if (text === '' || text.length > maxLabelLength || /[\r\n\0]/.test(text)) {
    throw new ObbyError('badArgument', `name: a label has 1 to ${maxLabelLength} characters in one line.`);
  }
  return text;
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
