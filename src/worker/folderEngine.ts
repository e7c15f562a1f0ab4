import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../model/clock';
import { asObbyError, ObbyError, messageOf } from '../model/errors';
import type { RuleSources, Verdict } from '../model/rules';
import type { VersionRecord } from '../model/version';
import type { HistoryStore } from '../store/contract';
import { NodeDisk } from '../track/nodeDisk';
import type { Candidate, Progress, Recorded, Restoration } from '../track/candidate';
import type { CauseSpans } from '../track/causeSpans';
import { GitOperations } from '../track/gitOperations';
import { Recorder } from '../track/recorder';
import { readRuleSources } from '../watch/ruleSources';
import { Rules } from '../watch/rules';
import { Snapshot } from '../watch/snapshot';
import type {
  Engine,
  EngineEvent,
  FolderKey,
  FolderOptions,
  Hint,
  Outcome,
  ScanReason,
  ScanResult,
  WatchOptions,
} from './contract';
import { FolderScans, type ScanOutcome } from './folderScans';
import { FolderWatching } from './folderWatching';
import { historiesIn } from './historiesIn';
import { toWire } from './rpc';

export interface FolderEngineParts {
  readonly key: FolderKey;
  readonly options: FolderOptions;
  readonly store: HistoryStore;
  /** Since when (ms) nobody was recording; undefined for a new history. */
  readonly closedSince: number | undefined;
  /** What ran in the window. */
  readonly spans: CauseSpans;
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
}

/** A file that changes while it is read is looked at again this often, each time after twice the wait. */
const maxRetries = 6;
const firstRetryMs = 500;
/** A later save of the same file tells of itself within this time. */
const overwrittenMs = 500;
/** While the disk is full, recording is tried again this often. */
const failedRetryMs = 15_000;
/** How often the store notes that someone is recording: the precision of "changed while closed". */
const seenEveryMs = 30_000;
/** The store is put in order, a step at a time, while nothing was recorded for this long. */
const upkeepIdleMs = 15_000;

/** Records one workspace folder: everything that writes goes through one queue, in the order in which it arrived. */
export class FolderEngine {
  readonly store: HistoryStore;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  private readonly disk: NodeDisk;
  private readonly recorder: Recorder;
  private readonly reserved: readonly string[];
  private sources: RuleSources = { watch: undefined, ignores: [] };
  private rules = new Rules(this.sources);
  /** Whether the rule files were read during the present call of the recorder. */
  private hasFreshRules = false;
  private maxFileBytes: number;
  private tail: Promise<unknown> = Promise.resolve();
  private readonly scans: FolderScans;
  private readonly watching: FolderWatching;
  private hasFailed = false;
  private isClosing = false;
  /** When (ms) something was last to be recorded. */
  private lastBusy = 0;
  private willTryAgain = false;
  private readonly retries = new Map<string, number>();
  private readonly cancels = new Set<() => void>();

  constructor(private readonly parts: FolderEngineParts) {
    const { options, store, clock } = parts;
    this.store = store;
    this.root = options.root;
    this.reserved = historiesIn(options);
    this.maxFileBytes = options.maxFileBytes;
    this.disk = new NodeDisk({
      root: options.root,
      clock,
      maxFileBytes: () => this.maxFileBytes,
      watchedBelow: (path) => this.watchedBelow(path),
      mayFollow: (target) => mayBeRead(this.rules.explain(target)),
    });
    const git = new GitOperations(options.root);
    this.recorder = new Recorder({
      store,
      disk: this.disk,
      clock,
      isWatched: (path) => this.rules.isWatched(path),
      attribution: () => {
        git.expect();
        return (changedMs) => parts.spans.at(changedMs, git.lately(clock.now()));
      },
      onRecorded: (versions) => this.recorded(versions),
      onSkipped: (message) => parts.emit({ type: 'log', level: 'info', message: `${options.root}: ${message}` }),
      onOverwritten: (path) => this.after(overwrittenMs, () => void this.record([{ path }])),
    });
    this.watching = new FolderWatching({ ...this.shared(), poll: () => this.scans.poll() });
    this.scans = new FolderScans({
      ...this.shared(),
      store,
      closedSince: parts.closedSince,
      loadRules: () => void this.loadRules(),
      record: (candidates, onProgress) => this.recordFound(candidates, onProgress),
      onFresh: (paths) => this.watching.hint(paths, 'changed'),
      onFolder: (look, isFirst) => this.watching.folderMet(look, isFirst),
      onError: this.report,
    });
    this.keepSeen();
    this.keepInOrder();
  }

  setMaxFileBytes(maxFileBytes: number): void {
    this.maxFileBytes = maxFileBytes;
    this.scans.forget();
  }

  loadRules(): RuleSources {
    const sources = { ...readRuleSources(this.parts.options.root, this.report), reserved: this.reserved };
    if (isDeepStrictEqual(sources, this.sources)) return sources;
    this.sources = sources;
    this.rules = new Rules(sources);
    this.watching.rulesChanged();
    this.parts.emit({ type: 'rules', folder: this.parts.key, sources });
    return sources;
  }

  record(hints: readonly Hint[]): Promise<Outcome[]> {
    const candidates = hints.map((hint): Candidate => ({ cause: 'external', sure: 'likely', ...hint }));
    return this.enqueue(async () => {
      this.hasFreshRules = false;
      const results = await this.recorder.record(candidates);
      this.review(results);
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
    if (!options) this.scans.blindFrom(this.parts.clock.now());
  }

  restore(items: readonly Restoration[]): ReturnType<Engine['restore']> {
    return this.enqueue(async () => {
      const { restored, error } = await this.recorder.restore(items);
      return { restored, ...(error && { problem: toWire(error) }) };
    });
  }

  observe(path: string) {
    return this.disk.observe(path);
  }

  /** Resolves when everything that was asked for before is durable. */
  async flush(): Promise<void> {
    await this.enqueue(() => this.store.flush());
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.watching.dispose();
    for (const cancel of this.cancels) cancel();
    await this.scans.settled();
    await this.enqueue(async () => {
      try {
        await this.noteSeen();
      } finally {
        await this.store.close();
      }
    });
  }

  /** Does not claim to have been recording while the store failed. */
  private async noteSeen(): Promise<void> {
    if (!this.hasFailed) await this.store.noteSeen();
  }

  private async recordFound(candidates: readonly Candidate[], onProgress: Progress): Promise<ScanOutcome> {
    const results = await this.enqueue(async () => {
      const recorded = await this.recorder.record(candidates, onProgress);
      this.review(recorded);
      return recorded;
    });
    if (this.hasFailed && results.every(({ error }) => !error)) await this.probe();
    return { results, hasFailed: this.hasFailed };
  }

  private recorded(versions: readonly VersionRecord[]): void {
    this.scans.noteRecorded(versions);
    this.parts.emit({ type: 'recorded', folder: this.parts.key, versions });
  }

  /** What the parts of a folder have in common. */
  private shared() {
    const { key, options, clock, emit } = this.parts;
    return { key, root: options.root, clock, emit, rules: () => this.rules };
  }

  private enqueue<T>(run: () => Promise<T>): Promise<T> {
    this.lastBusy = this.parts.clock.now();
    const result = this.tail.then(run);
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Says what could not be recorded, and sees to it that it is tried again. */
  private review(results: readonly Recorded[]): void {
    const { key, emit } = this.parts;
    const failed = results.find(({ error }) => error && storeErrors.has(error.code))?.error;
    if (failed) this.fail(failed);
    else if (this.hasFailed && results.some(({ versions }) => versions.length > 0)) this.recover();
    for (const { path, error } of results) {
      if (!error) {
        this.retries.delete(path);
        continue;
      }
      this.scans.noteFailed(path);
      if (storeErrors.has(error.code)) continue;
      if (error.code !== 'changedWhileRead' || !this.retryLater(path)) {
        emit({ type: 'problem', folder: key, path, error: toWire(error) });
      }
    }
  }

  private retryLater(path: string): boolean {
    const tries = (this.retries.get(path) ?? 0) + 1;
    if (tries > maxRetries) {
      this.retries.delete(path);
      return false;
    }
    this.retries.set(path, tries);
    this.after(firstRetryMs * 2 ** (tries - 1), () => void this.record([{ path }]));
    return true;
  }

  private fail(error: ObbyError): void {
    if (!this.hasFailed) this.parts.emit({ type: 'store', folder: this.parts.key, error: toWire(error) });
    this.hasFailed = true;
    this.scans.blindFrom(this.parts.clock.now());
    // A store that was opened to be read stays so.
    if (this.willTryAgain || error.code === 'storeReadOnly') return;
    this.willTryAgain = true;
    this.after(failedRetryMs, () => {
      this.willTryAgain = false;
      if (this.hasFailed) void this.scan('trouble').catch(this.reportFolder);
    });
  }

  /** There was nothing to record, so a smaller write tells whether the store works again. */
  private async probe(): Promise<void> {
    try {
      await this.store.noteSeen();
      this.recover();
    } catch (error) {
      this.fail(asObbyError(error));
    }
  }

  private recover(): void {
    this.hasFailed = false;
    this.parts.emit({ type: 'store', folder: this.parts.key });
  }

  private keepInOrder(): void {
    this.after(upkeepIdleMs, () => {
      void this.upkeep().finally(() => this.keepInOrder());
    });
  }

  private async upkeep(): Promise<void> {
    const { clock } = this.parts;
    try {
      while (!this.isClosing && clock.now() - this.lastBusy >= upkeepIdleMs) {
        if (!(await this.store.maintain())) return;
      }
    } catch (error) {
      // What was not put in order now will be later; nothing is lost by it.
      if (!this.isClosing) this.reportFolder(error);
    }
  }

  private keepSeen(): void {
    this.after(seenEveryMs, () => {
      void this.noteSeen().catch(this.reportFolder);
      this.keepSeen();
    });
  }

  private after(ms: number, run: () => void): void {
    if (this.isClosing) return;
    const cancel = this.parts.clock.after(ms, () => {
      this.cancels.delete(cancel);
      run();
    });
    this.cancels.add(cancel);
  }

  private watchedBelow(from: string): string[] {
    // A folder that was moved in may bring an ignore file of its own, which counts from its first file on.
    if (!this.hasFreshRules) this.loadRules();
    this.hasFreshRules = true;
    // Watched before it is looked at, so that what comes later is not missed.
    this.watching.folderChanged(from);
    const { root, rules, clock } = this.shared();
    const looks = new Snapshot().compare({ root, from, rules: rules(), now: clock.now(), onError: this.report });
    return [...looks].flatMap(({ found }) => found.map(({ path }) => path)).filter((path) => rules().isWatched(path));
  }

  private readonly report = (path: string, error: unknown): void => {
    const problem =
      error instanceof ObbyError
        ? error
        : new ObbyError('unreadable', `${path || 'The folder'} could not be read: ${messageOf(error)}`);
    this.parts.emit({ type: 'problem', folder: this.parts.key, path, error: toWire(problem) });
  };

  private readonly reportFolder = (error: unknown): void => this.report('', error);
}

/** What another name may show: all but what the rules take out, so that a link is no way around them. */
function mayBeRead({ reason }: Verdict): boolean {
  return reason === 'listed' || reason === 'not listed' || reason === 'no rules';
}

const storeErrors = new Set<string>(['diskFull', 'storeFailed', 'storeReadOnly', 'closed']);
