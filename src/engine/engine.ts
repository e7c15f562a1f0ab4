import type { CauseSpan, PathChange, ClientEvent } from '../model/changeHint';
import type { ContentComparison, DiffOptions } from '../model/diff';
import type { KeptHistory } from '../model/historyMaintenance';
import type { FolderSettings } from '../model/folderSettings';
import type { RuleProblem, Verdict } from '../model/ruleSources';
import type { ScanReason, ScanResult } from '../model/scan';
import type { FolderUndoRequest } from '../model/undo';
import type { VersionId, VersionRecord } from '../model/version';
import type { historyQuestions } from '../query/historyQuestions';
import type { Restoration, Restored } from '../track/candidate';
import type { EngineStatus } from './engineStatus';
import type { historyActions } from './historyActions';

export type { Restoration, Restored };

/** A workspace folder's URI as a string. */
export type FolderKey = string;

export interface FolderOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Absolute path of the folder that holds its history. */
  readonly storeDir: string;
  readonly settings: FolderSettings;
  /** What the client does; default: `record`. */
  readonly use?: FolderUse;
}

/**
 * `record`: watches the folder. `change`: restores, undoes, forgets; scans once, so that what is on disk is recorded
 * before. `read`: only asks; nothing is written, and no window notices it.
 */
export type FolderUse = 'record' | 'change' | 'read';

export interface OpenedFolder {
  /** What opening found damaged, for people. */
  readonly problems: readonly string[];
}

/** The result for one path. */
export interface Outcome {
  readonly path: string;
  readonly versions: readonly VersionRecord[];
  /** Why the path could not be recorded. */
  readonly problem?: WireError;
}

/** What the next undo in a folder concerns. */
export interface UndoableRestore {
  /** The same in every folder that one request changed. */
  readonly id: string;
  /** When the restore began; ms since the epoch. */
  readonly time: number;
  /** It was undone: the next undo brings it back. */
  readonly isUndone: boolean;
  /** What remains to be undone. */
  readonly remaining: readonly Restoration[];
}

/** A file to undo a restore of. */
export type UndoItem = Pick<Restoration, 'path' | 'unsavedText' | 'unsavedEncoding'>;

/** What a restore did to the files of one folder. */
export interface FolderRestore {
  readonly restored: readonly Restored[];
  readonly failed: readonly { readonly path: string; readonly problem: WireError }[];
  /** Brings back what was before, for every path that was changed. */
  readonly undo: readonly Restoration[];
}

/** An error on its way between threads. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly stack?: string;
}

/** A table of functions of a history as calls about one history. */
type Calls<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends (history: never, ...args: infer Args) => infer Answer
    ? (...args: Args) => Promise<Awaited<Answer>>
    : never;
};

/** The queries of one history. */
export type HistoryReader = Calls<typeof historyQuestions>;

/** What can be done to one history besides recording. */
export type HistoryActions = Calls<typeof historyActions>;

/** A side of a comparison. */
export type DiffSource =
  | { readonly folder: FolderKey; readonly version: VersionId }
  /** A file on disk, by its path in a folder. */
  | { readonly folder: FolderKey; readonly file: string }
  | { readonly text: string; readonly name: string }
  /** The side that does not exist, so that everything counts as added or removed. */
  | { readonly nothing: string };

/**
 * The engine of every watched folder, as its clients see it: an editor, a command line. Calls about one folder take
 * effect in the order in which they arrive. Rejections arrive as {@link ObbyError}.
 */
export interface Engine {
  /** Opens a history, begins to watch, and scans for what changed meanwhile; resolves when the history can be asked. */
  open(folder: FolderKey, options: FolderOptions): Promise<OpenedFolder>;
  /** Resolves once everything is durable and the store is released. */
  close(folder: FolderKey): Promise<void>;
  /** Replaces all settings; resolves when they are applied, including a scan where one is needed. */
  configure(folder: FolderKey, settings: FolderSettings): Promise<void>;
  /** Resolves at once, which shows that the engine's thread is not blocked. */
  ping(): Promise<void>;
  /** Reports events of an editor, in order. Ignored while paused. */
  notify(folder: FolderKey, events: readonly ClientEvent[]): Promise<void>;
  /** Something that may write files begins or, with the same id, ends: changes of unknown cause are attributed to it. */
  noteSpan(span: CauseSpan): Promise<void>;
  /** Why a path is watched or not. */
  explain(folder: FolderKey, path: string): Promise<Verdict>;
  status(folder: FolderKey): Promise<EngineStatus>;
  /** Writes the folder's last usable rules back; resolves with the paths of their files. */
  restoreRules(folder: FolderKey): Promise<string[]>;

  /** A question of {@link HistoryReader}, which `readerOf` types. */
  ask(folder: FolderKey, question: keyof HistoryReader, args: readonly unknown[]): Promise<unknown>;
  /** An action of {@link HistoryActions}, which `actionsOf` types. */
  act(folder: FolderKey, action: keyof HistoryActions, args: readonly unknown[]): Promise<unknown>;
  /** Both sides and their differences; reads each side once. */
  compare(left: DiffSource, right: DiffSource, options: DiffOptions): Promise<ContentComparison>;

  /** Compares paths with the history, records what changed, resolves when it is durable. */
  record(folder: FolderKey, paths: readonly string[]): Promise<Outcome[]>;
  /** Compares the whole folder with the history; does nothing while paused. */
  scan(folder: FolderKey, reason: ScanReason): Promise<ScanResult>;
  /** Cancels the running and waiting scans of a folder. */
  cancelScans(folder: FolderKey): Promise<void>;
  /**
   * Resolves also when paths failed; rejects when nothing was changed. `id` is new for each request of a person: a second
   * call with it does not change what undoes the first.
   */
  restore(folder: FolderKey, items: readonly Restoration[], id: string): Promise<FolderRestore>;
  /** Takes back changes, as a restore with this id; of the files that the request names, with the answers it gives. */
  undoChanges(folder: FolderKey, request: FolderUndoRequest, id: string): Promise<FolderRestore>;
  /** Files that a restore with this id has not changed yet stay as they are, and are among those that failed. */
  cancelRestore(folder: FolderKey, id: string): Promise<void>;
  /** The last restore of a folder by any window, also by one that is closed; undefined if nothing can be undone. */
  lastRestore(folder: FolderKey): Promise<UndoableRestore | undefined>;
  /** Undoes what remains of the last restore, for the given files; the others remain. Answers as `restore`. */
  undoRestore(folder: FolderKey, id: string, items: readonly UndoItem[]): Promise<FolderRestore>;
  /** Resolves when every change made on disk before the call is recorded and durable; in every folder by default. */
  flush(folder?: FolderKey): Promise<void>;

  /** All histories in a folder, the last used first. */
  histories(dir: string): Promise<KeptHistory[]>;
  /**
   * The histories that a folder evidently had at another path, the last used first, as long as its own has only begun: it
   * is that folder, renamed or reached by a link, or holds the files of one with the same name that is gone.
   */
  formerHistories(folder: FolderKey): Promise<KeptHistory[]>;
  /** Gives a history in a folder the name of another, which is kept under a new name; rejects while one is open. */
  replaceHistory(dir: string, replaced: string, name: string): Promise<void>;
  /** Deletes a history in a folder; rejects while a window has it open. */
  removeHistory(dir: string, name: string): Promise<void>;
}

/** What the engine publishes. */
export type EngineEvent =
  | { readonly type: 'recorded'; readonly folder: FolderKey; readonly versions: readonly VersionRecord[] }
  /** Watched paths may have changed; versions follow if they did. */
  | { readonly type: 'changes'; readonly folder: FolderKey; readonly changes: readonly PathChange[] }
  | {
      readonly type: 'scan';
      readonly folder: FolderKey;
      readonly reason: ScanReason;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'scanned'; readonly folder: FolderKey; readonly reason: ScanReason; readonly result: ScanResult }
  /** The status has changed; at most a few times a second. */
  | { readonly type: 'status'; readonly folder: FolderKey; readonly status: EngineStatus }
  /** Lines of the rule files that cannot be used now; a complete list. */
  | { readonly type: 'ruleProblems'; readonly folder: FolderKey; readonly problems: readonly RuleProblem[] }
  | { readonly type: 'check'; readonly folder: FolderKey; readonly done: number; readonly total: number }
  /** Recording stopped (`error`) or works again. */
  | { readonly type: 'store'; readonly folder: FolderKey; readonly error?: WireError }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
