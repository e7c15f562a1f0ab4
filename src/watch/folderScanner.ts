import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  /** Called for each folder that a comparison enters. */
  readonly onFolder: (differences: FolderDifferences, isFirst: boolean) => void;
}

export interface ScanRequest {
  readonly rules: Rules;
  /** `poll`: what is reported now is not reported again before it changes. */
  readonly reason: ScanReason | 'poll';
  /** A caller waits until everything on disk is recorded, however fresh. */
  readonly isAwaited: boolean;
  /** The time (ms) since which nothing was watched; undefined if watching never stopped or never started. */
  readonly blindSince: number | undefined;
  /** When (ms) the previous comparison began, if there was one. */
  readonly previousStart: number | undefined;
  /** The folder has no history. */
  readonly isNew: boolean;
  /** Called with the number of compared files. */
  readonly onProgress: (done: number) => void;
  readonly isCancelled: () => boolean;
}

export interface Differences {
  /** Watched files on disk. */
  readonly files: number;
  /** Files that the history counts as existing and the rules do not watch any more. */
  readonly unwatched: number;
  /** Files that exist and differ from the history, or must be read to know. */
  readonly found: readonly ChangeHint[];
  /** The found paths that the history does not have. */
  readonly added: ReadonlySet<string>;
  /** Paths that differ and may still be written to. */
  readonly fresh: readonly string[];
  /**
   * The found paths that changed since the previous comparison, and long enough ago that an event should have had them
   * recorded.
   */
  readonly missedByEvents: ReadonlySet<string>;
  /** Files that the history has and the disk does not. */
  readonly gone: readonly ChangeHint[];
  /** Rule files that changed, so that the rules must be read again. */
  readonly ruleFiles: readonly string[];
  /** The comparison was cancelled: what was not compared may differ too. */
  readonly isCancelled: boolean;
}

/** For more files than this, all stamps are read in one query. */
const maxSingleStamps = 500;
/** The most paths to compare again; beyond that the next comparison reads the whole history. */
const maxTouched = 5_000;
/** Events that come at all, and their versions, come sooner than this. */
const eventsLateMs = 5_000;
/** A file that changed this recently may be half written. */
const freshMs = 500;
/** The times of files are this coarse on the coarsest file system (FAT). */
const coarsestMs = 2_000;
/** Comparisons in a row, of a folder that files leave all the time. */
const maxRounds = 3;

/** What a walk over the folder found that may differ from the history. */
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
  /** The snapshot has every unchanged file of the history. */
  private isComplete = false;
  private unwatched = 0;
  private touched = new Set<string>();

  constructor(private readonly deps: FolderScannerDeps) {}

  /** These paths are compared with the history again, even if the disk shows no change. */
  noteRecorded(versions: readonly VersionRecord[]): void {
    for (const { path } of versions) this.touch(path);
  }

  /** The path may differ from the history, whatever was found before. */
  doubt(path: string): void {
    this.snapshot.doubt(path);
    this.touch(path);
  }

  /** The next comparison reads the whole history. */
  forget(): void {
    this.isComplete = false;
    this.touched.clear();
    this.snapshot = new FolderSnapshot();
  }

  async find(request: ScanRequest): Promise<Differences> {
    try {
      return await this.compareUntilStill(request);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /**
   * A file that moves during a comparison may leave a folder before that is read, and arrive in one that was read
   * already: it would be recorded as deleted, and later as moved. So the comparison is repeated while files go.
   */
  private async compareUntilStill(request: ScanRequest): Promise<Differences> {
    const ruleFiles = new Set<string>();
    for (let round = 1; ; round++) {
      const started = this.deps.clock.now();
      const differences = await this.compare(request);
      for (const path of differences.ruleFiles) ruleFiles.add(path);
      // What a poll finds is looked at again when it has been quiet.
      const isLast = round === maxRounds || request.reason === 'poll' || differences.isCancelled;
      if (isLast || !haveGoneSince(this.deps.root, differences.gone, started - coarsestMs)) {
        return { ...differences, ruleFiles: [...ruleFiles] };
      }
      for (const { path } of differences.gone) this.touch(path);
    }
  }

  private async compare(request: ScanRequest): Promise<Differences> {
    if (request.rules !== this.rules) this.forget();
    this.rules = request.rules;
    const isFirst = !this.isComplete;
    const touched = this.touched;
    this.touched = new Set();
    // From here on, recorded paths are touched again.
    this.isComplete = true;
    const walk = await this.walk(request, isFirst);
    const known = await this.knownOf(walk.found, isFirst);
    // Unwatched files are never recorded, so their number only changes with the rules.
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
    return { ...differences, gone: await this.goneHints(walk, request) };
  }

  /** Until the file is settled, the snapshot does not report its deletion. */
  private touch(path: string): void {
    if (!this.isComplete) return;
    this.touched.add(path);
    if (this.touched.size > maxTouched) this.forget();
  }

  private async walk(request: ScanRequest, isFirst: boolean): Promise<Walk> {
    const { root, clock, onError, onFolder } = this.deps;
    const { rules } = request;
    const walk: Walk = { found: [], gone: new Set(), unchanged: 0, ruleFiles: [], isCancelled: false };
    const slicer = new TimeSlicer(undefined, () => clock.elapsed());
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
    // A rule file that is not watched matters only when it changes.
    else this.snapshot.settle(file);
  }

  private noteGone(path: string, walk: Walk, rules: Rules): void {
    if (isRuleFile(path)) walk.ruleFiles.push(path);
    if (rules.isWatched(path)) walk.gone.add(path);
  }

  /** The history's stamps by path, undefined for a file that must be read; of all files, or of the given ones. */
  private async knownOf(files: readonly FoundFile[], all: boolean): Promise<Map<string, FileStamp | undefined>> {
    const { store } = this.deps;
    if (all || files.length > maxSingleStamps) {
      // Files noted without content are compared again: the size limit may have been raised.
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

  /** Whether the file equals the history; if so, it is not found again before it changes. */
  private isSettled(file: FoundFile, known: Map<string, FileStamp | undefined>, request: ScanRequest): boolean {
    const stamp = known.get(file.path);
    const isSame = stamp !== undefined && stamp === file.stamp;
    if (isSame || request.reason === 'poll') this.snapshot.settle(file);
    if (!isSame) this.touch(file.path);
    return isSame;
  }

  /** Whether to wait until it is quiet, as after an event; only if no caller waits for this scan. */
  private isFresh({ changedMs }: FoundFile, { isAwaited }: ScanRequest): boolean {
    const age = this.deps.clock.now() - changedMs;
    return !isAwaited && age >= 0 && age < freshMs;
  }

  /** Whether it changed while the folder was watched, and long enough ago that an event would have had it recorded. */
  private isMissedByEvents({ changedMs }: FoundFile, { blindSince, previousStart, reason }: ScanRequest): boolean {
    if (blindSince !== undefined || previousStart === undefined || reason === 'rules') return false;
    return changedMs > previousStart && changedMs < this.deps.clock.now() - eventsLateMs;
  }

  private hintOf(file: FoundFile, isKnown: boolean, request: ScanRequest): ChangeHint {
    return { path: file.path, confidence: 'certain', ...causeOf(file, isKnown, request) };
  }

  /** They are compared again until their deletions are recorded: NFS and FUSE may find a missing file for a while. */
  private async goneHints({ found, gone }: Walk, request: ScanRequest): Promise<ChangeHint[]> {
    for (const { path } of found) gone.delete(path);
    const hints: ChangeHint[] = [];
    for (const path of gone) {
      if (!request.rules.isWatched(path) || this.snapshot.has(path)) continue;
      if ((await this.deps.store.head(path)) === undefined) continue;
      this.touch(path);
      hints.push({ path, confidence: 'certain', ...changed(request) });
    }
    return hints;
  }
}

/** Whether one of the files that are gone may have gone since then (ms), by the times of the folders they left. */
function haveGoneSince(root: string, gone: readonly ChangeHint[], sinceMs: number): boolean {
  const folders = new Set(gone.map(({ path }) => nearestFolder(root, path)));
  return [...folders].some((folder) => (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) >= sinceMs);
}

/** The folder of a path, or the nearest one above it that exists; absolute. */
function nearestFolder(root: string, path: string): string {
  let folder = dirname(path);
  while (folder !== '.' && !existsSync(join(root, folder))) folder = dirname(folder);
  return join(root, folder);
}

function causeOf(file: FoundFile, isKnown: boolean, request: ScanRequest): Why & Pick<ChangeHint, 'ifMoved'> {
  const why = changed(request);
  if (isKnown || request.reason === 'flush') return why;
  // A file from before watching started is a baseline; one that came while nothing was watched is a change. A file that
  // was moved with its folder has not changed itself.
  const isBaseline = request.isNew || request.reason === 'rules' || (request.blindSince ?? 0) > file.changedMs;
  return isBaseline ? { cause: 'baseline', ifMoved: why } : why;
}

function changed({ blindSince, previousStart, reason }: ScanRequest): Why {
  if (blindSince !== undefined) return { cause: 'offline', causeDetail: { since: blindSince } };
  // On a flush or an edit of the rules the time of the change is known; otherwise it is only known to be after the
  // previous comparison.
  const isSpan = previousStart !== undefined && reason !== 'flush' && reason !== 'rules';
  return { cause: 'external', ...(isSpan && { causeDetail: { since: previousStart } }) };
}
