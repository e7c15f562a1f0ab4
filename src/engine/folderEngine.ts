import { isDeepStrictEqual } from 'node:util';
import { detached } from '../base/log';
import { OptionalWork } from '../base/optionalWork';
import { Sequencer } from '../base/sequencer';
import type { ClientEvent } from '../model/changeHint';
import type { FolderSettings } from '../model/folderSettings';
import type { HistoryStore, Selection } from '../model/historyStore';
import type { FolderForgetResult } from '../model/historyMaintenance';
import type { Verdict } from '../model/ruleSources';
import type { ScanReason, ScanResult } from '../model/scan';
import type { VersionRecord } from '../model/version';
import type { Observation } from '../track/disk/disk';
import { RunningSearches } from '../query/search/runningSearches';
import { spelledEvents } from '../track/disk/spelling';
import { GitFiles } from '../track/git/gitFiles';
import type { Rules } from '../rules/rules';
import type { FolderUse, Outcome } from './engine';
import type { EngineStatus } from './engineStatus';
import { FolderParts, type FolderEngineDeps } from './folderParts';
import type { FolderRestores } from './restore/folderRestores';
import type { ChangeableHistory } from './historyActions';
import { toWire } from './rpc';

/** The engine of one workspace folder: takes changes, records versions, publishes a status. */
export class FolderEngine implements ChangeableHistory {
  readonly store: HistoryStore;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly storeDir: string;
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
  readonly searches: RunningSearches;
  private settings: FolderSettings;
  private isOpen = false;
  private readonly parts: FolderParts;
  private readonly heartbeats = new Sequencer();
  /** Of events; those of more events than one share it. */
  private lastLoad: Promise<boolean> | undefined;

  constructor(private readonly deps: FolderEngineDeps) {
    const { options, store, log } = deps;
    this.optional = new OptionalWork((message) => log.warn(`${options.root}: ${message}`));
    this.gitFiles = deps.gitFiles ?? new GitFiles();
    this.searches = new RunningSearches(deps.patternProgram);
    this.store = store;
    this.root = options.root;
    this.storeDir = options.storeDir;
    this.settings = options.settings;
    this.parts = new FolderParts(deps, {
      ...{ optional: this.optional, gitFiles: this.gitFiles, loadRulesAndScan: this.loadRulesAndScan },
      settings: () => this.settings,
      status: () => this.status,
      isClosing: () => !this.isOpen,
      recount: () => this.recount(),
      writeHeartbeat: () => this.writeHeartbeat(),
      scanDetached: (reason) => this.scanDetached(reason),
    });
  }

  /** Nothing was recorded before this window. */
  get isNew(): boolean {
    return this.deps.closedSince === undefined;
  }

  private get use(): FolderUse {
    return this.deps.options.use ?? 'record';
  }

  get status(): EngineStatus {
    const state = this.settings.isPaused ? 'paused' : this.parts.rules.current.isEmpty ? 'no rules' : 'watching';
    const facts = this.parts.tracker.value;
    const unrecorded = [...this.parts.rules.closedFolders, ...facts.unrecorded];
    const canRestoreRules = this.parts.rules.current.canRestore && { canRestoreRules: true };
    const undoable = this.parts.restores.toUndo;
    const shown = { ...facts, unrecorded, ...canRestoreRules, ...(undoable && { undoable }) };
    return { state: this.parts.tracker.problem ? 'failed' : state, ...this.parts.changes.status, ...shown };
  }

  /** Starts to watch, and scans for changes since the history was last open. */
  async start(): Promise<void> {
    const { gaps, store, closedSince } = this.deps;
    const { isPaused, retention } = this.settings;
    const { use } = this;
    await gaps.load();
    if (use === 'read') return;
    store.setRetention(retention);
    await this.recount();
    if (use === 'record') this.parts.tracker.opened(closedSince, isPaused);
    this.isOpen = true;
    await this.parts.rules.load();
    // Before the first scan, which would record half of a restore as a change of another program.
    await this.parts.restores.recover();
    const isPausedElsewhere =
      use === 'change' && gaps.all.some(({ kind, to }) => kind === 'paused' && to === undefined);
    if (isPaused || isPausedElsewhere) return;
    if (use === 'change') {
      await this.scan('start');
      return;
    }
    // In the same turn, so that no other scan comes first and claims the findings of this one.
    this.parts.changes.start();
    this.scanDetached('start');
  }

  /** Resolves when the settings are applied, including a scan where one is needed. */
  async configure(settings: FolderSettings): Promise<void> {
    const before = this.settings;
    this.settings = settings;
    if (settings.maxFileBytes !== before.maxFileBytes) this.parts.scans.forget();
    if (!isDeepStrictEqual(settings.retention, before.retention)) this.store.setRetention(settings.retention);
    if (!isDeepStrictEqual(settings.watching, before.watching)) this.parts.changes.configure(settings.watching);
    if (settings.isPaused && !before.isPaused) this.pause();
    if (!settings.isPaused && before.isPaused) await this.resume();
    if (isDeepStrictEqual(settings.innerFolders, before.innerFolders)) return;
    if (await this.parts.rules.load()) await this.scan('rules');
  }

  notify(events: readonly ClientEvent[]): void {
    this.parts.changes.notify(spelledEvents(events, this.parts.recorder.spelling));
  }

  /** Uses the rule files as they were before the call. */
  async explain(path: string): Promise<Verdict> {
    await this.parts.rules.settled();
    return this.parts.rules.current.explain(await this.spelled(path));
  }

  /** Records paths now, whether or not they were reported. */
  async record(paths: readonly string[]): Promise<Outcome[]> {
    const spelled = await Promise.all(paths.map((path) => this.spelled(path)));
    const results = await this.parts.changes.record(spelled.map((path) => ({ path })));
    return results.map(({ path, versions, error }) => ({ path, versions, ...(error && { problem: toWire(error) }) }));
  }

  /** Compares the folder with the history; scans do not overlap. Does nothing while paused. */
  scan(reason: ScanReason): Promise<ScanResult> {
    const isWatching = this.isOpen && !this.settings.isPaused;
    return isWatching ? this.parts.scans.scan(reason) : Promise.resolve(noScan);
  }

  cancelScans(): void {
    this.parts.scans.cancel();
  }

  get restores(): FolderRestores {
    return this.parts.restores;
  }

  /** Reads the rule files again. */
  async readRules(): Promise<Rules> {
    if (await this.parts.rules.load()) this.scanDetached('rules');
    return this.parts.rules.current;
  }

  /** Writes the last usable rules back, and resolves with the paths of their files when what they list is recorded. */
  async restoreRules(): Promise<string[]> {
    const files = this.parts.rules.restorable();
    await this.parts.recorder.write(files);
    if (await this.parts.rules.load()) await this.scan('rules');
    return files.map(([path]) => path);
  }

  async forget(selection: Selection): Promise<FolderForgetResult> {
    this.parts.rules.forget(selection);
    await this.parts.restores.forgot(selection.bytes);
    const result = await this.store.forget(selection);
    await this.parts.restores.forgot();
    await this.recount();
    return result;
  }

  spelled(path: string): Promise<string> {
    return this.parts.recorder.spelled(path);
  }

  async observe(path: string): Promise<Observation> {
    return this.parts.recorder.observe(await this.spelled(path));
  }

  requireChangeable(path: string): Promise<void> {
    return this.parts.recorder.requireChangeable(path);
  }

  readonly checkProgress = (done: number, total: number): void => {
    const { emit, key } = this.deps;
    emit({ type: 'check', folder: key, done, total });
  };

  /** Resolves when every change made on disk before the call is recorded and durable. */
  async flush(): Promise<void> {
    // Only some events of a move may have arrived, which would look like a deletion; the disk is complete.
    await this.scan('flush');
    await this.parts.changes.drain();
    await this.parts.recorder.flush();
  }

  /** Another window has recorded versions. */
  recordedElsewhere(versions: readonly VersionRecord[]): void {
    this.parts.reporter.recorded(versions);
  }

  recount(): Promise<void> {
    return this.parts.reporter.recount(this.store);
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.searches.dispose();
    this.parts.changes.stop();
    await this.parts.changes.drain();
    this.parts.changes.dispose();
    this.parts.timers.dispose();
    this.parts.reporter.dispose();
    await this.parts.scans.settled();
    await this.parts.recorder.close(async () => {
      try {
        await this.writeHeartbeat();
      } finally {
        await this.deps.gaps.close();
        await this.store.close();
      }
    });
  }

  private pause(): void {
    this.parts.tracker.paused();
    this.parts.changes.stop();
    detached(this.writeHeartbeat(), this.deps.log, 'The time of the pause was not noted');
    this.parts.scans.blindFrom(this.deps.clock.now());
  }

  private async resume(): Promise<void> {
    this.parts.tracker.resumed();
    this.parts.changes.start();
    await this.scan('asked');
  }

  private readonly loadRulesAndScan = (): void => {
    const load = this.parts.rules.load();
    if (load === this.lastLoad) return;
    this.lastLoad = load;
    const scanned = load.then(async (isChanged) => {
      if (isChanged) await this.scan('rules');
    });
    detached(scanned, this.deps.log, `The rules of ${this.root} could not be read again`);
  };

  private scanDetached(reason: ScanReason): void {
    detached(this.scan(reason), this.deps.log, `A scan of ${this.root} failed`);
  }

  /** Writes none while the store fails, or before a scan found what was missed: recording was not complete. */
  private writeHeartbeat(): Promise<void> {
    if (this.parts.recorder.isFailing || this.parts.scans.isBlind) return Promise.resolve();
    return this.heartbeats.run(() => this.store.writeHeartbeat());
  }
}

const noScan = { files: 0, unwatched: 0, recorded: 0, missedByEvents: 0, ms: 0, isCancelled: true };
