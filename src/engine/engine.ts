import type { CauseSpan } from '../model/causeSpan';
import type { DiffOptions, TextDiff } from '../model/diff';
import type { LossesRecord } from '../model/losses';
import type { ChangesPage, FolderChangeSetQuery, ChangeSetRecord } from '../model/changeSet';
import type { RuleSources } from '../model/ruleSources';
import type {
  CheckReport,
  ForgetPreview,
  FolderForgetRequest,
  FolderForgetResult,
  LabelRecord,
  RetentionPolicy,
  StorageFacts,
  Transfer,
} from '../model/maintenance';
import type { PathChange } from '../watch/changeHint';
import type { Restoration, Restored } from '../track/candidate';
import type { SavedText } from '../model/savedText';
import type {
  Cause,
  CauseDetail,
  PageQuery,
  FolderRecentQuery,
  Confidence,
  VersionId,
  VersionRecord,
} from '../model/version';

export type { Restoration, Restored };

/** A workspace folder's URI as a string. */
export type FolderKey = string;

export interface FolderOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Absolute path of the folder that holds its history. */
  readonly storeDir: string;
  /** Files above this are noted, not stored. */
  readonly maxFileBytes: number;
  /** Paths in it of other workspace folders, which record what they hold; none by default. */
  readonly innerFolders?: readonly string[];
}

export interface OpenedFolder {
  readonly rules: RuleSources;
  /** Set when the folder had a history before: since when (ms) nobody was recording. */
  readonly closedSince?: number;
  /** The kind of file system, if it sends no events. */
  readonly silentMount?: string;
  /** What opening found damaged, for people. */
  readonly problems: readonly string[];
}

/** A path that may have changed; the disk says whether it did. */
export interface ChangeHint {
  /** Relative to the folder, with `/`. May be a folder. */
  readonly path: string;
  /** Default `external`, `likely`. */
  readonly cause?: Cause;
  readonly causeDetail?: CauseDetail;
  readonly confidence?: Confidence;
  /** The text that an editor saved: recorded as it was even if the file changed again meanwhile. */
  readonly saved?: SavedText;
  /** An editor moved this path here: its history continues. */
  readonly movedFrom?: string;
  /** Its turn comes later: looked at only as the other half of a move, and recorded only with that. */
  readonly waits?: boolean;
}

/** What became of a hinted path. */
export interface Outcome {
  readonly path: string;
  readonly versions: readonly VersionRecord[];
  /** Why the path could not be recorded. */
  readonly problem?: WireError;
}

/** An error on its way between threads. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
}

export type ScanReason =
  | 'start'
  /** The watchers have begun by now. */
  | 'watched'
  | 'asked'
  | 'rules'
  | 'focus'
  | 'flush'
  | 'trouble'
  | 'periodic'
  /** Git has moved its HEAD. */
  | 'git'
  /** More changed at once than events can be trusted to tell of. */
  | 'burst';

/** How the worker sees the changes that VS Code's events do not tell of. */
export interface WatchOptions {
  /** Looks at every watched file again and again, because no events come from the folder. */
  readonly polls: boolean;
  /** Watches the folders that VS Code does not: new nested ones, and those that its watcher excludes. */
  readonly followsFolders: boolean;
  /** The patterns of `files.watcherExclude`. */
  readonly withheld: readonly string[];
  /** Watches the HEAD of the repository that the folder lies in. */
  readonly followsGit: boolean;
  /** Finds out who made changes of unknown cause, git included. */
  readonly findsCauses: boolean;
}

export interface ScanResult {
  /** Watched files on disk. */
  readonly files: number;
  /** Files that the history counts as existing and the rules do not watch any more. */
  readonly unwatched: number;
  readonly recorded: number;
  /** Changes that it found, of which an event should have told long before. */
  readonly missedByEvents: number;
  readonly ms: number;
  /** It ended early, and what it did not look at may differ. */
  readonly isCancelled: boolean;
}

/** A side of a comparison. */
export type DiffSource =
  | { readonly version: VersionId }
  /** A file on disk, by its path in a folder. */
  | { readonly folder: FolderKey; readonly file: string }
  | { readonly text: string; readonly name: string }
  /** The side that does not exist, so that everything counts as added or removed. */
  | { readonly nothing: string };

/**
 * Everything that happens in the worker thread, for every watched folder. Calls about one folder take effect in the
 * order in which they arrive. Rejections arrive as {@link ObbyError}.
 */
export interface Engine {
  open(folder: FolderKey, options: FolderOptions): Promise<OpenedFolder>;
  /** Resolves once everything is durable and the store is released. */
  close(folder: FolderKey): Promise<void>;
  /** Reads the rule files again. */
  loadRules(folder: FolderKey): Promise<RuleSources>;
  /**
   * Writes the last usable rules of a folder back that has none; resolves with the paths of the written files. Rejects
   * `notFound` when the history has none, `badArgument` while the folder has rules.
   */
  restoreRules(folder: FolderKey): Promise<string[]>;
  setMaxFileBytes(folder: FolderKey, maxFileBytes: number): Promise<void>;
  /** Resolves with the rules, in which these folders are taken out. */
  setInnerFolders(folder: FolderKey, innerFolders: readonly string[]): Promise<RuleSources>;
  /** Begins to tell of changes in `hints`; undefined: tells of none until the next call. */
  watch(folder: FolderKey, options: WatchOptions | undefined): Promise<void>;

  /** Something that may write files begins or, with the same id, ends: changes of unknown cause are told by it. */
  noteSpan(span: CauseSpan): Promise<void>;
  /** Compares the hinted paths with the history, records what changed, resolves when it is durable. */
  record(folder: FolderKey, hints: readonly ChangeHint[]): Promise<Outcome[]>;
  /** Does the same and keeps the outcome to itself: what it recorded is told of as for everybody, thousands bit by bit. */
  look(folder: FolderKey, hints: readonly ChangeHint[]): Promise<void>;
  /** Compares the whole folder with the history. */
  scan(folder: FolderKey, reason: ScanReason): Promise<ScanResult>;
  /** Ends the scans of the folder that are under way or wait. */
  cancelScans(folder: FolderKey): Promise<void>;
  /** Resolves also when a path failed, with what was done before it; rejects when nothing was touched. */
  restore(
    folder: FolderKey,
    items: readonly Restoration[],
  ): Promise<{ readonly restored: readonly Restored[]; readonly problem?: WireError }>;
  flush(): Promise<void>;

  /** The content on disk decoded; rejects `binary`. */
  textOnDisk(folder: FolderKey, path: string): Promise<string>;
  hash(folder: FolderKey, path: string): Promise<{ readonly sha256: string; readonly size: number }>;
  /** Looks in every open folder. */
  version(id: VersionId): Promise<{ readonly folder: FolderKey; readonly record: VersionRecord }>;
  /** The present path of the version's file, or its last if it does not exist now. */
  pathOf(id: VersionId): Promise<string>;
  content(id: VersionId): Promise<Uint8Array>;
  /** The content decoded; rejects `binary`. */
  text(id: VersionId): Promise<string>;
  versions(folder: FolderKey, path: string, page: PageQuery): Promise<VersionRecord[]>;
  versionAt(folder: FolderKey, path: string, time: number): Promise<VersionRecord | undefined>;
  recent(folder: FolderKey, query: FolderRecentQuery): Promise<VersionRecord[]>;
  /** What happened together, newest first. */
  changeSets(folder: FolderKey, query: FolderChangeSetQuery): Promise<ChangeSetRecord[]>;
  /** What the event that a version belongs to took away. */
  losses(id: VersionId): Promise<LossesRecord>;
  /** The versions that were recorded in the same event as one, itself included, by path. */
  changes(id: VersionId, page: ChangesPage): Promise<VersionRecord[]>;
  deletedFiles(folder: FolderKey, limit: number): Promise<VersionRecord[]>;
  diff(left: DiffSource, right: DiffSource, options: DiffOptions): Promise<TextDiff>;
  /** Names the present moment, or a past one (ms), in a folder's history. */
  label(folder: FolderKey, name: string, time?: number): Promise<LabelRecord>;
  /** Newest first. */
  labels(folder: FolderKey): Promise<LabelRecord[]>;
  removeLabel(folder: FolderKey, id: string): Promise<void>;
  /** A pinned version is never dropped; `false` takes the pin away. */
  pin(id: VersionId, pinned: boolean): Promise<VersionRecord>;
  setRetention(folder: FolderKey, policy: RetentionPolicy): Promise<void>;
  planForget(folder: FolderKey, request: FolderForgetRequest): Promise<ForgetPreview>;
  /** Resolves when no byte of what was selected is left in the store. */
  forget(folder: FolderKey, request: FolderForgetRequest): Promise<FolderForgetResult>;
  /** Reads everything back and mends what can be mended; `check` events tell how far it is. */
  check(folder: FolderKey): Promise<CheckReport>;
  /** Writes the history of a file or of all below a folder (`''`: everything) to one portable file. */
  exportTo(folder: FolderKey, path: string, target: string): Promise<Transfer>;
  importFrom(folder: FolderKey, source: string): Promise<Transfer>;
  storage(folder: FolderKey): Promise<StorageFacts>;
  statistics(folder: FolderKey): Promise<{ readonly versions: number; readonly files: number; readonly bytes: number }>;
}

/** What the worker says unasked. */
export type EngineEvent =
  | { readonly type: 'recorded'; readonly folder: FolderKey; readonly versions: readonly VersionRecord[] }
  | { readonly type: 'rules'; readonly folder: FolderKey; readonly sources: RuleSources }
  | {
      readonly type: 'scan';
      readonly folder: FolderKey;
      readonly reason: ScanReason;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'scanned'; readonly folder: FolderKey; readonly reason: ScanReason; readonly result: ScanResult }
  | { readonly type: 'check'; readonly folder: FolderKey; readonly done: number; readonly total: number }
  /** Paths that may have changed, of which VS Code may not have told; `areEvents`: the system did, and not a look only. */
  | {
      readonly type: 'hints';
      readonly folder: FolderKey;
      readonly hints: readonly PathChange[];
      readonly areEvents: boolean;
    }
  /** Git has moved its HEAD, and may have replaced many files. */
  | { readonly type: 'git'; readonly folder: FolderKey }
  /** No more folders can be watched: `code` is the system's; without it, Obby's own bound is reached. */
  | { readonly type: 'limit'; readonly folder: FolderKey; readonly code?: string }
  /** A path that could not be recorded. */
  | { readonly type: 'problem'; readonly folder: FolderKey; readonly path: string; readonly error: WireError }
  /** Recording stopped (`error`) or goes on again. */
  | { readonly type: 'store'; readonly folder: FolderKey; readonly error?: WireError }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
