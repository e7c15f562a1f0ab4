import type { CauseSpan } from '../model/causeSpan';
import type { Clock } from '../base/clock';
import { ObbyError, messageOf } from '../base/errors';
import { OptionalWork } from '../base/optionalWork';
import type { RuleSources } from '../model/ruleSources';
import type { FolderForgetResult } from '../model/maintenance';
import type { VersionRecord } from '../model/version';
import type { HistoryStore, Selection } from '../model/historyStore';
import { NodeDisk } from '../track/disk/nodeDisk';
import type { Candidate, Progress, Restoration } from '../track/candidate';
import type { CauseSpans } from '../track/causeSpans';
import { GitFiles } from '../track/git/gitFiles';
import { GitOperations } from '../track/git/gitOperations';
import { Recorder } from '../track/recorder';
import { FolderSnapshot } from '../watch/folderSnapshot';
import type {
  Engine,
  EngineEvent,
  FolderKey,
  FolderOptions,
  ChangeHint,
  Outcome,
  ScanReason,
  ScanResult,
  WatchOptions,
} from './engine';
import { Housekeeping } from './housekeeping';
import { FolderRules, rulesFirst } from './folderRules';
import { ScanQueue, type ScanOutcome } from './scanQueue';
import { FailureTracker } from './failureTracker';
import { ChangeFeed } from './changeFeed';
import { historiesIn } from './historiesIn';
import { KeptRules } from './keptRules';
import { toWire } from './rpc';
import { Timers } from './timers';

export interface FolderEngineDeps {
  readonly key: FolderKey;
  readonly options: FolderOptions;
  readonly store: HistoryStore;
  /** Since when (ms) nobody was recording; undefined for a new history. */
  readonly closedSince: number | undefined;
  /** What ran in the window. */
  readonly spans: CauseSpans;
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
  /** Default: as the disk has them. */
  readonly gitFiles?: GitFiles;
}

const gitCauses = 'causes that git notes';
/** A later save of the same file tells of itself within this time. */
const overwrittenMs = 500;

/** Records one workspace folder: everything that writes goes through one queue, in the order in which it arrived. */
export class FolderEngine {
  readonly store: HistoryStore;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Of causes, line counts and the like in this folder. */
  readonly optional: OptionalWork;
  private readonly disk: NodeDisk;
  private readonly git: GitOperations;
  private readonly recorder: Recorder;
  private innerFolders: readonly string[];
  private readonly rules: FolderRules;
  /** Whether the rule files were read during the present call of the recorder. */
  private hasFreshRules = false;
  private maxFileBytes: number;
  private tail: Promise<unknown> = Promise.resolve();
  private readonly scans: ScanQueue;
  private readonly watching: ChangeFeed;
  private isClosing = false;
  private findsCauses = true;
  private isPaused = false;
  private readonly timers: Timers;
  private readonly troubles: FailureTracker;
  private readonly chores: Housekeeping;

  constructor(private readonly deps: FolderEngineDeps) {
    const { options, store, clock } = deps;
    this.store = store;
    this.root = options.root;
    this.innerFolders = options.innerFolders ?? [];
    this.maxFileBytes = options.maxFileBytes;
    this.timers = new Timers(clock);
    this.rules = this.newRules();
    this.disk = new NodeDisk({
      ...{ root: options.root, clock },
      maxFileBytes: () => this.maxFileBytes,
      watchedBelow: (path) => this.watchedBelow(path),
      mayFollow: (target) => this.rules.mayBeFollowed(target),
    });
    this.optional = new OptionalWork((message) => this.log('warn', message));
    this.git = new GitOperations(options.root, deps.gitFiles);
    this.recorder = new Recorder({
      ...{ store, disk: this.disk, clock },
      isWatched: (path) => this.rules.current.isWatched(path),
      isDeletionWatched: (path) => this.rules.isDeletionWatched(path),
      attribution: () => {
        if (!this.findsCauses) return () => undefined;
        return (changedMs) => deps.spans.at(changedMs, this.gitLately());
      },
      optional: this.optional,
      onRecorded: (versions) => this.recorded(versions),
      onSkipped: (message) => this.log('info', message),
      onOverwritten: (path) => this.timers.after(overwrittenMs, () => void this.record([{ path }])),
    });
    this.watching = new ChangeFeed({ ...this.shared(), poll: () => this.scans.poll() });
    this.scans = new ScanQueue({
      ...this.shared(),
      store,
      closedSince: deps.closedSince,
      folderRules: this.rules,
      record: (candidates, onProgress) => this.recordFound(candidates, onProgress),
      onFresh: (paths) => this.watching.hint(paths, 'changed'),
      onFolder: (look, isFirst) => this.watching.folderMet(look, isFirst),
      onError: this.report,
    });
    this.troubles = new FailureTracker({
      ...this.shared(),
      store,
      timers: this.timers,
      onNotRecorded: (path) => this.scans.noteFailed(path),
      onFail: () => this.scans.blindFrom(clock.now()),
      record: (path) => void this.record([{ path }]),
      scan: () => void this.scan('trouble').catch(this.reportFolder),
    });
    this.chores = new Housekeeping({
      store,
      clock,
      timers: this.timers,
      writeHeartbeat: () => this.writeHeartbeat(),
      isClosing: () => this.isClosing,
      onError: this.reportFolder,
    });
  }

  setMaxFileBytes(maxFileBytes: number): void {
    this.maxFileBytes = maxFileBytes;
    this.scans.forget();
  }

  setInnerFolders(innerFolders: readonly string[]): RuleSources {
    this.innerFolders = innerFolders;
    return this.loadRules();
  }

  loadRules(): RuleSources {
    return this.rules.load();
  }

  /** Writes the last usable rules back; resolves with the paths of their files. */
  restoreRules(): Promise<string[]> {
    return this.enqueue(async () => {
      const files = this.rules.restorable();
      for (const [path, bytes] of files) await this.recorder.write(path, bytes);
      this.loadRules();
      return files.map(([path]) => path);
    });
  }

  forget(selection: Selection): Promise<FolderForgetResult> {
    this.rules.forget(selection);
    return this.store.forget(selection);
  }

  record(hints: readonly ChangeHint[]): Promise<Outcome[]> {
    const candidates = hints.map((hint): Candidate => ({ cause: 'external', confidence: 'likely', ...hint }));
    return this.enqueue(async () => {
      this.hasFreshRules = false;
      await this.causesTold(candidates);
      const results = await this.recorder.record(candidates);
      this.troubles.review(results);
      return results.map(({ path, versions, error }) => ({ path, versions, ...(error && { problem: toWire(error) }) }));
    });
  }

  /** Compares the folder with the history; scans do not overlap. */
  scan(reason: ScanReason): Promise<ScanResult> {
    return this.scans.scan(reason);
  }

  cancelScans(): void {
    this.scans.cancel();
  }

  /** Undefined: nobody watches until the next call, and what changes meanwhile is found by a scan. */
  watch(options: WatchOptions | undefined): void {
    this.watching.use(options);
    this.findsCauses = options?.findsCauses ?? this.findsCauses;
    this.isPaused = !options;
    if (options) return;
    void this.writeHeartbeat().catch(this.reportFolder);
    this.scans.blindFrom(this.deps.clock.now());
  }

  restore(items: readonly Restoration[]): ReturnType<Engine['restore']> {
    return this.enqueue(async () => {
      // What it replaces is recorded first, whoever wrote it.
      await this.causesTold([{ cause: 'external' }]);
      const { restored, error } = await this.recorder.restore(rulesFirst(items));
      return { restored, ...(error && { problem: toWire(error) }) };
    });
  }

  observe(path: string) {
    return this.disk.observe(path);
  }

  /** Resolves when everything that was asked for before is durable. */
  async flush(): Promise<void> {
    await this.enqueue(async () => {
      await this.store.flush();
      this.recorder.endEvent();
    });
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.watching.dispose();
    this.timers.dispose();
    await this.scans.settled();
    await this.enqueue(() => this.writeHeartbeat().finally(() => this.store.close()));
  }

  /** Does not claim to have been recording while the store failed, or before a scan found what nobody saw. */
  private async writeHeartbeat(): Promise<void> {
    if (!this.troubles.isFailing && !this.scans.isBlind) await this.store.writeHeartbeat();
  }

  private async recordFound(candidates: readonly Candidate[], onProgress: Progress): Promise<ScanOutcome> {
    const results = await this.enqueue(async () => {
      await this.causesTold(candidates);
      const recorded = await this.recorder.record(candidates, onProgress);
      this.troubles.review(recorded);
      return recorded;
    });
    if (this.troubles.isFailing && results.every(({ error }) => !error)) await this.troubles.probe();
    return { results, hasFailed: this.troubles.isFailing };
  }

  /** Resolves when what may have written what nobody has claimed can be known. */
  private async causesTold(candidates: readonly Pick<Candidate, 'cause'>[]): Promise<void> {
    const isAsked = this.findsCauses && candidates.some(({ cause }) => cause === 'external');
    if (isAsked) await this.optional.run(gitCauses, () => this.git.told(this.deps.clock));
  }

  private gitLately(): readonly CauseSpan[] {
    return this.optional.try(gitCauses, () => this.git.lately(this.deps.clock.now())) ?? [];
  }

  private recorded(versions: readonly VersionRecord[]): void {
    this.scans.noteRecorded(versions);
    this.rules.noteRecorded(versions);
    this.deps.emit({ type: 'recorded', folder: this.deps.key, versions });
  }

  private newRules(): FolderRules {
    const { key, options, emit } = this.deps;
    return new FolderRules({
      root: options.root,
      kept: new KeptRules(options.storeDir, (message) => emit({ type: 'log', level: 'warn', message })),
      reserved: () => [...historiesIn(options), ...this.innerFolders],
      onChange: (sources) => {
        this.watching.rulesChanged();
        emit({ type: 'rules', folder: key, sources });
      },
      after: (ms, run) => this.timers.after(ms, run),
      scan: () => {
        if (!this.isPaused) void this.scan('periodic').catch(this.reportFolder);
      },
    });
  }

  /** What the parts of a folder have in common. */
  private shared() {
    const { optional } = this;
    const { key, options, clock, emit, gitFiles = new GitFiles() } = this.deps;
    return { key, root: options.root, clock, emit, optional, gitFiles, rules: () => this.rules.current };
  }

  private enqueue<T>(run: () => Promise<T>): Promise<T> {
    this.chores.noteBusy();
    const result = this.tail.then(run);
    this.tail = result.catch(() => undefined);
    return result;
  }

  private watchedBelow(from: string): string[] {
    // A folder that was moved in may bring an ignore file of its own, which counts from its first file on.
    if (!this.hasFreshRules) this.loadRules();
    this.hasFreshRules = true;
    // Watched before it is looked at, so that what comes later is not missed.
    this.watching.folderChanged(from);
    const { root, rules, clock } = this.shared();
    const looks = new FolderSnapshot().compare({ root, from, rules: rules(), now: clock.now(), onError: this.report });
    return [...looks].flatMap(({ found }) => found.map(({ path }) => path)).filter((path) => rules().isWatched(path));
  }

  private log(level: 'info' | 'warn' | 'error', message: string): void {
    this.deps.emit({ type: 'log', level, message: `${this.root}: ${message}` });
  }

  private readonly report = (path: string, error: unknown): void => {
    const problem =
      error instanceof ObbyError
        ? error
        : new ObbyError('unreadable', `${path || 'The folder'} could not be read: ${messageOf(error)}`);
    this.deps.emit({ type: 'problem', folder: this.deps.key, path, error: toWire(problem) });
  };

  private readonly reportFolder = (error: unknown): void => this.report('', error);
}
