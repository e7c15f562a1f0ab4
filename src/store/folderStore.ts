import type { SqlJsStatic } from 'sql.js';
import type { Clock } from '../model/clock';
import { ObbyError } from '../model/errors';
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
import type { Codec } from './codec';
import { Contents } from './contents';
import type { Head, HeadStamp, HistoryStore, Selection, StoreProblem, StoreStatistics, VersionDraft } from './contract';
import { assertDraft } from './draftCheck';
import type { FilePort } from './filePort';
import { GroupCommit } from './groupCommit';
import type { JournalSet } from './journalSet';
import type { Mark } from './mark';
import { Marking } from './marking';
import type { Owners } from './owners';
import type { Ownership } from './ownership';
import { Attempt, Recording } from './recording';
import { writeSeen } from './seen';
import { SegmentIntake } from './segmentIntake';
import type { SegmentSet } from './segmentSet';
import type { StoreSizes } from './storeSizes';
import { StoreReader } from './storeReader';
import { Upkeep } from './upkeep';
import { Windows } from './windows';
import type { Zstd } from './zstd';

/** What an opened store is made of. */
export interface FolderStoreParts {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly ownership: Ownership;
  readonly owners: Owners;
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
  readonly onRecordedElsewhere?: (versions: readonly VersionRecord[]) => void;
  readonly unsavedCatalogBytes?: number;
  /** Why nothing may be written, for people; absent when it may. */
  readonly readOnly?: string;
}

/** {@link HistoryStore} in journals, segments and a catalog. */
export class FolderStore implements HistoryStore {
  readonly problems: readonly StoreProblem[];
  private readonly reader: StoreReader;
  private readonly contents: Contents;
  private readonly recording: Recording;
  private readonly marking: Marking;
  private readonly commits: GroupCommit<readonly VersionDraft[], VersionRecord[]>;
  private readonly windows: Windows;
  private readonly saver: CatalogSaver;
  private readonly upkeep: Upkeep;
  private closing: Promise<void> | undefined;
  /** Ends whatever waits or goes on for long. */
  private readonly stop = new AbortController();

  constructor(private readonly parts: FolderStoreParts) {
    const { catalog, segments, report, readOnly } = parts;
    const stop = this.stop.signal;
    this.problems = parts.problems;
    const contents = (this.contents = new Contents({ ...parts, refresh: () => this.windows.refresh() }));
    this.reader = new StoreReader({ ...parts, contents, assertOpen: () => this.assertOpen() });
    this.recording = new Recording({ ...parts, contents });
    const intake = new SegmentIntake({ catalog, segments, onProblem: report });
    this.windows = new Windows({
      ...{ ...parts, intake, stop },
      onForeign: (ids) => parts.onRecordedElsewhere?.(ids.flatMap((id) => this.reader.queries.version(id) ?? [])),
      onPoll: () => this.upkeep.answerRequests(),
    });
    this.saver = new CatalogSaver({ ...parts, isWhole: () => catalog.failure === undefined && !catalog.isDamaged });
    const { queries, walk } = this.reader;
    this.upkeep = new Upkeep({
      ...{ ...parts, contents, intake, saver: this.saver, queries, walk, stop },
      exclusively: (work) => this.windows.exclusively(work),
      inTurn: (work) => this.windows.inTurn(work),
      refresh: () => this.windows.refresh(),
    });
    const commit = (mark: Mark): Promise<void> =>
      this.windows.record((sharing) => this.recording.commitMark(mark, sharing));
    this.marking = new Marking({ clock: parts.clock, reader: this.reader, commit });
    this.commits = new GroupCommit((lists) => this.commit(lists));
    if (readOnly === undefined) this.windows.start();
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

  versionAt(path: string, time: number): Promise<VersionRecord | undefined> {
    return this.reader.versionAt(path, time);
  }

  recent(query: RecentQuery): Promise<VersionRecord[]> {
    return this.reader.recent(query);
  }

  moments(query: MomentQuery): Promise<MomentRecord[]> {
    return this.reader.moments(query);
  }

  together(id: VersionId, page: MomentPage): Promise<VersionRecord[]> {
    return this.reader.together(id, page);
  }

  deletedFiles(limit: number): Promise<VersionRecord[]> {
    return this.reader.deletedFiles(limit);
  }

  statistics(): Promise<StoreStatistics> {
    return this.reader.statistics();
  }

  lastSeen(): Promise<number | undefined> {
    return this.reader.lastSeen();
  }

  async label(name: string, time?: number): Promise<Label> {
    this.assertWritable();
    return this.marking.label(name, time);
  }

  labels(): Promise<Label[]> {
    return this.marking.labels();
  }

  async removeLabel(id: string): Promise<void> {
    this.assertWritable();
    await this.marking.removeLabel(id);
  }

  async pin(id: VersionId, pinned: boolean): Promise<VersionRecord> {
    this.assertWritable();
    return this.marking.pin(id, pinned);
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

  async noteSeen(): Promise<void> {
    this.assertOpen();
    const { files, dir, ownership, clock, readOnly } = this.parts;
    if (readOnly === undefined) await writeSeen(files, dir, ownership.name, clock.now());
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
    const { catalog, segments, journals, ownership } = this.parts;
    this.windows.stop();
    this.stop.abort(new ObbyError('closed', 'The history of this folder is closed.'));
    await this.commits.settled();
    await this.upkeep.settled();
    await this.windows.settled();
    this.recording.close();
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
    await this.upkeep.hasRoom();
    const attempt = new Attempt(lists);
    const versions = await this.windows.record((sharing) => this.recording.commit(attempt, sharing));
    this.saver.saveWhenIdle();
    this.upkeep.makeRoom();
    return versions;
  }

  private assertWritable(): void {
    this.assertOpen();
    if (this.parts.readOnly !== undefined) throw new ObbyError('storeReadOnly', this.parts.readOnly);
  }

  private assertOpen(): void {
    this.stop.signal.throwIfAborted();
  }
}
