import { delay, Timers, type Clock } from '../base/clock';
import { detached, type Log } from '../base/log';
import type { OptionalWork } from '../base/optionalWork';
import type { FolderSettings } from '../model/folderSettings';
import type { HistoryStore } from '../model/historyStore';
import type { ScanReason } from '../model/scan';
import type { FilePort } from '../store/disk/filePort';
import type { CauseSpans } from '../track/causeSpans';
import type { GitFiles } from '../track/git/gitFiles';
import { ScanQueue } from '../watch/scanQueue';
import type { EngineEvent, FolderKey, FolderOptions } from './engine';
import type { EngineStatus } from './engineStatus';
import { FolderChanges } from './folderChanges';
import { FolderRecorder } from './folderRecorder';
import { FolderReporter } from './folderReporter';
import { FolderRestores } from './restore/folderRestores';
import { FolderRules } from './folderRules';
import { FolderStatusTracker } from './folderStatusTracker';
import type { GapLedger } from './gapLedger';
import { Housekeeping } from './housekeeping';
import { KeptRules } from './keptRules';
import { UndoJournal } from './restore/undoJournal';
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';

export interface FolderEngineDeps {
  readonly key: FolderKey;
  readonly options: FolderOptions;
  readonly store: HistoryStore;
  /** Since when (ms) nothing was recorded; undefined for a new history. */
  readonly closedSince: number | undefined;
  /** What runs in the window. */
  readonly spans: CauseSpans;
  readonly gaps: GapLedger;
  /** For what is kept beside the store. */
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: (event: EngineEvent) => void;
  /** The most folders to watch; default: a part of the system's limit. */
  readonly maxWatches?: number;
  /** Default: reads the disk. */
  readonly gitFiles?: GitFiles;
  /** Absolute path of the program that matches regular expressions. */
  readonly patternProgram: string;
}

/** What the parts need from the folder's engine. */
export interface FolderHooks {
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
  readonly settings: () => FolderSettings;
  readonly status: () => EngineStatus;
  readonly isClosing: () => boolean;
  readonly recount: () => Promise<void>;
  readonly writeHeartbeat: () => Promise<void>;
  readonly scanDetached: (reason: ScanReason) => void;
  readonly loadRulesAndScan: () => void;
}

/** Creates the parts of one folder's engine and connects them. */
export class FolderParts {
  readonly timers: Timers;
  readonly tracker: FolderStatusTracker;
  readonly reporter: FolderReporter;
  readonly rules: FolderRules;
  readonly recorder: FolderRecorder;
  readonly restores: FolderRestores;
  readonly scans: ScanQueue;
  readonly changes: FolderChanges;
  private readonly housekeeping: Housekeeping;

  constructor(
    private readonly deps: FolderEngineDeps,
    private readonly hooks: FolderHooks,
  ) {
    const { store, clock, gaps } = deps;
    this.timers = new Timers(clock);
    this.tracker = new FolderStatusTracker(() => clock.now(), gaps);
    this.reporter = new FolderReporter({
      ...deps,
      ...{ root: this.root, timers: this.timers, tracker: this.tracker, status: hooks.status },
    });
    this.rules = this.newRules();
    this.recorder = this.newRecorder();
    this.restores = this.newRestores();
    this.scans = this.newScans();
    this.changes = this.newChanges();
    this.housekeeping = new Housekeeping({
      ...{ store, clock, timers: this.timers, writeHeartbeat: hooks.writeHeartbeat, isClosing: hooks.isClosing },
      onMaintained: hooks.recount,
      onError: this.reporter.folderProblem,
    });
  }

  private get root(): string {
    return this.deps.options.root;
  }

  private newRules(): FolderRules {
    const { options, log, clock } = this.deps;
    return new FolderRules({
      root: this.root,
      kept: new KeptRules(options.storeDir, (message) => log.warn(message)),
      reserved: () => [...historiesIn(this.root, options.storeDir), ...this.hooks.settings().innerFolders],
      onChange: ({ problems }) => {
        this.changes.rulesChanged();
        this.reporter.rulesChanged(problems);
      },
      pause: (ms) => delay(clock, ms),
      after: (ms, run) => this.timers.after(ms, run),
      scan: () => this.hooks.scanDetached('periodic'),
    });
  }

  private newRecorder(): FolderRecorder {
    const { store, clock, spans, log } = this.deps;
    return new FolderRecorder({
      ...{ root: this.root, store, clock, spans, log, timers: this.timers, rules: () => this.rules.current },
      ...{ optional: this.hooks.optional, gitFiles: this.hooks.gitFiles },
      loadRules: () => {
        if (this.rules.loadNow()) this.hooks.scanDetached('rules');
      },
      isDeletionWatched: (path) => this.rules.isDeletionWatched(path),
      mayFollow: (path) => this.rules.mayBeFollowed(path),
      maxFileBytes: () => this.hooks.settings().maxFileBytes,
      findsCauses: () => !this.hooks.settings().watching.isSafeMode,
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
      scan: () => this.hooks.scanDetached('trouble'),
    });
  }

  private newRestores(): FolderRestores {
    const { options, store, files, clock, log } = this.deps;
    return new FolderRestores({
      ...{ store, log, recorder: this.recorder, onChange: () => this.reporter.changed() },
      journal: new UndoJournal({ dir: options.storeDir, files, now: () => clock.now(), log }),
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
        if (result.recorded > 0) detached(this.hooks.recount(), log, 'The history was not counted');
      },
      onEnd: () => {
        this.tracker.scanEnds();
        this.changes.scanEnds();
        this.reporter.changed();
      },
      onFolder: (differences, isFirst) => {
        this.changes.folderFound(differences, isFirst);
        if (isFirst && differences.hasTemporary) this.recorder.removeLeftovers(differences.folder);
      },
      onFresh: (paths) => this.changes.add(paths.map((path) => ({ path, kind: 'changed' }))),
      onError: this.reporter.pathProblem,
    });
  }

  private newChanges(): FolderChanges {
    const { clock, log, maxWatches } = this.deps;
    return new FolderChanges({
      ...{ root: this.root, clock, log, tracker: this.tracker, settings: this.hooks.settings().watching },
      ...(maxWatches !== undefined && { maxWatches }),
      optional: this.hooks.optional,
      gitDir: () => this.hooks.gitFiles.gitDirOf(this.root),
      rules: () => this.rules.current,
      record: (hints, onProgress) => this.recorder.record(hints, onProgress),
      poll: () => this.scans.poll(),
      scan: (reason) => this.hooks.scanDetached(reason),
      onRewatch: () => {
        this.scans.forget();
        this.hooks.scanDetached('watched');
      },
      onRuleFile: this.hooks.loadRulesAndScan,
      onChange: (change) => this.reporter.pathChanged(change),
      onDidChange: () => this.reporter.changed(),
    });
  }
}

/** The paths of histories inside the workspace folder: recording them would never end. */
export function historiesIn(root: string, storeDir: string): string[] {
  const store = real(storeDir);
  const ways = [dirname(store), store].map((dir) => relative(real(root), dir));
  const inside = ways.filter((way) => way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  return inside.map((way) => way.replaceAll(sep, '/'));
}

/** Resolves links; the path itself if it is missing. */
function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
