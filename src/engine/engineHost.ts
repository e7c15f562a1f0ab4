import { basename, dirname, join, resolve } from 'node:path';
import type { Clock } from '../base/clock';
import { messageOf, ObbyError } from '../base/errors';
import type { Log } from '../base/log';
import { Sequencer } from '../base/sequencer';
import type { CauseSpan, ClientEvent } from '../model/changeHint';
import type { ContentComparison, DiffOptions } from '../model/diff';
import type { FolderSettings } from '../model/folderSettings';
import type { KeptHistory } from '../model/historyMaintenance';
import type { HistoryStore } from '../model/historyStore';
import type { Verdict } from '../model/ruleSources';
import type { ScanReason, ScanResult } from '../model/scan';
import type { FolderUndoRequest } from '../model/undo';
import type { VersionRecord } from '../model/version';
import type { FilePort } from '../store/disk/filePort';
import type { Restoration } from '../track/candidate';
import { compareContents } from '../query/compare';
import type { DiffSide } from '../diff/decodeSides';
import { holdsFilesOf } from '../query/holdsFilesOf';
import { bytesOnDisk } from '../query/openHistory';
import { historyQuestions } from '../query/historyQuestions';
import { CauseSpans } from '../track/causeSpans';
import type {
  DiffSource,
  Engine,
  EngineEvent,
  FolderKey,
  FolderOptions,
  FolderRestore,
  HistoryActions,
  HistoryReader,
  OpenedFolder,
  Outcome,
  UndoableRestore,
  UndoItem,
} from './engine';
import type { EngineStatus } from './engineStatus';
import { FolderEngine } from './folderEngine';
import { GapLedger, gapFileIn } from './gapLedger';
import { historyActions } from './historyActions';
import { takeBackChanges } from './restore/takeBackChanges';
import { KeptHistories, noteFolder } from '../store/maintenance/keptHistories';

export interface EngineHostDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** For the files that keep the gaps and the last restore of a folder, beside its store. */
  readonly files: FilePort;
  readonly emit: (event: EngineEvent) => void;
  readonly openStore: (
    dir: string,
    onRecordedElsewhere: (versions: readonly VersionRecord[]) => void,
    isReadOnly?: boolean,
  ) => Promise<HistoryStore>;
  /** The most folders to watch in each workspace folder; default: a part of the system's limit. */
  readonly maxWatches?: number;
  /** Absolute path of the program that matches regular expressions. */
  readonly patternProgram: string;
}

/** Histories of folders with the same name that are gone, which are opened to compare files; each may take a second. */
const maxSampled = 5;

/** Implements {@link Engine} in its own thread. */
export class EngineHost implements Engine {
  private readonly folders = new Map<FolderKey, FolderEngine>();
  /** Opens and closes each folder in the order of the calls. */
  private readonly turns = new Map<FolderKey, Sequencer>();
  private readonly spans = new CauseSpans();

  constructor(private readonly deps: EngineHostDeps) {}

  open(key: FolderKey, options: FolderOptions): Promise<OpenedFolder> {
    return this.turnsOf(key).run(() => this.openNow(key, options));
  }

  close(key: FolderKey): Promise<void> {
    return this.turnsOf(key).run(async () => {
      const folder = this.folders.get(key);
      this.folders.delete(key);
      await folder?.close();
    });
  }

  private turnsOf(key: FolderKey): Sequencer {
    const turns = this.turns.get(key) ?? new Sequencer();
    this.turns.set(key, turns);
    return turns;
  }

  private async openNow(key: FolderKey, options: FolderOptions): Promise<OpenedFolder> {
    if (this.folders.has(key)) throw new ObbyError('badArgument', `${key} is open already.`);
    const store = await this.deps.openStore(
      options.storeDir,
      (versions) => this.folders.get(key)?.recordedElsewhere(versions),
      options.use === 'read',
    );
    try {
      return await this.start(key, options, store);
    } catch (error) {
      const started = this.folders.get(key);
      this.folders.delete(key);
      // What was started must not go on with a store that is closed.
      await (started ?? store).close();
      throw error;
    }
  }

  private async start(key: FolderKey, options: FolderOptions, store: HistoryStore): Promise<OpenedFolder> {
    const closedSince = await store.lastHeartbeat();
    const { files, clock, log } = this.deps;
    const gaps = new GapLedger({ file: gapFileIn(options.storeDir, files, log), clock, log });
    const folder = new FolderEngine({ ...this.deps, key, options, store, closedSince, gaps, spans: this.spans });
    this.folders.set(key, folder);
    if (options.use !== 'read') await noteFolder(files, options.storeDir, options.root, log);
    await folder.start();
    return { problems: store.problems.map(({ message }) => message) };
  }

  configure(key: FolderKey, settings: FolderSettings): Promise<void> {
    return this.with(key, (folder) => folder.configure(settings));
  }

  notify(key: FolderKey, events: readonly ClientEvent[]): Promise<void> {
    return this.with(key, (folder) => folder.notify(events));
  }

  noteSpan(span: CauseSpan): Promise<void> {
    this.spans.note(span);
    return Promise.resolve();
  }

  explain(key: FolderKey, path: string): Promise<Verdict> {
    return this.with(key, (folder) => folder.explain(path));
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  status(key: FolderKey): Promise<EngineStatus> {
    return this.with(key, (folder) => folder.status);
  }

  restoreRules(key: FolderKey): Promise<string[]> {
    return this.with(key, (folder) => folder.restoreRules());
  }

  ask(key: FolderKey, question: keyof HistoryReader, args: readonly unknown[]): Promise<unknown> {
    return this.with(key, (folder) => entryOf(historyQuestions, question)(folder, ...args));
  }

  act(key: FolderKey, action: keyof HistoryActions, args: readonly unknown[]): Promise<unknown> {
    return this.with(key, (folder) => entryOf(historyActions, action)(folder, ...args));
  }

  async compare(left: DiffSource, right: DiffSource, options: DiffOptions): Promise<ContentComparison> {
    const [from, to] = await Promise.all([this.contentOf(left), this.contentOf(right)]);
    return compareContents(from, to, options);
  }

  record(key: FolderKey, paths: readonly string[]): Promise<Outcome[]> {
    return this.with(key, (folder) => folder.record(paths));
  }

  scan(key: FolderKey, reason: ScanReason): Promise<ScanResult> {
    return this.with(key, (folder) => folder.scan(reason));
  }

  cancelScans(key: FolderKey): Promise<void> {
    return this.with(key, (folder) => folder.cancelScans());
  }

  restore(key: FolderKey, items: readonly Restoration[], id: string): Promise<FolderRestore> {
    return this.with(key, (folder) => folder.restores.restore(items, id));
  }

  cancelRestore(key: FolderKey, id: string): Promise<void> {
    return this.with(key, (folder) => folder.restores.cancel(id));
  }

  undoChanges(key: FolderKey, request: FolderUndoRequest, id: string): Promise<FolderRestore> {
    return this.with(key, (folder) => takeBackChanges(folder, request, id));
  }

  lastRestore(key: FolderKey): Promise<UndoableRestore | undefined> {
    return this.with(key, (folder) => folder.restores.last());
  }

  undoRestore(key: FolderKey, id: string, items: readonly UndoItem[]): Promise<FolderRestore> {
    return this.with(key, (folder) => folder.restores.undo(id, items));
  }

  async flush(key?: FolderKey): Promise<void> {
    const keys = key === undefined ? [...this.folders.keys()] : [key];
    const flushed = await Promise.allSettled(keys.map((each) => this.with(each, (folder) => folder.flush())));
    // One folder that failed does not keep the others from being durable.
    for (const result of flushed) if (result.status === 'rejected') throw result.reason;
  }

  histories(dir: string): Promise<KeptHistory[]> {
    return this.kept(dir).list();
  }

  formerHistories(key: FolderKey): Promise<KeptHistory[]> {
    return this.with(key, async ({ isNew, root, storeDir }) => {
      if (!isNew) return [];
      const dir = dirname(storeDir);
      const former: KeptHistory[] = [];
      let sampled = 0;
      for (const { history, isSame } of await this.kept(dir).formerOf(root)) {
        const isAlike = basename(history.root ?? '') === basename(root) && sampled++ < maxSampled;
        if (isSame || (isAlike && (await this.isMoved(join(dir, history.name), root)))) former.push(history);
      }
      return former;
    });
  }

  replaceHistory(dir: string, replaced: string, name: string): Promise<void> {
    return this.kept(dir).replace(replaced, name);
  }

  removeHistory(dir: string, name: string): Promise<void> {
    return this.kept(dir).remove(name);
  }

  /** Whether the files of a history are in a folder. A history that cannot be opened is of no use there. */
  private async isMoved(storeDir: string, root: string): Promise<boolean> {
    try {
      const store = await this.deps.openStore(storeDir, () => undefined);
      try {
        return await holdsFilesOf(root, store);
      } finally {
        await store.close();
      }
    } catch (error) {
      this.deps.log.warn(`${storeDir} was not compared with ${root}: ${messageOf(error)}`);
      return false;
    }
  }

  private kept(dir: string): KeptHistories {
    const isOpen = (storeDir: string): boolean =>
      [...this.folders.values()].some((folder) => resolve(folder.storeDir) === resolve(storeDir));
    return new KeptHistories(this.deps.files, dir, isOpen);
  }

  private async contentOf(source: DiffSource): Promise<DiffSide> {
    if ('nothing' in source) return { path: source.nothing, bytes: undefined };
    if ('text' in source) return { path: source.name, bytes: Buffer.from(source.text), isGiven: true };
    return this.with(source.folder, async (folder) => {
      if ('file' in source) return { path: source.file, bytes: await bytesOnDisk(folder, source.file) };
      const [{ path }, bytes] = await Promise.all([
        folder.store.version(source.version),
        folder.store.content(source.version),
      ]);
      return { path, bytes };
    });
  }

  private async with<T>(key: FolderKey, run: (folder: FolderEngine) => T | Promise<T>): Promise<T> {
    const folder = this.folders.get(key);
    if (!folder) throw new ObbyError('noFolder', `${key} is not open.`);
    return run(folder);
  }
}

/** Looks up a function by a name that comes from a client. */
function entryOf<T extends object>(
  table: T,
  name: keyof T & string,
): (history: FolderEngine, ...args: readonly unknown[]) => unknown {
  if (!Object.hasOwn(table, name)) throw new ObbyError('badArgument', `The engine has no ${name}.`);
  // `readerOf` and `actionsOf` type the arguments by the same table.
  return table[name] as (history: FolderEngine, ...args: readonly unknown[]) => unknown;
}
