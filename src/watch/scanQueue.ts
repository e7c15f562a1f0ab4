import type { Clock } from '../base/clock';
import { Sequencer } from '../base/sequencer';
import type { ChangeHint } from '../model/changeHint';
import type { HistoryStore } from '../model/historyStore';
import type { ScanReason, ScanResult } from '../model/scan';
import type { VersionRecord } from '../model/version';
import type { Rules } from '../rules/rules';
import { FolderScanner, type Differences } from './folderScanner';
import type { FolderDifferences } from './folderSnapshot';

/** The rules of a folder as scans use them. */
interface RulesOfScan {
  /** Rules whose file was deleted, until the files deleted with it are recorded. */
  readonly formerRules: Rules | undefined;
  /** Reads the rule files again. */
  load(): Promise<unknown>;
  /** Deleted rule files, whose last content is recorded before their deletion. */
  deletedFiles(): readonly ChangeHint[];
  /** A scan has recorded what it found; true when the rules changed by that. */
  scanned(isAwaited: boolean): boolean;
}

export interface ScanQueueDeps {
  readonly root: string;
  readonly store: HistoryStore;
  readonly clock: Clock;
  /** The time (ms) since which nothing was recorded; undefined for a new history. */
  readonly closedSince: number | undefined;
  readonly rules: () => Rules;
  readonly folderRules: RulesOfScan;
  /** Records what was found; settles when everything before it is done. */
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
  /** Paths to compare again when they are quiet. */
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
  /** The store rejected something, so the next scan must find it again. */
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
  /** The rules that the last scan used. */
  private scannedRules: Rules | undefined;
  /** Finds what was deleted along with the rules that watched it. */
  private formerScan: { readonly rules: Rules; readonly scanner: FolderScanner } | undefined;

  constructor(private readonly deps: ScanQueueDeps) {
    this.blindSince = deps.closedSince;
    this.isNew = deps.closedSince === undefined;
    this.scanner = new FolderScanner(deps);
  }

  /** Changes between now and the next scan are not noticed as they happen. */
  blindFrom(time: number): void {
    if (!this.isNew) this.blindSince ??= time;
  }

  /** There may be changes that were not noticed and that no scan has found yet. */
  get isBlind(): boolean {
    return this.blindSince !== undefined;
  }

  noteRecorded(versions: readonly VersionRecord[]): void {
    this.scanner.noteRecorded(versions);
  }

  /** Every comparison finds a path again that could not be recorded. */
  noteFailed(path: string): void {
    this.scanner.doubt(path);
    this.formerScan?.scanner.doubt(path);
  }

  /** The next comparison reads the whole history. */
  forget(): void {
    this.scanner.forget();
  }

  /** Ends running and waiting scans and polls soon. */
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

  /** Paths that changed since the previous comparison, or must be read to know. */
  poll(): Promise<Differences> {
    const before = this.cancelled;
    return this.sequencer.run(async () =>
      // The scan after a change of the rules finds what new rules add.
      this.scannedRules === this.deps.rules() ? this.find('poll', true, () => this.cancelled !== before) : nothing,
    );
  }

  private async run(asked: ScanReason, isCancelled: () => boolean): Promise<ScanResult> {
    const { clock, onProgress, onScanned, folderRules } = this.deps;
    const started = clock.elapsed();
    // Paths that the failing store rejected may count as settled.
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
    // The next scan finds what the store rejected, and needs the same information about it.
    if (!hasFailed && !isCut) {
      this.blindSince = undefined;
      this.isNew = false;
    }
    const recorded = results.filter(({ versions }) => versions.length > 0);
    // Not every system sends an event when the mode of a file changes.
    const missed = recorded.filter(({ versions }) => versions.some(({ previousMode }) => previousMode === undefined));
    const counts = {
      recorded: recorded.length,
      missedByEvents: missed.filter(({ path }) => missedByEvents.has(path)).length,
    };
    const result = { files, unwatched, ...counts, ms: clock.elapsed() - started, isCancelled: isCut };
    onScanned(reason, result);
    // What the store rejected is offered again, by the same rules.
    const isDone = !hasFailed && !isCut && !isCancelled();
    const isOver = isDone && folderRules.scanned(demanded.has(asked));
    return isOver ? this.run('rules', isCancelled) : result;
  }

  /** Deleted files that only the former rules watch. */
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

  /** Files that an edit of the rules added did not change now, however the edit was noticed. */
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

/** Scans that a caller asked for, by the present rules. */
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
