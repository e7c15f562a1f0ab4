import type { Clock } from '../base/clock';
import { TimeSlicer } from '../base/timeSlicer';
import type { ChangeHint, Why } from '../model/changeHint';
import type { FileStamp } from '../model/stamp';
import type { VersionRecord } from '../model/version';
import type { HistoryStore } from '../model/historyStore';
import type { ScanReason } from '../model/scan';
import { isRuleFile, watchFile, type Rules } from '../rules/rules';
import { FolderSnapshot, type FolderDifferences, type FoundFile } from './folderSnapshot';

export interface FolderScannerDeps {
  readonly root: string;
  readonly store: HistoryStore;
  readonly clock: Clock;
  readonly onError: (path: string, error: unknown) => void;
  /** Hears of each folder that a comparison enters. */
  readonly onFolder: (differences: FolderDifferences, isFirst: boolean) => void;
}

export interface ScanRequest {
  readonly rules: Rules;
  /** `poll`: what is told now is not told again before it changes. */
  readonly reason: ScanReason | 'poll';
  /** Somebody waits for what is on disk now to be recorded, however fresh. */
  readonly isAwaited: boolean;
  /** Since when (ms) nobody was watching; undefined if that never stopped, or never began. */
  readonly blindSince: number | undefined;
  /** When (ms) the comparison before began, if there was one. */
  readonly previousStart: number | undefined;
  /** The folder has no history yet. */
  readonly isNew: boolean;
  /** Hears how many files were compared. */
  readonly onProgress: (done: number) => void;
  readonly isCancelled: () => boolean;
}

export interface Differences {
  /** Watched files on disk. */
  readonly files: number;
  /** Files that the history counts as existing and the rules do not watch any more. */
  readonly unwatched: number;
  /** What exists and differs from the history, or must be read to know. */
  readonly found: readonly ChangeHint[];
  /** Those of them that the history does not have. */
  readonly added: ReadonlySet<string>;
  /** What differs and may still be being written. */
  readonly fresh: readonly string[];
  /** Those that changed since the look before, and so long ago that an event should have had them recorded. */
  readonly missedByEvents: ReadonlySet<string>;
  /** What the history has and the disk has not. */
  readonly gone: readonly ChangeHint[];
  /** Rule files that are not as they were, so that the rules must be read again. */
  readonly ruleFiles: readonly string[];
  /** Somebody did not want to wait: what was not compared yet may differ too. */
  readonly isCancelled: boolean;
}

/** The stamps of more files than this are asked for together. */
const maxSingleStamps = 500;
/** Paths to look at again, until the next comparison asks for everything instead. */
const maxTouched = 5_000;
/** Events that come at all come sooner, and so does what they lead to. */
const eventsLateMs = 5_000;
/** A file that changed so recently may be half written. */
const freshMs = 500;

/** What a walk over the folder found that is not known to be in the history as it is. */
interface Walk {
  readonly found: FoundFile[];
  readonly gone: Set<string>;
  readonly ruleFiles: string[];
  unchanged: number;
  isCancelled: boolean;
}

/** Compares a folder with its history by size and times, without reading a file. Calls must not overlap. */
export class FolderScanner {
  private snapshot = new FolderSnapshot();
  private rules: Rules | undefined;
  /** The snapshot holds every file of the history that is as it was. */
  private isComplete = false;
  private unwatched = 0;
  private touched = new Set<string>();

  constructor(private readonly deps: FolderScannerDeps) {}

  /** These paths are to be compared with the history again, whatever the disk shows. */
  noteRecorded(versions: readonly VersionRecord[]): void {
    for (const { path } of versions) this.touch(path);
  }

  /** The path may not be in the history as it is, whatever was found before. */
  doubt(path: string): void {
    this.snapshot.doubt(path);
    this.touch(path);
  }

  /** The next comparison asks for the whole history. */
  forget(): void {
    this.isComplete = false;
    this.touched.clear();
    this.snapshot = new FolderSnapshot();
  }

  async find(request: ScanRequest): Promise<Differences> {
    try {
      return await this.compare(request);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  private async compare(request: ScanRequest): Promise<Differences> {
    if (request.rules !== this.rules) this.forget();
    this.rules = request.rules;
    const isFirst = !this.isComplete;
    const touched = this.touched;
    this.touched = new Set();
    // From here on, what is recorded is touched again.
    this.isComplete = true;
    const walk = await this.walk(request, isFirst);
    const known = await this.knownOf(walk.found, isFirst);
    // What is not watched is never recorded, so that their number only changes with the rules.
    if (isFirst) this.unwatched = [...known.keys()].filter((path) => !request.rules.isWatched(path)).length;
    const { isCancelled, unchanged } = walk;
    const ruleFiles = isFirst ? [watchFile] : [...walk.ruleFiles, ...[...touched].filter(isRuleFile)];
    const files = unchanged + walk.found.length;
    const different = walk.found.filter((file) => !this.isSettled(file, known, request));
    const found = different.filter((file) => !this.isFresh(file, request));
    const fresh = different.filter((file) => this.isFresh(file, request)).map(({ path }) => path);
    const hints = found.map((file) => this.hintOf(file, known.has(file.path), request));
    const added = new Set(found.filter(({ path }) => !known.has(path)).map(({ path }) => path));
    const { unwatched } = this;
    const missedByEvents = new Set(
      found.filter((file) => this.isMissedByEvents(file, request)).map(({ path }) => path),
    );
    const differences = { files, unwatched, found: hints, added, fresh, missedByEvents, ruleFiles, isCancelled };
    if (isCancelled) {
      this.forget();
      return { ...differences, gone: [] };
    }
    for (const path of [...touched, ...known.keys()]) walk.gone.add(path);
    return { ...differences, gone: this.goneHints(walk, request) };
  }

  /** Until it is settled, the snapshot does not tell when the file is gone. */
  private touch(path: string): void {
    if (!this.isComplete) return;
    this.touched.add(path);
    if (this.touched.size > maxTouched) this.forget();
  }

  private async walk(request: ScanRequest, isFirst: boolean): Promise<Walk> {
    const { root, clock, onError, onFolder } = this.deps;
    const { rules } = request;
    const walk: Walk = { found: [], gone: new Set(), unchanged: 0, ruleFiles: [], isCancelled: false };
    const slicer = new TimeSlicer();
    for (const differences of this.snapshot.compare({ root, from: '', rules, now: clock.now(), onError })) {
      onFolder(differences, isFirst);
      walk.unchanged += differences.unchanged;
      for (const path of differences.gone) this.noteGone(path, walk, rules);
      for (const file of differences.found) this.noteFound(file, walk, rules);
      if (!slicer.isOver) continue;
      request.onProgress(walk.unchanged + walk.found.length);
      await slicer.pause();
      walk.isCancelled = request.isCancelled();
      if (walk.isCancelled) break;
    }
    return walk;
  }

  private noteFound(file: FoundFile, walk: Walk, rules: Rules): void {
    if (isRuleFile(file.path)) {
      walk.ruleFiles.push(file.path);
      this.touch(file.path);
    }
    if (rules.isWatched(file.path)) walk.found.push(file);
    // A rule file that is not watched is of interest only when it changes.
    else this.snapshot.settle(file);
  }

  private noteGone(path: string, walk: Walk, rules: Rules): void {
    if (isRuleFile(path)) walk.ruleFiles.push(path);
    if (rules.isWatched(path)) walk.gone.add(path);
  }

  /** The history's stamps by path, undefined for a file that must be read; all of them, or those of some files. */
  private async knownOf(files: readonly FoundFile[], all: boolean): Promise<Map<string, FileStamp | undefined>> {
    const { store } = this.deps;
    if (all || files.length > maxSingleStamps) {
      // What was only noted is looked at again: the size limit may have been raised.
      const stamps = await store.stamps('');
      return new Map(stamps.map(({ path, stamp, isUnstored }) => [path, isUnstored ? undefined : stamp]));
    }
    const known = new Map<string, FileStamp | undefined>();
    for (const { path } of files) {
      const head = await store.head(path);
      if (head) known.set(path, head.version.unstored ? undefined : head.stamp);
    }
    return known;
  }

  /** Whether the file is in the history as it is; if so, it is not found again before it changes. */
  private isSettled(file: FoundFile, known: Map<string, FileStamp | undefined>, request: ScanRequest): boolean {
    const stamp = known.get(file.path);
    const isSame = stamp !== undefined && stamp === file.stamp;
    if (isSame || request.reason === 'poll') this.snapshot.settle(file);
    if (!isSame) this.touch(file.path);
    return isSame;
  }

  /** Whether to wait until nobody writes to it, as after an event: nobody waits for this scan. */
  private isFresh({ changedMs }: FoundFile, { isAwaited }: ScanRequest): boolean {
    const age = this.deps.clock.now() - changedMs;
    return !isAwaited && age >= 0 && age < freshMs;
  }

  /** Whether somebody watched when it changed, and an event, if there was one, would have had it recorded by now. */
  private isMissedByEvents({ changedMs }: FoundFile, { blindSince, previousStart, reason }: ScanRequest): boolean {
    if (blindSince !== undefined || previousStart === undefined || reason === 'rules') return false;
    return changedMs > previousStart && changedMs < this.deps.clock.now() - eventsLateMs;
  }

  private hintOf(file: FoundFile, isKnown: boolean, request: ScanRequest): ChangeHint {
    return { path: file.path, confidence: 'certain', ...causeOf(file, isKnown, request) };
  }

  private goneHints({ found, gone }: Walk, request: ScanRequest): ChangeHint[] {
    for (const { path } of found) gone.delete(path);
    const missing = [...gone].filter((path) => request.rules.isWatched(path) && !this.snapshot.has(path));
    return missing.map((path) => ({ path, confidence: 'certain', ...changed(request) }));
  }
}

function causeOf(file: FoundFile, isKnown: boolean, request: ScanRequest): Why & Pick<ChangeHint, 'ifMoved'> {
  const why = changed(request);
  if (isKnown || request.reason === 'flush') return why;
  // A file that was there before anyone looked is a baseline; one that came while nobody looked is a change. Where its
  // folder was moved along with it, nothing of the file itself has changed.
  const isBaseline = request.isNew || request.reason === 'rules' || (request.blindSince ?? 0) > file.changedMs;
  return isBaseline ? { cause: 'baseline', ifMoved: why } : why;
}

function changed({ blindSince, previousStart, reason }: ScanRequest): Why {
  if (blindSince !== undefined) return { cause: 'offline', causeDetail: { since: blindSince } };
  // Whoever flushes or edits rules knows when the change was made; the others only that it came after the last look.
  const isSpan = previousStart !== undefined && reason !== 'flush' && reason !== 'rules';
  return { cause: 'external', ...(isSpan && { causeDetail: { since: previousStart } }) };
}
