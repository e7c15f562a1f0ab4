import type { CauseSpan } from '../model/causeSpan';
import type { Clock } from '../base/clock';
import type { DiffOptions, TextDiff } from '../model/diff';
import { ObbyError } from '../base/errors';
import type { LossesRecord } from '../model/losses';
import type { ChangesPage, FolderChangeSetQuery, ChangeSetRecord } from '../model/changeSet';
import type { RuleSources } from '../model/ruleSources';
import type {
  CheckReport,
  ForgetPreview,
  FolderForgetRequest,
  FolderForgetResult,
  LabelRecord,
  RetentionPolicy,
  StorageFacts,
  Transfer,
} from '../model/maintenance';
import type { PageQuery, FolderRecentQuery, VersionId, VersionRecord } from '../model/version';
import type { HistoryStore } from '../model/historyStore';
import type { Restoration } from '../track/candidate';
import { CauseSpans } from '../track/causeSpans';
import { sha256Of } from '../base/sha256';
import { diffBytes, type DiffSide } from '../diff/textDiff';
import { eventlessFileSystemOf } from '../watch/eventlessFileSystem';
import type {
  DiffSource,
  Engine,
  EngineEvent,
  FolderKey,
  FolderOptions,
  ChangeHint,
  OpenedFolder,
  Outcome,
  ScanReason,
  ScanResult,
  WatchOptions,
} from './engine';
import { bytesOnDisk, decodedText } from '../query/fileContent';
import { FolderEngine } from './folderEngine';
import { previewForget } from '../query/forgetPreview';
import { deletedFilesOf, findLosses } from '../query/findLosses';
import { selectionOf } from '../query/forgetSelection';

export interface EngineHostDeps {
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
  readonly openStore: (
    dir: string,
    onRecordedElsewhere: (versions: readonly VersionRecord[]) => void,
  ) => Promise<HistoryStore>;
}

/** The {@link Engine} itself, as it runs in the worker thread. */
export class EngineHost implements Engine {
  private readonly folders = new Map<FolderKey, FolderEngine>();
  private readonly spans = new CauseSpans();

  constructor(private readonly deps: EngineHostDeps) {}

  async open(key: FolderKey, options: FolderOptions): Promise<OpenedFolder> {
    if (this.folders.has(key)) throw new ObbyError('badArgument', `${key} is open already.`);
    const store = await this.deps.openStore(options.storeDir, (versions) =>
      this.deps.emit({ type: 'recorded', folder: key, versions }),
    );
    try {
      return await this.start(key, options, store);
    } catch (error) {
      this.folders.delete(key);
      await store.close();
      throw error;
    }
  }

  private async start(key: FolderKey, options: FolderOptions, store: HistoryStore): Promise<OpenedFolder> {
    const closedSince = await store.lastHeartbeat();
    const { clock, emit } = this.deps;
    const folder = new FolderEngine({ key, options, store, closedSince, spans: this.spans, clock, emit });
    this.folders.set(key, folder);
    const silentMount = eventlessFileSystemOf(options.root);
    return {
      rules: folder.loadRules(),
      ...(silentMount !== undefined && { silentMount }),
      ...(closedSince !== undefined && { closedSince }),
      problems: store.problems.map(({ message }) => message),
    };
  }

  async close(key: FolderKey): Promise<void> {
    const folder = this.folders.get(key);
    this.folders.delete(key);
    await folder?.close();
  }

  loadRules(key: FolderKey): Promise<RuleSources> {
    return this.with(key, (folder) => folder.loadRules());
  }

  restoreRules(key: FolderKey): Promise<string[]> {
    return this.with(key, (folder) => folder.restoreRules());
  }

  setMaxFileBytes(key: FolderKey, maxFileBytes: number): Promise<void> {
    return this.with(key, (folder) => folder.setMaxFileBytes(maxFileBytes));
  }

  setInnerFolders(key: FolderKey, innerFolders: readonly string[]): Promise<RuleSources> {
    return this.with(key, (folder) => folder.setInnerFolders(innerFolders));
  }

  noteSpan(span: CauseSpan): Promise<void> {
    this.spans.note(span);
    return Promise.resolve();
  }

  watch(key: FolderKey, options: WatchOptions | undefined): Promise<void> {
    return this.with(key, (folder) => folder.watch(options));
  }

  cancelScans(key: FolderKey): Promise<void> {
    return this.with(key, (folder) => folder.cancelScans());
  }

  record(key: FolderKey, hints: readonly ChangeHint[]): Promise<Outcome[]> {
    return this.with(key, (folder) => folder.record(hints));
  }

  async look(key: FolderKey, hints: readonly ChangeHint[]): Promise<void> {
    await this.record(key, hints);
  }

  scan(key: FolderKey, reason: ScanReason): Promise<ScanResult> {
    return this.with(key, (folder) => folder.scan(reason));
  }

  restore(key: FolderKey, items: readonly Restoration[]): ReturnType<Engine['restore']> {
    return this.with(key, (folder) => folder.restore(items));
  }

  async flush(): Promise<void> {
    await Promise.all([...this.folders.values()].map((folder) => folder.flush()));
  }

  hash(key: FolderKey, path: string): Promise<{ sha256: string; size: number }> {
    return this.with(key, async (folder) => {
      const bytes = await bytesOnDisk(folder, path);
      return { sha256: sha256Of(bytes), size: bytes.length };
    });
  }

  async version(id: VersionId): Promise<{ folder: FolderKey; record: VersionRecord }> {
    for (const [folder, { store }] of this.folders) {
      const record = await store.version(id).catch(undefinedIfNotFound);
      if (record) return { folder, record };
    }
    throw new ObbyError('notFound', `No open folder has a version ${id}.`);
  }

  async pathOf(id: VersionId): Promise<string> {
    const { folder } = await this.version(id);
    return this.with(folder, ({ store }) => store.pathOf(id));
  }

  async content(id: VersionId): Promise<Uint8Array> {
    const { folder } = await this.version(id);
    return this.with(folder, ({ store }) => store.content(id));
  }

  async text(id: VersionId): Promise<string> {
    return decodedText(await this.content(id), 'This version');
  }

  textOnDisk(key: FolderKey, path: string): Promise<string> {
    return this.with(key, async (folder) => decodedText(await bytesOnDisk(folder, path), path));
  }

  versions(key: FolderKey, path: string, page: PageQuery): Promise<VersionRecord[]> {
    return this.with(key, ({ store }) => store.versions(path, page));
  }

  versionAt(key: FolderKey, path: string, time: number): Promise<VersionRecord | undefined> {
    return this.with(key, ({ store }) => store.versionAt(path, time));
  }

  recent(key: FolderKey, query: FolderRecentQuery): Promise<VersionRecord[]> {
    return this.with(key, ({ store }) => store.recent(query));
  }

  changeSets(key: FolderKey, query: FolderChangeSetQuery): Promise<ChangeSetRecord[]> {
    return this.with(key, ({ store }) => store.changeSets(query));
  }

  async losses(id: VersionId): Promise<LossesRecord> {
    const { folder } = await this.version(id);
    return this.with(folder, ({ store, root, optional }) => findLosses({ store, root, optional }, id));
  }

  async changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]> {
    const { folder } = await this.version(id);
    return this.with(folder, ({ store }) => store.changes(id, page));
  }

  deletedFiles(key: FolderKey, limit: number): Promise<VersionRecord[]> {
    return this.with(key, ({ store, root }) => deletedFilesOf(store, root, limit));
  }

  async diff(left: DiffSource, right: DiffSource, options: DiffOptions): Promise<TextDiff> {
    const [from, to] = await Promise.all([this.side(left), this.side(right)]);
    return diffBytes(from, to, options);
  }

  label(key: FolderKey, name: string, time?: number): Promise<LabelRecord> {
    return this.with(key, ({ store }) => store.label(name, time));
  }

  labels(key: FolderKey): Promise<LabelRecord[]> {
    return this.with(key, ({ store }) => store.labels());
  }

  removeLabel(key: FolderKey, id: string): Promise<void> {
    return this.with(key, ({ store }) => store.removeLabel(id));
  }

  async pin(id: VersionId, pinned: boolean): Promise<VersionRecord> {
    const { folder } = await this.version(id);
    return this.with(folder, ({ store }) => store.pin(id, pinned));
  }

  setRetention(key: FolderKey, policy: RetentionPolicy): Promise<void> {
    return this.with(key, ({ store }) => store.setRetention(policy));
  }

  planForget(key: FolderKey, request: FolderForgetRequest): Promise<ForgetPreview> {
    return this.with(key, (folder) => previewForget(folder, selectionOf(request)));
  }

  forget(key: FolderKey, request: FolderForgetRequest): Promise<FolderForgetResult> {
    return this.with(key, (folder) => folder.forget(selectionOf(request)));
  }

  check(key: FolderKey): Promise<CheckReport> {
    const onProgress = (done: number, total: number): void =>
      this.deps.emit({ type: 'check', folder: key, done, total });
    return this.with(key, ({ store }) => store.check(onProgress));
  }

  exportTo(key: FolderKey, path: string, target: string): Promise<Transfer> {
    const isMeant = (each: string): boolean => path === '' || each === path || each.startsWith(`${path}/`);
    return this.with(key, ({ store }) => store.exportTo(target, isMeant));
  }

  importFrom(key: FolderKey, source: string): Promise<Transfer> {
    return this.with(key, ({ store }) => store.importFrom(source));
  }

  storage(key: FolderKey): Promise<StorageFacts> {
    return this.with(key, ({ store }) => store.storage());
  }

  statistics(key: FolderKey): Promise<{ versions: number; files: number; bytes: number }> {
    return this.with(key, ({ store }) => store.statistics());
  }

  /** The name and bytes of a side of a comparison. */
  private async side(source: DiffSource): Promise<DiffSide> {
    if ('version' in source) {
      const { record } = await this.version(source.version);
      return { path: record.path, bytes: await this.content(source.version) };
    }
    if ('file' in source) {
      const bytes = await this.with(source.folder, (folder) => bytesOnDisk(folder, source.file));
      return { path: source.file, bytes };
    }
    if ('text' in source) return { path: source.name, bytes: Buffer.from(source.text) };
    return { path: source.nothing, bytes: undefined };
  }

  private async with<T>(key: FolderKey, run: (folder: FolderEngine) => T | Promise<T>): Promise<T> {
    const folder = this.folders.get(key);
    if (!folder) throw new ObbyError('noFolder', `${key} is not open.`);
    return run(folder);
  }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof ObbyError && error.code === 'notFound') return undefined;
  throw error;
}
