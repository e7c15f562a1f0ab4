import type { Clock } from '../base/clock';
import { Sequencer } from '../base/sequencer';
import type { ChangeHint } from '../model/changeHint';
import type { HistoryStore } from '../model/historyStore';
import type { ScanReason, ScanResult } from '../model/scan';
import type { VersionRecord } from '../model/version';
import type { Rules } from '../rules/rules';
import { FolderScanner, type Differences } from './folderScanner';
import type { FolderDifferences } from './folderSnapshot';

/** The rules of a folder, as far as scans change and need them. */
export interface RulesOfScan {
  /** Rules that no longer have a file, until what was deleted along with it is recorded. */
  readonly formerRules: Rules | undefined;
  /** Reads the rule files again. */
  load(): Promise<unknown>;
  /** Rule files that are gone, whose last content is recorded before their deletion is. */
  deletedFiles(): readonly ChangeHint[];
  /** A scan has recorded what it found; true when other rules count from now on. */
  scanned(isAwaited: boolean): boolean;
}

export interface ScanQueueDeps {
  readonly root: string;
  readonly store: HistoryStore;
  readonly clock: Clock;
  /** Since when (ms) nothing was recorded; undefined for a new history. */
  readonly closedSince: number | undefined;
  readonly rules: () => Rules;
  readonly folderRules: RulesOfScan;
  /** Records what was found; settles when everything before it is done too. */
  readonly record: (
    hints: readonly ChangeHint[],
    onProgress: (done: number, total: number) => void,
  ) => Promise<ScanOutcome>;
  /** A scan begins. */
  readonly onStart: () => void;
  readonly onProgress: (progress: ScanProgress) => void;
  readonly onScanned: (reason: ScanReason, result: ScanResult) => void;
  /** A scan has ended, whether or not it failed. */
  readonly onEnd: () => void;
  readonly onFolder: (differences: FolderDifferences, isFirst: boolean) => void;
  /** Paths that are to be compared again once they are quiet. */
  readonly onFresh: (paths: readonly string[]) => void;
  readonly onError: (path: string, error: unknown) => void;
}

export interface ScanProgress {
  readonly reason: ScanReason;
  readonly done: number;
  readonly total: number;
}

export interface ScanOutcome {
  readonly results: readonly { readonly path: string; readonly versions: readonly VersionRecord[] }[];
  /** The store refused something, so that the next scan meets it again. */
  readonly hasFailed: boolean;
}

/** Compares one workspace folder with its history, one comparison at a time. */
export class ScanQueue {
  private readonly scanner: FolderScanner;
  private readonly sequencer = new Sequencer();
  private blindSince: number | undefined;
  private isNew: boolean;
  private previousStart: number | undefined;
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
    await this.sequencer.settled();
  }

  /** Compares the folder with the history and records what differs. */
  scan(reason: ScanReason): Promise<ScanResult> {
    const before = this.cancelled;
    return this.sequencer.run(async () => {
      this.deps.onStart();
      try {
        return await this.run(reason, () => this.cancelled !== before);
      } finally {
        this.deps.onEnd();
      }
    });
  }

  /** Paths that differ from what the comparison before found, or must be read to know. */
  poll(): Promise<Differences> {
    const before = this.cancelled;
    return this.sequencer.run(async () =>
      // What new rules bring in is for the scan that follows them.
      this.scannedRules === this.deps.rules() ? this.find('poll', true, () => this.cancelled !== before) : nothing,
    );
  }

  private async run(asked: ScanReason, isCancelled: () => boolean): Promise<ScanResult> {
    const { clock, onProgress, onScanned, folderRules } = this.deps;
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
    const hints = [...folderRules.deletedFiles(), ...found, ...gone, ...former];
    const { results, hasFailed } = await this.deps.record(hints, (done, total) => onProgress({ reason, done, total }));
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
    onScanned(reason, result);
    // The store is given again what it refused, by the rules that it was found with.
    const isDone = !hasFailed && !isCut && !isCancelled();
    const isOver = isDone && folderRules.scanned(demanded.has(asked));
    return isOver ? this.run('rules', isCancelled) : result;
  }

  /** What is gone from the disk and only the former rules watch. */
  private async formerDeletions(isCancelled: () => boolean): Promise<readonly ChangeHint[]> {
    const rules = this.deps.folderRules.formerRules;
    if (rules !== this.formerScan?.rules) {
      const scanner = new FolderScanner({ ...this.deps, onFolder: () => undefined });
      this.formerScan = rules && { rules, scanner };
    }
    if (!this.formerScan) return [];
    const { gone } = await this.formerScan.scanner.find({
      ...{ rules: this.formerScan.rules, reason: 'rules', isAwaited: true, isCancelled },
      ...{ blindSince: this.blindSince, previousStart: this.previousStart, isNew: false, onProgress: () => undefined },
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
      if (found.ruleFiles.length > 0) await folderRules.load();
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
    const { clock, rules, onProgress } = this.deps;
    const started = clock.now();
    const differences = await this.scanner.find({
      rules: rules(),
      reason,
      isAwaited,
      blindSince: this.blindSince,
      previousStart: this.previousStart,
      isNew: this.isNew,
      isCancelled,
      onProgress: (done) => {
        if (reason !== 'poll') onProgress({ reason, done, total: Math.max(done, this.lastFiles) });
      },
    });
    if (!differences.isCancelled) {
      this.previousStart = started;
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
