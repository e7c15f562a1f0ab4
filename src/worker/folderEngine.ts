import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../model/clock';
import { asObbyError, ObbyError, messageOf } from '../model/errors';
import type { RuleSources, Verdict } from '../model/rules';
import type { HistoryStore } from '../store/contract';
import { NodeDisk } from '../track/nodeDisk';
import type { Candidate, Recorded, Restoration } from '../track/candidate';
import type { CauseSpans } from '../track/causeSpans';
import { GitOperations } from '../track/gitOperations';
import { Recorder } from '../track/recorder';
import { readRuleSources } from '../watch/ruleSources';
import { Rules } from '../watch/rules';
import { walk } from '../watch/walk';
import type { Engine, EngineEvent, FolderKey, FolderOptions, Hint, Outcome, ScanReason, ScanResult } from './contract';
import { findDifferences } from './folderScan';
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
  private scans: Promise<unknown> = Promise.resolve();
  private closedSince: number | undefined;
  private isNew: boolean;
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
    this.closedSince = parts.closedSince;
    this.isNew = parts.closedSince === undefined;
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
      onRecorded: (versions) => parts.emit({ type: 'recorded', folder: parts.key, versions }),
      onSkipped: (message) => parts.emit({ type: 'log', level: 'info', message: `${options.root}: ${message}` }),
      onOverwritten: (path) => this.after(overwrittenMs, () => void this.record([{ path }])),
    });
    this.keepSeen();
    this.keepInOrder();
  }

  setMaxFileBytes(maxFileBytes: number): void {
    this.maxFileBytes = maxFileBytes;
  }

  loadRules(): RuleSources {
    const sources = { ...readRuleSources(this.parts.options.root, this.report), reserved: this.reserved };
    if (isDeepStrictEqual(sources, this.sources)) return sources;
    this.sources = sources;
    this.rules = new Rules(sources);
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
    const scan = this.scans.then(() => this.runScan(reason));
    this.scans = scan.catch(() => undefined);
    return scan;
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
    for (const cancel of this.cancels) cancel();
    await this.scans;
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

  private async runScan(asked: ScanReason): Promise<ScanResult> {
    const { key, options, clock, emit } = this.parts;
    const started = clock.now();
    const before = this.sources;
    this.loadRules();
    // Files that an edit of the rules brought in did not change just now, whoever noticed the edit.
    const reason = this.sources === before ? asked : 'rules';
    const { files, candidates } = await findDifferences({
      root: options.root,
      rules: this.rules,
      store: this.store,
      clock,
      reason,
      closedSince: this.closedSince,
      isNew: this.isNew,
      onError: this.report,
      onProgress: (done) => emit({ type: 'scan', folder: key, reason, done, total: 0 }),
    });
    const results = await this.enqueue(() => this.recordFound(candidates, reason));
    // What the store refused is met again by the next scan, which must know as much of it.
    if (!this.hasFailed) {
      this.closedSince = undefined;
      this.isNew = false;
    }
    if (this.hasFailed && results.every(({ error }) => !error)) await this.probe();
    const recorded = results.filter((result) => result.versions.length > 0).length;
    const result = { files, recorded, ms: clock.now() - started };
    emit({ type: 'scanned', folder: key, reason, result });
    return result;
  }

  private async recordFound(candidates: readonly Candidate[], reason: ScanReason): Promise<Recorded[]> {
    const { key, emit } = this.parts;
    const results = await this.recorder.record(candidates, (done, total) =>
      emit({ type: 'scan', folder: key, reason, done, total }),
    );
    this.review(results);
    return results;
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
    const { root } = this.parts.options;
    const found: string[] = [];
    // A folder that was moved in may bring an ignore file of its own, which counts from its first file on.
    if (!this.hasFreshRules) this.loadRules();
    this.hasFreshRules = true;
    for (const files of walk({ root, from, rules: this.rules, now: this.parts.clock.now(), onError: this.report })) {
      found.push(...files.map((file) => file.path));
    }
    return found;
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
