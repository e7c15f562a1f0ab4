import { isDeepStrictEqual } from 'node:util';
import { delay, Timers, type Clock } from '../base/clock';
import { detached, type Log } from '../base/log';
import { OptionalWork } from '../base/optionalWork';
import { Sequencer } from '../base/sequencer';
import type { ClientEvent } from '../model/changeHint';
import type { FolderSettings } from '../model/folderSettings';
import type { HistoryStore, Selection } from '../model/historyStore';
import type { FolderForgetResult } from '../model/historyMaintenance';
import type { Verdict } from '../model/ruleSources';
import type { ScanReason, ScanResult } from '../model/scan';
import type { VersionRecord } from '../model/version';
import type { Restoration } from '../track/candidate';
import type { CauseSpans } from '../track/causeSpans';
import type { Observation } from '../track/disk/disk';
import { GitFiles } from '../track/git/gitFiles';
import { ScanQueue } from '../watch/scanQueue';
import type { Rules } from '../rules/rules';
import type { Engine, EngineEvent, FolderKey, FolderOptions, Outcome } from './engine';
import type { EngineStatus } from './engineStatus';
import { FolderChanges } from './folderChanges';
import { FolderRecorder } from './folderRecorder';
import { FolderReporter } from './folderReporter';
import { FolderRules, rulesFirst } from './folderRules';
import { FolderStatusTracker } from './folderStatusTracker';
import type { GapLedger } from './gapLedger';
import type { ChangeableHistory } from './historyActions';
import { historiesIn } from './historiesIn';
import { Housekeeping } from './housekeeping';
import { KeptRules } from './keptRules';
import { toWire } from './rpc';

export interface FolderEngineDeps {
  readonly key: FolderKey;
  readonly options: FolderOptions;
  readonly store: HistoryStore;
  /** Since when (ms) nothing was recorded; undefined for a new history. */
  readonly closedSince: number | undefined;
  /** What ran in the window. */
  readonly spans: CauseSpans;
  readonly gaps: GapLedger;
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: (event: EngineEvent) => void;
  /** How many folders are watched at most; default a fair part of what the machine allows. */
  readonly maxWatches?: number;
  /** Default: as the disk has them. */
  readonly gitFiles?: GitFiles;
}

/** Everything that is done for one workspace folder: changes come in, versions are recorded, a status goes out. */
export class FolderEngine implements ChangeableHistory {
  readonly store: HistoryStore;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
  private settings: FolderSettings;
  private isOpen = false;
  private readonly timers: Timers;
  private readonly rules: FolderRules;
  private readonly tracker: FolderStatusTracker;
  private readonly recorder: FolderRecorder;
  private readonly scans: ScanQueue;
  private readonly changes: FolderChanges;
  private readonly housekeeping: Housekeeping;
  private readonly reporter: FolderReporter;
  private readonly heartbeats = new Sequencer();

  constructor(private readonly deps: FolderEngineDeps) {
    const { options, store, clock, gaps, log } = deps;
    this.optional = new OptionalWork((message) => log.warn(`${options.root}: ${message}`));
    this.gitFiles = deps.gitFiles ?? new GitFiles();
    this.store = store;
    this.root = options.root;
    this.settings = options.settings;
    this.timers = new Timers(clock);
    this.tracker = new FolderStatusTracker(() => clock.now(), gaps);
    this.reporter = new FolderReporter({
      ...deps,
      ...{ root: options.root, timers: this.timers, tracker: this.tracker },
      status: () => this.status,
    });
    this.rules = this.newRules();
    this.recorder = this.newRecorder();
    this.scans = this.newScans();
    this.changes = this.newChanges();
    this.housekeeping = new Housekeeping({
      ...{ store, clock, timers: this.timers },
      writeHeartbeat: () => this.writeHeartbeat(),
      isClosing: () => !this.isOpen,
      onMaintained: () => this.recount(),
      onError: this.reporter.folderProblem,
    });
  }

  get status(): EngineStatus {
    const state = this.settings.isPaused ? 'paused' : this.rules.current.isEmpty ? 'no rules' : 'watching';
    const facts = this.tracker.value;
    const unrecorded = [...this.rules.closedFolders, ...facts.unrecorded];
    const canRestoreRules = this.rules.current.canRestore && { canRestoreRules: true };
    const shown = { ...facts, unrecorded, ...canRestoreRules };
    return { state: this.tracker.problem ? 'failed' : state, ...this.changes.status, ...shown };
  }

  /** Begins to watch, and to look for what changed since the history was last open. */
  async start(): Promise<void> {
    const { gaps, store, closedSince } = this.deps;
    const { isPaused, retention } = this.settings;
    await gaps.load();
    store.setRetention(retention);
    await this.recount();
    this.tracker.opened(closedSince, isPaused);
    this.isOpen = true;
    await this.rules.load();
    if (isPaused) return;
    // Together, so that no other scan comes first and takes what this one finds for changes of its own.
    this.changes.start();
    this.scanDetached('start');
  }

  /** Resolves when what the change of the settings asks for is done, a scan included. */
  async configure(settings: FolderSettings): Promise<void> {
    const before = this.settings;
    this.settings = settings;
    if (settings.maxFileBytes !== before.maxFileBytes) this.scans.forget();
    if (!isDeepStrictEqual(settings.retention, before.retention)) this.store.setRetention(settings.retention);
    if (!isDeepStrictEqual(settings.watching, before.watching)) this.changes.configure(settings.watching);
    if (settings.isPaused && !before.isPaused) this.pause();
    if (!settings.isPaused && before.isPaused) await this.resume();
    if (isDeepStrictEqual(settings.innerFolders, before.innerFolders)) return;
    if (await this.rules.load()) await this.scan('rules');
  }

  notify(events: readonly ClientEvent[]): void {
    this.changes.notify(events);
  }

  /** By the rules as they were written before the call. */
  async explain(path: string): Promise<Verdict> {
    await this.rules.settled();
    return this.rules.current.explain(path);
  }

  /** Records paths now, whether or not anything reported them. */
  async record(paths: readonly string[]): Promise<Outcome[]> {
    const results = await this.changes.record(paths.map((path) => ({ path })));
    return results.map(({ path, versions, error }) => ({ path, versions, ...(error && { problem: toWire(error) }) }));
  }

  /** Compares the folder with the history; scans do not overlap. Does nothing while paused. */
  scan(reason: ScanReason): Promise<ScanResult> {
    const isWatching = this.isOpen && !this.settings.isPaused;
    return isWatching ? this.scans.scan(reason) : Promise.resolve(noScan);
  }

  cancelScans(): void {
    this.scans.cancel();
  }

  async restore(items: readonly Restoration[]): ReturnType<Engine['restore']> {
    const { restored, error } = await this.recorder.restore(rulesFirst(items));
    return { restored, ...(error && { problem: toWire(error) }) };
  }

  /** The rules as the rule files are now. */
  async readRules(): Promise<Rules> {
    if (await this.rules.load()) this.scanDetached('rules');
    return this.rules.current;
  }

  /** Writes the last usable rules back, and resolves with the paths of their files when what they list is recorded. */
  async restoreRules(): Promise<string[]> {
    const files = this.rules.restorable();
    await this.recorder.write(files);
    if (await this.rules.load()) await this.scan('rules');
    return files.map(([path]) => path);
  }

  async forget(selection: Selection): Promise<FolderForgetResult> {
    this.rules.forget(selection);
    const result = await this.store.forget(selection);
    await this.recount();
    return result;
  }

  observe(path: string): Promise<Observation> {
    return this.recorder.observe(path);
  }

  readonly checkProgress = (done: number, total: number): void => {
    const { emit, key } = this.deps;
    emit({ type: 'check', folder: key, done, total });
  };

  /** Resolves when every change made on disk before the call is recorded and durable. */
  async flush(): Promise<void> {
    // The events of a move may have arrived in part only, and would then report a deletion; the disk knows it all.
    await this.scan('flush');
    await this.changes.drain();
    await this.recorder.flush();
  }

  /** Another window has recorded versions. */
  recordedElsewhere(versions: readonly VersionRecord[]): void {
    this.reporter.recorded(versions);
  }

  recount(): Promise<void> {
    return this.reporter.recount(this.store);
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.changes.stop();
    await this.changes.drain();
    this.changes.dispose();
    this.timers.dispose();
    this.reporter.dispose();
    await this.scans.settled();
    await this.recorder.close(async () => {
      try {
        await this.writeHeartbeat();
      } finally {
        await this.deps.gaps.close();
        await this.store.close();
      }
    });
  }

  private pause(): void {
    this.tracker.paused();
    this.changes.stop();
    detached(this.writeHeartbeat(), this.deps.log, 'The time of the pause was not noted');
    this.scans.blindFrom(this.deps.clock.now());
  }

  private async resume(): Promise<void> {
    this.tracker.resumed();
    this.changes.start();
    await this.scan('asked');
  }

  private readonly loadRulesAndScan = (): void => {
    const scanned = this.rules.load().then(async (isChanged) => {
      if (isChanged) await this.scan('rules');
    });
    detached(scanned, this.deps.log, `The rules of ${this.root} could not be read again`);
  };

  private scanDetached(reason: ScanReason): void {
    detached(this.scan(reason), this.deps.log, `A scan of ${this.root} failed`);
  }

  private newRules(): FolderRules {
    const { options, log, clock } = this.deps;
    return new FolderRules({
      root: this.root,
      kept: new KeptRules(options.storeDir, (message) => log.warn(message)),
      reserved: () => [...historiesIn(this.root, options.storeDir), ...this.settings.innerFolders],
      onChange: ({ problems }) => {
        this.changes.rulesChanged();
        this.reporter.rulesChanged(problems);
      },
      pause: (ms) => delay(clock, ms),
      after: (ms, run) => this.timers.after(ms, run),
      scan: () => this.scanDetached('periodic'),
    });
  }

  private newRecorder(): FolderRecorder {
    const { store, clock, spans, log } = this.deps;
    return new FolderRecorder({
      ...{ root: this.root, store, clock, spans, log, timers: this.timers, rules: () => this.rules.current },
      ...{ optional: this.optional, gitFiles: this.gitFiles },
      loadRules: () => {
        if (this.rules.loadNow()) this.scanDetached('rules');
      },
      isDeletionWatched: (path) => this.rules.isDeletionWatched(path),
      mayFollow: (path) => this.rules.mayBeFollowed(path),
      maxFileBytes: () => this.settings.maxFileBytes,
      findsCauses: () => !this.settings.watching.isSafeMode,
      onBusy: () => this.housekeeping.noteBusy(),
      onFolder: (folder) => this.changes.folderChanged(folder),
      onRecorded: (versions) => {
        this.scans.noteRecorded(versions);
        this.rules.noteRecorded(versions);
        this.reporter.recorded(versions);
      },
      onNotRecorded: (path) => this.scans.noteFailed(path),
      onProblem: this.reporter.pathProblem,
      onStoreChange: (error) => this.reporter.storeChanged(error),
      onFail: () => this.scans.blindFrom(clock.now()),
      scan: () => this.scanDetached('trouble'),
    });
  }

  private newScans(): ScanQueue {
    const { store, clock, closedSince, log } = this.deps;
    return new ScanQueue({
      ...{ root: this.root, store, clock, closedSince, rules: () => this.rules.current },
      folderRules: this.rules,
      record: (hints, onProgress) => this.recorder.recordFound(hints, onProgress),
      onStart: () => {
        this.tracker.scanStarts();
        this.changes.scanStarts();
      },
      onProgress: (progress) => this.reporter.scanProgress(progress),
      onScanned: (reason, result) => {
        this.changes.scanned(result);
        this.reporter.scanned(reason, result);
        if (result.recorded > 0) detached(this.recount(), log, 'The history was not counted');
      },
      onEnd: () => {
        this.tracker.scanEnds();
        this.changes.scanEnds();
        this.reporter.changed();
      },
      onFolder: (differences, isFirst) => this.changes.folderFound(differences, isFirst),
      onFresh: (paths) => this.changes.add(paths.map((path) => ({ path, kind: 'changed' }))),
      onError: this.reporter.pathProblem,
    });
  }

  private newChanges(): FolderChanges {
    const { clock, log, maxWatches } = this.deps;
    return new FolderChanges({
      ...{ root: this.root, clock, log, tracker: this.tracker, settings: this.settings.watching },
      ...(maxWatches !== undefined && { maxWatches }),
      optional: this.optional,
      gitDir: () => this.gitFiles.gitDirOf(this.root),
      rules: () => this.rules.current,
      record: (hints, onProgress) => this.recorder.record(hints, onProgress),
      poll: () => this.scans.poll(),
      scan: (reason) => this.scanDetached(reason),
      onRewatch: () => {
        this.scans.forget();
        this.scanDetached('watched');
      },
      onRuleFile: this.loadRulesAndScan,
      onChange: (change) => this.reporter.pathChanged(change),
      onDidChange: () => this.reporter.changed(),
    });
  }

  /** Does not claim to have been recording while the store failed, or before a scan found what was missed. */
  private writeHeartbeat(): Promise<void> {
    if (this.recorder.isFailing || this.scans.isBlind) return Promise.resolve();
    return this.heartbeats.run(() => this.store.writeHeartbeat());
  }
}

const noScan = { files: 0, unwatched: 0, recorded: 0, missedByEvents: 0, ms: 0, isCancelled: true };
