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
import type { Version } from './apiVersion';
import type { Explanation, FolderState, FolderStatus, Gap } from './apiWatching';
import type { ComparedContent, ContentComparison, DiffOptions, Hunk, LineChange, TextDiff } from '../model/diff';
import type { Disposable } from '../base/disposable';
import type { ErrorCode } from '../base/errors';
import type { GapKind } from '../model/gap';
import type { LossesRecord as FolderLosses, LossRecord as FolderLoss } from '../model/losses';
import type { ChangesPage, FolderChangeSetQuery as FolderChangeSetQuery, ChangeSetRecord } from '../model/changeSet';
import type { RuleLine, Verdict } from '../model/ruleSources';
import type { CheckReport, DamagedVersion, Dropping, StorageFacts, Transfer } from '../model/historyMaintenance';
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
  Label,
  LabelOptions,
  LineChange,
  ChangesPage,
  PageQuery,
  RuleLine,
  StorageFacts,
  Confidence,
  TextDiff,
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

/** What one event did to a folder: a save, a command, a checkout. */
export interface ChangeSet extends ChangeSetRecord {
  readonly folder: Uri;
  readonly newest: Version;
}

/** Which moments to list, newest first; all bounds are optional. */
export interface ChangeSetQuery extends FolderChangeSetQuery {
  /** Only this workspace folder; all by default. */
  readonly folder?: Uri;
}

/** A file that an event deleted, or left with little of what it held. */
export interface Loss extends FolderLoss {
  readonly version: Version;
}

/** What an event took away. */
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

export interface RestoreRequest {
  readonly versions: readonly VersionId[];
}

/** What a restore will do to one file. */
export interface RestoreStep {
  readonly version: VersionId;
  readonly uri: Uri;
  /** `none`: the file has that content already. */
  readonly action: 'write' | 'create' | 'none';
  /** An editor holds unsaved text, which is recorded before it is replaced. */
  readonly unsaved: boolean;
}

/** A restore before it happens. */
export interface RestorePlan {
  readonly steps: readonly RestoreStep[];
}

export interface RestoreResult {
  readonly files: readonly {
    readonly uri: Uri;
    /** The replaced state; absent when there was no file. */
    readonly replaced?: Version;
    /** Absent when the file already had that content. */
    readonly version?: Version;
  }[];
  /** What could not be restored, and why; the other files were. */
  readonly failed: readonly { readonly uri: Uri; readonly error: Error }[];
}

/** What a subscriber hears. */
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
  /** Something was done to the history itself, so that what was read of it may be old; `check` tells how far it is. */
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
    /** Records again; what changed meanwhile is found by a scan. */
    resume(folder?: Uri): Promise<void>;
    explain(uri: Uri): Promise<Explanation>;
    /**
     * Writes the last usable rules of a folder back that has none any more; resolves with the written files. The folder
     * may be left out when there is one. Rejects `notFound` when its history has none, `badArgument` while it has rules.
     */
    restoreRules(folder?: Uri): Promise<Uri[]>;
    /** One entry a workspace folder. */
    status(): Promise<FolderStatus[]>;
    /** Compares a folder, or all, with the disk; resolves when what it found, or had found when it was cancelled, is durable. */
    scan(folder?: Uri, token?: CancellationToken): Promise<void>;
  };

  readonly tracking: {
    /** Records a watched file now; undefined when it has not changed. Rejects `notWatched` for any other. */
    record(uri: Uri): Promise<Version | undefined>;
    /** Records many, in order; goes on past failures and reports each. */
    recordAll(uris: Iterable<Uri>): AsyncIterable<RecordResult>;
    /** Of the exact bytes on disk. `size` in bytes. */
    hash(uri: Uri): Promise<{ readonly sha256: string; readonly size: number }>;
    /** The content on disk decoded, as {@link ObbyApi.history}`.text` decodes a version's. Rejects `binary`. */
    text(uri: Uri): Promise<string>;
    diff(a: DiffInput, b: DiffInput, options?: DiffOptions): Promise<TextDiff>;
    /** The same with both sides, of one time: their texts, sizes and hashes. */
    compare(left: DiffInput, right: DiffInput, options?: DiffOptions): Promise<ContentComparison>;
  };

  readonly history: {
    /** A file's versions across renames, newest first. */
    versions(uri: Uri, page?: PageQuery): Promise<Version[]>;
    version(id: VersionId): Promise<Version>;
    /** Where the file of a version is now, or was last: after a rename its older versions have another path. */
    fileOf(id: VersionId): Promise<Uri>;
    /** The exact bytes. Rejects `notStored` for a deletion and for a version that was only noted. */
    content(id: VersionId): Promise<Uint8Array>;
    /** The content decoded (UTF-8, UTF-16 with a mark, else Latin-1), without its byte order mark. Rejects `binary`. */
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
    /** What the history of each workspace folder takes, or of one. */
    storage(folder?: Uri): Promise<FolderStorage[]>;
    /** What happened together, newest first: one entry an event, however many files it changed. */
    changeSets(query?: ChangeSetQuery): Promise<ChangeSet[]>;
    /** A change set by its id, which each of its versions names. */
    changeSet(id: string): Promise<ChangeSet>;
    /** The versions that were recorded in the same event as one, itself included, by path. */
    changes(id: VersionId, page?: ChangesPage): Promise<Version[]>;
    /** What the event that a version belongs to deleted or emptied, what exists nowhere else first. */
    losses(id: VersionId): Promise<Losses>;
  };

  /**
   * Topics to hear; none means all. A listener hears of events in order. One that throws is reported and stays
   * subscribed; one that is slow hears after the others, and is not told of the oldest when 10,000 wait for it.
   */
  subscribe<T extends Topic>(topics: readonly T[], listener: (event: EventOf<T>) => void): Disposable;

  readonly act: {
    planRestore(request: RestoreRequest): Promise<RestorePlan>;
    /**
     * Records what is replaced (unsaved text included), then writes. Of several versions of one file the last counts. A
     * file that cannot be restored does not keep the others from it; rejects when nothing at all was done.
     */
    restore(plan: RestorePlan | RestoreRequest | VersionId): Promise<RestoreResult>;
    /** Takes the last restore of this window back, by a restore; after a failure, the next call continues. */
    undoRestore(): Promise<RestoreResult>;
  } & MaintenanceCalls;

  /** Resolves when every change made on disk before the call is recorded and durable. */
  flush(): Promise<void>;
}
