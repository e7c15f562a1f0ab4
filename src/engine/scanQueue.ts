import type { Clock } from '../base/clock';
import type { VersionRecord } from '../model/version';
import type { HistoryStore } from '../model/historyStore';
import type { Candidate, Progress, Recorded } from '../track/candidate';
import type { Rules } from '../rules/rules';
import type { FolderDifferences } from '../watch/folderSnapshot';
import type { EngineEvent, FolderKey, ScanReason, ScanResult } from './engine';
import type { FolderRules } from './folderRules';
import { FolderScanner, type Differences } from './folderScanner';

export interface ScanQueueDeps {
  readonly key: FolderKey;
  readonly root: string;
  readonly store: HistoryStore;
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
  /** Since when (ms) nobody was recording; undefined for a new history. */
  readonly closedSince: number | undefined;
  readonly rules: () => Rules;
  readonly folderRules: FolderRules;
  /** Records what was found; settles when everything before it is done too. */
  readonly record: (candidates: readonly Candidate[], onProgress: Progress) => Promise<ScanOutcome>;
  readonly onFolder: (look: FolderDifferences, isFirst: boolean) => void;
  /** Hears of paths to be looked at once nobody writes to them. */
  readonly onFresh: (paths: readonly string[]) => void;
  readonly onError: (path: string, error: unknown) => void;
}

export interface ScanOutcome {
  readonly results: readonly Recorded[];
  /** The store refused something, so that the next scan meets it again. */
  readonly hasFailed: boolean;
}

/** Compares one workspace folder with its history, one comparison at a time. */
export class ScanQueue {
  private readonly scanner: FolderScanner;
  private tail: Promise<unknown> = Promise.resolve();
  private blindSince: number | undefined;
  private isNew: boolean;
  private lastLook: number | undefined;
  private lastFiles = 0;
  private cancelled = 0;
  /** The rules of the last scan. */
  private scannedRules: Rules | undefined;
  /** Finds what was deleted along with the rules that watched it. */
  private formerScan: { readonly rules: Rules; readonly scanner: FolderScanner } | undefined;

  constructor(private readonly deps: ScanQueueDeps) {
    this.blindSince = deps.closedSince;
    this.isNew = deps.closedSince === undefined;
    this.scanner = new FolderScanner(deps);
  }

  /** What changes from now on until the next scan was not seen as it happened. */
  blindFrom(time: number): void {
    if (!this.isNew) this.blindSince ??= time;
  }

  /** Something may have changed that nobody saw and no scan has found yet. */
  get isBlind(): boolean {
    return this.blindSince !== undefined;
  }

  noteRecorded(versions: readonly VersionRecord[]): void {
    this.scanner.noteRecorded(versions);
  }

  /** A path that could not be recorded is met again by every comparison. */
  noteFailed(path: string): void {
    this.scanner.doubt(path);
    this.formerScan?.scanner.doubt(path);
  }

  /** The next comparison asks for the whole history. */
  forget(): void {
    this.scanner.forget();
  }

  /** Scans and polls under way, and those that wait, end soon. */
  cancel(): void {
    this.cancelled++;
  }

  async settled(): Promise<void> {
    await this.tail;
  }

  /** Compares the folder with the history and records what differs. */
  scan(reason: ScanReason): Promise<ScanResult> {
    const mark = this.cancelled;
    return this.inTurn(() => this.run(reason, () => this.cancelled !== mark));
  }

  /** Paths that differ from what the comparison before found, or must be read to know. */
  poll(): Promise<Differences> {
    const mark = this.cancelled;
    return this.inTurn(async () =>
      // What new rules bring in is for the scan that follows them.
      this.scannedRules === this.deps.rules() ? this.find('poll', true, () => this.cancelled !== mark) : nothing,
    );
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.tail.then(run);
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async run(asked: ScanReason, isCancelled: () => boolean): Promise<ScanResult> {
    const { key, clock, emit, folderRules } = this.deps;
    const started = clock.now();
    // What the store refused while it failed may look settled.
    if (asked === 'trouble') this.scanner.forget();
    const {
      files,
      unwatched,
      found,
      fresh,
      gone,
      missedByEvents,
      reason,
      isCancelled: isCut,
    } = await this.findWithRules(asked, isCancelled);
    this.deps.onFresh(fresh);
    const former = isCut ? [] : await this.formerDeletions(isCancelled);
    const candidates = [...folderRules.deletedFiles(), ...found, ...gone, ...former];
    const { results, hasFailed } = await this.deps.record(candidates, (done, total) =>
      emit({ type: 'scan', folder: key, reason, done, total }),
    );
    // What the store refused is met again by the next scan, which must know as much of it.
    if (!hasFailed && !isCut) {
      this.blindSince = undefined;
      this.isNew = false;
    }
    const recorded = results.filter(({ versions }) => versions.length > 0);
    const counts = {
      recorded: recorded.length,
      missedByEvents: recorded.filter(({ path }) => missedByEvents.has(path)).length,
    };
    const result = { files, unwatched, ...counts, ms: clock.now() - started, isCancelled: isCut };
    emit({ type: 'scanned', folder: key, reason, result });
    // The store is given again what it refused, by the rules that it was found with.
    const isDone = !hasFailed && !isCut && !isCancelled();
    const isOver = isDone && folderRules.scanned(demanded.has(asked));
    return isOver ? this.run('rules', isCancelled) : result;
  }

  /** What is gone from the disk and only the former rules watch. */
  private async formerDeletions(isCancelled: () => boolean): Promise<readonly Candidate[]> {
    const rules = this.deps.folderRules.formerRules;
    if (rules !== this.formerScan?.rules) {
      const scanner = new FolderScanner({ ...this.deps, onFolder: () => undefined });
      this.formerScan = rules && { rules, scanner };
    }
    if (!this.formerScan) return [];
    const { gone } = await this.formerScan.scanner.find({
      ...{ rules: this.formerScan.rules, reason: 'rules', isAwaited: true, isCancelled },
      ...{ blindSince: this.blindSince, lastLook: this.lastLook, isNew: false, onProgress: () => undefined },
    });
    return gone.filter(({ path }) => !this.deps.rules().isWatched(path));
  }

  /** Files that an edit of the rules brought in did not change just now, whoever noticed the edit. */
  private async findWithRules(
    asked: ScanReason,
    isCancelled: () => boolean,
  ): Promise<Differences & { readonly reason: ScanReason }> {
    const { rules, folderRules } = this.deps;
    const before = this.scannedRules ?? rules();
    const isAwaited = awaited.has(asked);
    this.scannedRules = rules();
    if (before === rules()) {
      const found = await this.find(asked, isAwaited, isCancelled);
      if (found.ruleFiles.length > 0) folderRules.load();
      if (rules() === before) return { ...found, reason: asked };
    }
    this.scannedRules = rules();
    return { ...(await this.find('rules', isAwaited, isCancelled)), reason: 'rules' };
  }

  private async find(
    reason: ScanReason | 'poll',
    isAwaited: boolean,
    isCancelled: () => boolean,
  ): Promise<Differences> {
    const { key, emit, clock, rules } = this.deps;
    const started = clock.now();
    const differences = await this.scanner.find({
      rules: rules(),
      reason,
      isAwaited,
      blindSince: this.blindSince,
      lastLook: this.lastLook,
      isNew: this.isNew,
      isCancelled,
      onProgress: (done) => {
        if (reason !== 'poll') emit({ type: 'scan', folder: key, reason, done, total: Math.max(done, this.lastFiles) });
      },
    });
    if (!differences.isCancelled) {
      this.lastLook = started;
      this.lastFiles = differences.files;
    }
    return differences;
  }
}

const awaited = new Set<ScanReason>(['start', 'asked', 'flush', 'rules', 'trouble']);

/** Somebody asked for the present state, by the present rules. */
const demanded = new Set<ScanReason>(['start', 'asked', 'flush']);

const nothing: Differences = {
  files: 0,
  unwatched: 0,
  found: [],
  added: new Set(),
  fresh: [],
  missedByEvents: new Set(),
  gone: [],
  ruleFiles: [],
  isCancelled: false,
};
