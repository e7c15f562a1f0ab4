import { ObbyError } from '../base/errors';
import { sha256Of } from '../base/sha256';
import { diffBytes, type DiffSide } from '../diff/textDiff';
import type { ChangesPage, ChangeSetRecord, FolderChangeSetQuery } from '../model/changeSet';
import type { DiffOptions, TextDiff } from '../model/diff';
import type { LossesRecord } from '../model/losses';
import type {
  CheckReport,
  FolderForgetRequest,
  FolderForgetResult,
  ForgetPreview,
  LabelRecord,
  StorageFacts,
  Transfer,
} from '../model/historyMaintenance';
import type { FolderRecentQuery, PageQuery, VersionId, VersionRecord } from '../model/version';
import { bytesOnDisk, decodedText } from '../query/openHistory';
import { findDeletedFiles, findLosses } from '../query/findLosses';
import { previewForget, selectionOf } from '../query/forget';
import type { EngineEvent, FolderKey } from './engine';
import type { DiffSource, EngineQueries } from './engineQueries';
import type { FolderEngine } from './folderEngine';

/** Answers what is asked of the open histories. */
export class QueryHost implements EngineQueries {
  protected readonly folders = new Map<FolderKey, FolderEngine>();

  constructor(private readonly emitProgress: (event: EngineEvent) => void) {}

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
    return this.with(folder, (history) => findLosses(history, id));
  }

  async changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]> {
    const { folder } = await this.version(id);
    return this.with(folder, ({ store }) => store.changes(id, page));
  }

  deletedFiles(key: FolderKey, limit: number): Promise<VersionRecord[]> {
    return this.with(key, (history) => findDeletedFiles(history, limit));
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

  planForget(key: FolderKey, request: FolderForgetRequest): Promise<ForgetPreview> {
    return this.with(key, (folder) => previewForget(folder, selectionOf(request)));
  }

  forget(key: FolderKey, request: FolderForgetRequest): Promise<FolderForgetResult> {
    return this.with(key, async (folder) => {
      return folder.forget(selectionOf(request));
    });
  }

  check(key: FolderKey): Promise<CheckReport> {
    const onProgress = (done: number, total: number): void =>
      this.emitProgress({ type: 'check', folder: key, done, total });
    return this.with(key, async (folder) => {
      const report = await folder.store.check(onProgress);
      await folder.recount();
      return report;
    });
  }

  exportTo(key: FolderKey, path: string, target: string): Promise<Transfer> {
    const isMeant = (each: string): boolean => path === '' || each === path || each.startsWith(`${path}/`);
    return this.with(key, ({ store }) => store.exportTo(target, isMeant));
  }

  importFrom(key: FolderKey, source: string): Promise<Transfer> {
    return this.with(key, async (folder) => {
      const result = await folder.store.importFrom(source);
      await folder.recount();
      return result;
    });
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

  protected async with<T>(key: FolderKey, run: (folder: FolderEngine) => T | Promise<T>): Promise<T> {
    const folder = this.folders.get(key);
    if (!folder) throw new ObbyError('noFolder', `${key} is not open.`);
    return run(folder);
  }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof ObbyError && error.code === 'notFound') return undefined;
  throw error;
}
