import { ObbyError } from '../base/errors';
import type { ChangesPage, FolderChangeSetQuery, ChangeSetRecord } from '../model/changeSet';
import type { FileStamp } from '../model/stamp';
import type {
  CheckReport,
  ForgetPlanRecord,
  FolderForgetResult,
  LabelRecord,
  RetentionPolicy,
  StorageFacts,
  Transfer,
} from '../model/historyMaintenance';
import type { PageQuery, FolderRecentQuery, VersionId, VersionRecord } from '../model/version';
import { CatalogSaver, type CatalogSaverDeps } from './catalog/catalogFile';
import type { Codec } from './format/codec';
import { Contents } from './versions/contents';
import type {
  Head,
  HeadStamp,
  HistoryStore,
  Selection,
  StoreProblem,
  StoreStatistics,
  VersionDraft,
} from '../model/historyStore';
import { assertDraft } from './format/versionRow';
import { GroupCommit } from '../base/sequencer';
import type { JournalSet } from './journal/journalSet';
import type { Annotation } from './format/annotation';
import { Annotations } from './versions/annotations';
import type { Owners } from './sync/owners';
import { Attempt, VersionWriter } from './versions/versionWriter';
import { writeHeartbeat } from './sync/heartbeat';
import { SegmentIntake } from './sync/segmentIntake';
import type { SegmentSet } from './segment/segmentSet';
import type { StoreSizes } from './format/storeFormat';
import { StoreReader } from './versions/storeReader';
import { StoreSearch } from './search/storeSearch';
import { Maintenance } from './maintenance/maintenance';
import { SharedAccess } from './sync/sharedAccess';

/** The parts of an opened store. */
export interface FolderStoreDeps extends Omit<CatalogSaverDeps, 'isWhole'> {
  readonly owners: Owners;
  readonly writer: string;
  readonly sizes: StoreSizes;
  readonly codec: Codec;
  readonly journals: JournalSet;
  readonly segments: SegmentSet;
  readonly problems: readonly StoreProblem[];
  readonly report: (problem: StoreProblem) => void;
  readonly onRecordedElsewhere?: (versions: readonly VersionRecord[]) => void;
}

/** The {@link HistoryStore} in one folder: journals, segments and a catalog. */
export class FolderStore implements HistoryStore {
  readonly problems: readonly StoreProblem[];
  readonly searchable: StoreSearch;
  private readonly reader: StoreReader;
  private readonly contents: Contents;
  private readonly versionWriter: VersionWriter;
  private readonly annotations: Annotations;
  private readonly commits: GroupCommit<readonly VersionDraft[], VersionRecord[]>;
  private readonly access: SharedAccess;
  private readonly saver: CatalogSaver;
  private readonly maintenance: Maintenance;
  private closing: Promise<void> | undefined;
  /** Aborts waiting and long work. */
  private readonly stop = new AbortController();

  constructor(private readonly deps: FolderStoreDeps) {
    const { catalog, segments, report, readOnly } = deps;
    const stop = this.stop.signal;
    this.problems = deps.problems;
    const contents = (this.contents = new Contents({ ...deps, refresh: () => this.access.refresh() }));
    this.reader = new StoreReader({ ...deps, contents, assertOpen: () => this.assertOpen() });
    this.versionWriter = new VersionWriter({ ...deps, contents });
    const intake = new SegmentIntake({ catalog, segments, onProblem: report });
    this.access = new SharedAccess({
      ...{ ...deps, intake, stop },
      onForeign: (ids) => deps.onRecordedElsewhere?.(ids.flatMap((id) => this.reader.queries.version(id) ?? [])),
      onPoll: () => this.maintenance.answerRequests(),
    });
    this.saver = new CatalogSaver({ ...deps, isWhole: () => catalog.failure === undefined && !catalog.isDamaged });
    const { queries, walk } = this.reader;
    this.searchable = new StoreSearch({ ...deps, walk, contents, stop }, this.reader);
    this.maintenance = new Maintenance({
      ...{ ...deps, contents, intake, saver: this.saver, queries, walk, stop, lineIndexes: this.searchable.indexes },
      exclusively: (work) => this.access.exclusively(work),
      inTurn: (work) => this.access.inTurn(work),
      refresh: () => this.access.refresh(),
    });
    const commit = (annotation: Annotation): Promise<void> =>
      this.access.record((sharing) => this.versionWriter.commitAnnotation(annotation, sharing));
    this.annotations = new Annotations({
      ...{ clock: deps.clock, reader: this.reader, commit },
      lastTime: () => deps.catalog.lastTime() ?? 0,
    });
    this.commits = new GroupCommit((lists) => this.commit(lists));
    if (readOnly === undefined) this.access.start();
  }

  async append(drafts: readonly VersionDraft[]): Promise<VersionRecord[]> {
    this.assertWritable();
    for (const draft of drafts) assertDraft(draft);
    return drafts.length === 0 ? [] : this.commits.add(drafts);
  }

  async noteStamps(stamps: readonly { readonly path: string; readonly stamp: FileStamp | undefined }[]): Promise<void> {
    this.assertOpen();
    this.deps.catalog.setStamps(stamps);
    this.saver.saveWhenIdle();
    return Promise.resolve();
  }

  head(path: string): Promise<Head | undefined> {
    return this.reader.head(path);
  }

  heads(folder: string): Promise<Head[]> {
    return this.reader.heads(folder);
  }

  stamps(folder: string): Promise<HeadStamp[]> {
    return this.reader.stamps(folder);
  }

  headsOf(sha256: string, limit: number): Promise<Head[]> {
    return this.reader.headsOf(sha256, limit);
  }

  deletionsOf(sha256: string, since: number, limit: number): Promise<VersionRecord[]> {
    return this.reader.deletionsOf(sha256, since, limit);
  }

  version(id: VersionId): Promise<VersionRecord> {
    return this.reader.version(id);
  }

  pathOf(id: VersionId): Promise<string> {
    return this.reader.pathOf(id);
  }

  content(version: Parameters<HistoryStore['content']>[0]): Promise<Uint8Array> {
    return this.reader.content(version);
  }

  versions(path: string, page: PageQuery): Promise<VersionRecord[]> {
    return this.reader.versions(path, page);
  }

  spellings(path: string): Promise<string[]> {
    return this.reader.spellings(path);
  }

  versionAt(path: string, time: number): Promise<VersionRecord | undefined> {
    return this.reader.versionAt(path, time);
  }

  recent(query: FolderRecentQuery): Promise<VersionRecord[]> {
    return this.reader.recent(query);
  }

  changeSets(query: FolderChangeSetQuery): Promise<ChangeSetRecord[]> {
    return this.reader.changeSets(query);
  }

  changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]> {
    return this.reader.changes(id, page);
  }

  deletedFiles(limit: number): Promise<VersionRecord[]> {
    return this.reader.deletedFiles(limit);
  }

  statistics(): Promise<StoreStatistics> {
    return this.reader.statistics();
  }

  lastHeartbeat(): Promise<number | undefined> {
    return this.reader.lastHeartbeat();
  }

  async label(name: string, time?: number): Promise<LabelRecord> {
    this.assertWritable();
    return this.annotations.label(name, time);
  }

  labels(): Promise<LabelRecord[]> {
    return this.annotations.labels();
  }

  async removeLabel(id: string): Promise<void> {
    this.assertWritable();
    await this.annotations.removeLabel(id);
  }

  async pin(id: VersionId, pinned: boolean): Promise<VersionRecord> {
    this.assertWritable();
    return this.annotations.pin(id, pinned);
  }

  setRetention(policy: RetentionPolicy): void {
    this.maintenance.setRetention(policy);
  }

  async maintain(): Promise<boolean> {
    if (this.closing !== undefined || this.deps.readOnly !== undefined) return false;
    return this.maintenance.step();
  }

  async planForget(selection: Selection): Promise<ForgetPlanRecord> {
    this.assertOpen();
    return this.maintenance.planForget(selection);
  }

  async forget(selection: Selection): Promise<FolderForgetResult> {
    this.assertWritable();
    return this.maintenance.forget(selection);
  }

  async check(onProgress?: (done: number, total: number) => void): Promise<CheckReport> {
    this.assertOpen();
    return this.maintenance.check(onProgress);
  }

  async storeAgain(contents: readonly Uint8Array[]): Promise<void> {
    this.assertWritable();
    await this.access.record((sharing) => this.versionWriter.commitContents(contents, sharing));
  }

  async exportTo(target: string, matches: (path: string) => boolean): Promise<Transfer> {
    this.assertOpen();
    return this.maintenance.exportTo(target, matches);
  }

  async importFrom(source: string): Promise<Transfer> {
    this.assertWritable();
    return this.maintenance.importFrom(source);
  }

  async storage(): Promise<StorageFacts> {
    this.assertOpen();
    return this.maintenance.storage();
  }

  async writeHeartbeat(): Promise<void> {
    this.assertOpen();
    const { files, dir, ownership, clock, readOnly } = this.deps;
    if (readOnly === undefined) await writeHeartbeat(files, dir, ownership.name, clock.now());
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
    const { catalog, segments, journals, ownership } = this.deps;
    this.access.stop();
    this.stop.abort(new ObbyError('closed', 'The history of this folder is closed.'));
    await this.commits.settled();
    await this.maintenance.settled();
    await this.access.settled();
    this.versionWriter.close();
    await this.saver.close();
    try {
      await journals.close();
      await ownership.leave();
    } finally {
      segments.closeAll();
      this.contents.clear();
      catalog.close();
    }
  }

  private async commit(lists: readonly (readonly VersionDraft[])[]): Promise<VersionRecord[][]> {
    await this.maintenance.hasRoom();
    const attempt = new Attempt(lists);
    const versions = await this.access.record((sharing) => this.versionWriter.commit(attempt, sharing));
    this.saver.saveWhenIdle();
    this.maintenance.makeRoom();
    return versions;
  }

  private assertWritable(): void {
    this.assertOpen();
    if (this.deps.readOnly !== undefined) throw new ObbyError('storeReadOnly', this.deps.readOnly);
  }

  private assertOpen(): void {
    this.stop.signal.throwIfAborted();
  }
}
