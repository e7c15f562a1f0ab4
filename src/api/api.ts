import type { CancellationToken, Uri } from 'vscode';
import type {
  FolderCheck,
  FolderStorage,
  ForgetPlan,
  ForgetRequest,
  ForgetResult,
  Label,
  LabelOptions,
  MaintenanceAction,
  MaintenanceCalls,
} from './apiMaintenance';
import type {
  RestoreCalls,
  RestoreOptions,
  RestorePlan,
  RestoreRequest,
  RestoreResult,
  RestoreStep,
  UndoRequest,
} from './apiRestore';
import type { LineCalls, LineOrigins, LinePage, LineVersion } from './apiLines';
import type { SearchCalls, SearchHit, SearchQuery, SearchSummary } from './apiSearch';
import type { TimeCalls, TimesDifference } from './apiTimes';
import type { Version } from './apiVersion';
import type { Explanation, FolderState, FolderStatus, Gap } from './apiWatching';
import type { ComparedContent, ContentComparison, DiffOptions, Hunk, LineChange, TextDiff } from '../model/diff';
import type { Disposable } from '../base/disposable';
import type { ErrorCode } from '../base/errors';
import type { GapKind } from '../model/gap';
import type { LossesRecord as FolderLosses, LossRecord as FolderLoss } from '../model/losses';
import type { ChangesPage, FolderChangeSetQuery, ChangeSetRecord } from '../model/changeSet';
import type { LineRange } from '../model/lines';
import type { ConflictReason, OnConflict, UndoAction } from '../model/undo';
import type { RuleLine, Verdict } from '../model/ruleSources';
import type {
  CheckReport,
  DamagedVersion,
  Dropping,
  KeptHistory,
  StorageFacts,
  Transfer,
} from '../model/historyMaintenance';
import type {
  Cause,
  CauseDetail,
  ChangeKind,
  PageQuery,
  FolderRecentQuery as FolderQuery,
  Confidence,
  VersionId,
} from '../model/version';

export type {
  Cause,
  CauseDetail,
  ChangeKind,
  CheckReport,
  ComparedContent,
  ContentComparison,
  DamagedVersion,
  DiffOptions,
  Disposable,
  Dropping,
  ErrorCode,
  Explanation,
  FolderCheck,
  FolderState,
  FolderStatus,
  FolderStorage,
  ForgetPlan,
  ForgetRequest,
  ForgetResult,
  Gap,
  GapKind,
  Hunk,
  KeptHistory,
  Label,
  LabelOptions,
  LineChange,
  LineOrigins,
  LinePage,
  LineRange,
  LineVersion,
  ChangesPage,
  PageQuery,
  RuleLine,
  SearchHit,
  SearchQuery,
  SearchSummary,
  StorageFacts,
  Confidence,
  ConflictReason,
  OnConflict,
  RestoreOptions,
  RestorePlan,
  RestoreRequest,
  RestoreResult,
  RestoreStep,
  UndoAction,
  UndoRequest,
  TextDiff,
  TimesDifference,
  Transfer,
  MaintenanceAction,
  Verdict,
  Version,
  VersionId,
};

/** Which versions to list, newest first; all bounds are optional. */
export interface RecentQuery extends FolderQuery {
  /** Only this workspace folder; all by default. */
  readonly folder?: Uri;
}

/** The versions of one save, command, checkout or similar in a folder. */
export interface ChangeSet extends ChangeSetRecord {
  readonly folder: Uri;
  readonly newest: Version;
}

/** Which change sets to list, newest first; all bounds are optional. */
export interface ChangeSetQuery extends FolderChangeSetQuery {
  /** Only this workspace folder; all by default. */
  readonly folder?: Uri;
}

/** A file that a change set deleted, or left with little of its content. */
export interface Loss extends FolderLoss {
  readonly version: Version;
}

/** The losses of a change set. */
export interface Losses extends FolderLosses {
  readonly files: readonly Loss[];
}

/** A result of `tracking.recordAll`. */
export interface RecordResult {
  readonly uri: Uri;
  /** Absent when nothing had changed, or on an error. */
  readonly version?: Version;
  readonly error?: Error;
}

/** A side of a comparison. A string of a version id's form is one; any other string is a text. */
export type DiffInput = string | Uri | { readonly text: string; readonly name?: string };

/** An event for subscribers. */
export type ObbyEvent =
  /** A watched path may have changed; `version` follows if it did. */
  | {
      readonly topic: 'file';
      readonly folder: Uri;
      readonly uri: Uri;
      readonly hint: 'created' | 'changed' | 'deleted';
    }
  | { readonly topic: 'version'; readonly folder: Uri; readonly versions: readonly Version[] }
  | {
      readonly topic: 'scan';
      readonly folder: Uri;
      readonly done: number;
      readonly total: number;
      readonly finished: boolean;
    }
  | { readonly topic: 'status'; readonly folder: Uri; readonly status: FolderStatus }
  /** The store reported damage, failed, or works again. */
  | { readonly topic: 'store'; readonly folder: Uri; readonly problem?: string }
  /** The history was changed other than by recording, so that earlier answers may be outdated; `check` reports progress. */
  | {
      readonly topic: 'maintenance';
      readonly folder: Uri;
      readonly what: MaintenanceAction;
      readonly progress?: { readonly done: number; readonly total: number };
    };

export type Topic = ObbyEvent['topic'];

/** The events of some topics; of all when none is named. */
export type EventOf<T extends Topic> = [T] extends [never] ? ObbyEvent : Extract<ObbyEvent, { readonly topic: T }>;

/**
 * The public API, version 1: `vscode.extensions.getExtension('obby.obby').exports`. Obby's own views and commands use
 * nothing else. Rejections are errors with a `code` ({@link ErrorCode}) and a message for people; a bad argument is
 * named in it.
 */
export interface ObbyApi {
  readonly version: 1;

  readonly watching: {
    /** Stops recording in a folder, or in all; survives a reload. */
    pause(folder?: Uri): Promise<void>;
    /** Starts recording again; a scan finds what changed meanwhile. */
    resume(folder?: Uri): Promise<void>;
    explain(uri: Uri): Promise<Explanation>;
    /**
     * Writes the last usable rules back to a folder without rules; resolves with the written files. `folder` is optional
     * if there is only one. Rejects `notFound` when its history has no rules, `badArgument` while the folder has rules.
     */
    restoreRules(folder?: Uri): Promise<Uri[]>;
    /** One entry for each workspace folder. */
    status(): Promise<FolderStatus[]>;
    /** Compares a folder, or all, with the disk; resolves when everything found, also until a cancellation, is durable. */
    scan(folder?: Uri, token?: CancellationToken): Promise<void>;
  };

  readonly tracking: {
    /** Records a watched file now; undefined when it has not changed. Rejects `notWatched` for any other. */
    record(uri: Uri): Promise<Version | undefined>;
    /** Records files in order; yields one result for each, also on failure. */
    recordAll(uris: Iterable<Uri>): AsyncIterable<RecordResult>;
    /** SHA-256 and size in bytes of the file on disk. */
    hash(uri: Uri): Promise<{ readonly sha256: string; readonly size: number }>;
    /** The content on disk decoded, as {@link ObbyApi.history}`.text` decodes a version's. Rejects `binary`. */
    text(uri: Uri): Promise<string>;
    diff(a: DiffInput, b: DiffInput, options?: DiffOptions): Promise<TextDiff>;
    /** Reads both sides once; resolves with their texts, sizes and hashes, and their differences. */
    compare(left: DiffInput, right: DiffInput, options?: DiffOptions): Promise<ContentComparison>;
  };

  readonly history: {
    /**
     * A file's versions across renames, newest first. With `earlier`, instead those of other files that were at this path:
     * `fileOf` says where each is now.
     */
    versions(uri: Uri, page?: PageQuery): Promise<Version[]>;
    version(id: VersionId): Promise<Version>;
    /** The present, or last, URI of a version's file; older versions may have another path. */
    fileOf(id: VersionId): Promise<Uri>;
    /** The exact bytes. Rejects `notStored` for a deletion and for a version without content. */
    content(id: VersionId): Promise<Uint8Array>;
    /**
     * The content decoded, without its byte order mark: as the mark says, else in the setting `files.encoding` if every byte
     * has a meaning in it, else as UTF-8, UTF-16 or Windows-1252. Rejects `binary`.
     */
    text(id: VersionId): Promise<string>;
    /** The version a file had at a time (ms since the epoch or a Date), a deletion included; undefined before its first. */
    fileAt(uri: Uri, time: number | Date): Promise<Version | undefined>;
    recent(query?: RecentQuery): Promise<Version[]>;
    /** A version against the one before it. */
    diff(id: VersionId, options?: DiffOptions): Promise<TextDiff>;
    /** The deletion of each file that does not exist now, newest first; `previous` is its last content. */
    deletedFiles(folder?: Uri): Promise<Version[]>;
    /** Newest first. */
    labels(folder?: Uri): Promise<Label[]>;
    /** The disk space and other facts of each history, or of one. */
    storage(folder?: Uri): Promise<FolderStorage[]>;
    /** All histories in the storage location, also of folders that are not open or gone; the last used first. */
    all(): Promise<KeptHistory[]>;
    /** While a workspace folder's history has only begun: those that it evidently had before it was renamed or moved. */
    former(folder: Uri): Promise<KeptHistory[]>;
    /** Newest first. */
    changeSets(query?: ChangeSetQuery): Promise<ChangeSet[]>;
    /** By {@link Version}`.changeSet`. */
    changeSet(id: string): Promise<ChangeSet>;
    /** All versions of the change set of a version, by path. */
    changes(id: VersionId, page?: ChangesPage): Promise<Version[]>;
    /** What the change set of a version deleted or emptied; first what exists nowhere else. */
    losses(id: VersionId): Promise<Losses>;
  } & SearchCalls &
    LineCalls &
    TimeCalls;

  /**
   * Subscribes to topics; none means all. Events arrive in order. A listener that throws is reported and stays subscribed. A
   * slow listener gets its events after the others, and loses the oldest when 10,000 are waiting for it.
   */
  subscribe<T extends Topic>(topics: readonly T[], listener: (event: EventOf<T>) => void): Disposable;

  readonly act: RestoreCalls & MaintenanceCalls;

  /** Resolves when every change made on disk before the call is recorded and durable. */
  flush(): Promise<void>;
}
