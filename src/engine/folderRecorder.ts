import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import type { Clock, Timers } from '../base/clock';
import { detached, type Log } from '../base/log';
import type { ObbyError } from '../base/errors';
import type { OptionalWork } from '../base/optionalWork';
import { Sequencer } from '../base/sequencer';
import type { CauseSpan, ChangeHint } from '../model/changeHint';
import type { HistoryStore } from '../model/historyStore';
import type { VersionRecord } from '../model/version';
import { ignoreFileOf, type Rules } from '../rules/rules';
import type { Progress, Recorded, Restoration, RestoreOutcome } from '../track/candidate';
import type { CauseSpans } from '../track/causeSpans';
import type { RestoreJournal, JournaledStep } from '../track/restoreJournal';
import type { Observation } from '../track/disk/disk';
import { NodeDisk } from '../track/disk/nodeDisk';
import type { GitFiles } from '../track/git/gitFiles';
import type { Spelling } from '../track/disk/spelling';
import { GitOperations } from '../track/git/gitOperations';
import { Recorder } from '../track/recorder';
import { FolderSnapshot } from '../watch/folderSnapshot';
import type { ScanOutcome } from '../watch/scanQueue';
import { FailureTracker } from './failureTracker';

export interface FolderRecorderDeps {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly store: HistoryStore;
  readonly clock: Clock;
  /** What runs in the window. */
  readonly spans: CauseSpans;
  readonly rules: () => Rules;
  /** Reads the rule files again. */
  readonly loadRules: () => void;
  /** Whether the deletion of a file is recorded. */
  readonly isDeletionWatched: (path: string) => boolean;
  /** Whether a file may be read under another name. */
  readonly mayFollow: (path: string) => boolean;
  readonly maxFileBytes: () => number;
  /** Whether to find causes of changes, including git. */
  readonly findsCauses: () => boolean;
  readonly timers: Timers;
  /** Causes, line counts and the like: their failure never prevents a version. */
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
  readonly log: Log;
  /** There is something to record. */
  readonly onBusy: () => void;
  /** The folder is about to be walked. */
  readonly onFolder: (folder: string) => void;
  readonly onRecorded: (versions: readonly VersionRecord[]) => void;
  /** A path was not recorded; every scan must find it again. */
  readonly onNotRecorded: (path: string) => void;
  /** The same, for a reason that is shown to people. */
  readonly onProblem: (path: string, error: unknown) => void;
  /** The store begins to fail; undefined: it works again. */
  readonly onStoreChange: (error: ObbyError | undefined) => void;
  /** The store failed to write. */
  readonly onFail: () => void;
  /** Tries everything again. */
  readonly scan: () => void;
}

/** A later save of the same file is reported within this time. */
const overwrittenMs = 500;
const gitCauses = 'causes that git notes';

/** Writes to one history: one call at a time, in the order of the calls. */
export class FolderRecorder {
  private readonly disk: NodeDisk;
  private readonly git: GitOperations;
  private readonly recorder: Recorder;
  private readonly failures: FailureTracker;
  private readonly sequencer = new Sequencer();
  /** Whether the rule files were read during the present call. */
  private hasFreshRules = false;

  constructor(private readonly deps: FolderRecorderDeps) {
    const { root, store, clock, rules, spans, optional } = deps;
    this.disk = new NodeDisk({
      root,
      clock,
      maxFileBytes: deps.maxFileBytes,
      watchedBelow: (path) => this.watchedBelow(path),
      mayFollow: deps.mayFollow,
    });
    this.git = new GitOperations(root, deps.gitFiles);
    this.recorder = new Recorder({
      store,
      disk: this.disk,
      clock,
      isWatched: (path) => rules().isWatched(path),
      isDeletionWatched: deps.isDeletionWatched,
      attribution: () => {
        if (!deps.findsCauses()) return () => undefined;
        return (changedMs) => spans.at(changedMs, this.gitLately());
      },
      optional,
      onRecorded: deps.onRecorded,
      onSkipped: (message) => deps.log.info(`${root}: ${message}`),
      onOverwritten: (path) => deps.timers.after(overwrittenMs, () => this.recordAgain(path)),
    });
    this.failures = new FailureTracker({ ...deps, record: (path) => this.recordAgain(path) });
  }

  /** The last write to the store failed. */
  get isFailing(): boolean {
    return this.failures.isFailing;
  }

  record(hints: readonly ChangeHint[], onProgress?: Progress): Promise<readonly Recorded[]> {
    return this.run(async () => {
      this.hasFreshRules = false;
      const meant = this.withoutNewIgnores(hints);
      await this.findCauses(meant);
      const results = await this.recorder.record(meant, onProgress);
      this.failures.review(results);
      return results;
    });
  }

  /** Records what a scan found, and finds out whether a failed store works again. */
  async recordFound(hints: readonly ChangeHint[], onProgress: Progress): Promise<ScanOutcome> {
    const results = await this.record(hints, onProgress);
    if (this.isFailing && results.every(({ error }) => !error)) await this.failures.probe();
    return { results, hasFailed: this.isFailing };
  }

  restore(items: readonly Restoration[], journal: RestoreJournal): Promise<RestoreOutcome> {
    return this.run(async () => {
      // What the restore replaces is recorded first, and needs a cause.
      await this.findCauses([{}]);
      // A file in another spelling is the one that is replaced.
      const spelled = items.map((item) => ({ ...item, path: this.spelling.onDisk(item.path) }));
      const outcome = await this.recorder.restore(spelled, journal);
      // A file that was changed but not recorded is recorded later.
      for (const { path } of outcome.failed) this.deps.onNotRecorded(path);
      return outcome;
    });
  }

  /** Ends the change of a file by a restore that was killed; resolves with whether it was made. */
  endStep(step: JournaledStep): Promise<boolean> {
    return this.run(() => this.recorder.endStep(step));
  }

  /** Writes rule files, which need not be in the history; first records what they replace. */
  write(files: readonly (readonly [string, Uint8Array])[]): Promise<void> {
    return this.run(async () => {
      for (const [path, bytes] of files) await this.recorder.write(path, bytes);
    });
  }

  /** Deletes what a restore that was killed left in a folder. */
  removeLeftovers(folder: string): void {
    detached(
      this.run(() => this.recorder.removeLeftovers(folder)),
      this.deps.log,
      `The cleaning up of ${folder} failed`,
    );
  }

  /**
   * A path as it is spelled on disk, or in the history where there is no file: on a disk that ignores case, every
   * spelling means the same file.
   */
  async spelled(path: string): Promise<string> {
    if (path === '' || !this.spelling.ignoresCase) return path;
    const onDisk = this.spelling.onDisk(path);
    if ((await this.disk.entry(onDisk)).state !== 'missing') return onDisk;
    const [recorded = onDisk] = await this.deps.store.spellings(path);
    return recorded;
  }

  get spelling(): Pick<Spelling, 'ignoresCase' | 'onDisk'> {
    return this.disk.spelling;
  }

  observe(path: string): Promise<Observation> {
    return this.disk.observe(path);
  }

  /** Resolves when all earlier calls are durable. */
  flush(): Promise<void> {
    return this.run(async () => {
      await this.deps.store.flush();
      this.recorder.endChangeSet();
    });
  }

  /** Runs `finish` after all earlier calls. */
  close(finish: () => Promise<void>): Promise<void> {
    return this.run(finish);
  }

  private recordAgain(path: string): void {
    detached(this.record([{ path }]), this.deps.log, `${path} was not recorded`);
  }

  private run<T>(work: () => Promise<T>): Promise<T> {
    this.deps.onBusy();
    return this.sequencer.run(work);
  }

  /** Waits for git's log where a change has no known cause. */
  private async findCauses(hints: readonly Pick<ChangeHint, 'cause'>[]): Promise<void> {
    const isAsked = this.deps.findsCauses() && hints.some(({ cause = 'external' }) => cause === 'external');
    if (isAsked) await this.deps.optional.run(gitCauses, () => this.git.settled(this.deps.clock));
  }

  private gitLately(): readonly CauseSpan[] {
    return this.deps.optional.try(gitCauses, () => this.git.lately(this.deps.clock.now())) ?? [];
  }

  /**
   * Paths below an ignore file that came with them are decided by it, though its own event comes later; while it is being
   * written, they wait for that event.
   */
  private withoutNewIgnores(hints: readonly ChangeHint[]): readonly ChangeHint[] {
    const found = [...foldersAbove(hints.map(({ path }) => path))].filter((dir) => this.hasNewIgnores(dir));
    if (found.length === 0) return hints;
    this.deps.loadRules();
    this.hasFreshRules = true;
    const left = found.filter((dir) => this.hasNewIgnores(dir));
    return hints.filter(({ path }) => !isBelow(path, left));
  }

  private hasNewIgnores(dir: string): boolean {
    const rules = this.deps.rules();
    if (rules.hasIgnoreFile(dir) || !rules.mayContainWatched(dir)) return false;
    return existsSync(join(this.deps.root, ignoreFileOf(dir)));
  }

  private watchedBelow(from: string): string[] {
    const { root, rules, loadRules, clock, onFolder, onProblem: onError } = this.deps;
    // A folder that was moved in may contain an ignore file, which applies from its first file on.
    if (!this.hasFreshRules) loadRules();
    this.hasFreshRules = true;
    // Watched before it is walked, so that no later change is missed.
    onFolder(from);
    const walk = new FolderSnapshot().compare({ root, from, rules: rules(), now: clock.now(), onError });
    const found = [...walk].flatMap((differences) => differences.found.map(({ path }) => path));
    const folders = [...foldersAbove(found)].filter((dir) => this.hasNewIgnores(dir));
    return found.filter((path) => rules().isWatched(path) && !isBelow(path, folders));
  }
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((dir) => dir === '' || path.startsWith(`${dir}/`));
}

/** The folders above some paths, each once; `''` is the workspace folder. */
function foldersAbove(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let dir = dirname(path); !folders.has(dir); dir = dirname(dir)) folders.add(dir);
  }
  return new Set([...folders].map((dir) => (dir === '.' ? '' : dir)));
}
