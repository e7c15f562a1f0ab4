import { sha256Of } from '../base/sha256';
import type { ChangesPage, ChangeSetRecord, FolderChangeSetQuery } from '../model/changeSet';
import type { DiffOptions, TextDiff } from '../model/diff';
import type { LabelRecord, StorageFacts } from '../model/historyMaintenance';
import type { LossesRecord } from '../model/losses';
import type { FolderSearchQuery, SearchBatch } from '../model/search';
import {
  isOtherMode,
  type FolderRecentQuery,
  type PageQuery,
  type VersionId,
  type VersionRecord,
} from '../model/version';
import type { FolderUndoRequest, UndoPlanRecord, UndoPreview } from '../model/undo';
import type { LineHistoryQuery, LineOriginsRecord, LineRange, LinesQuery, LineVersionRecord } from '../model/lines';
import { lineHistory } from './lines/lineHistory';
import { lineOrigins } from './lines/lineOrigins';
import { findChangeSet } from './changeSet';
import { diffOfVersion } from './compare';
import { compareTimes } from './compareTimes';
import { filesAt } from './filesAt';
import type { TimesDifferenceRecord } from '../model/times';
import { findDeletedFiles, findLosses } from './findLosses';
import { planUndo, previewUndo } from './undo/planUndo';
import { bytesOnDisk, decodedText, fileOnDisk, type OpenHistory } from './openHistory';

/**
 * What can be asked of one history, each question a function of the history and its arguments, which are plain data.
 * A new question is one entry here.
 */
export const historyQuestions = {
  /** Of the exact bytes on disk. */
  async hash(history: OpenHistory, path: string): Promise<{ readonly sha256: string; readonly size: number }> {
    const bytes = await bytesOnDisk(history, path);
    return { sha256: sha256Of(bytes), size: bytes.length };
  },

  /** Whether a file has the content of a version, and its mode. */
  async isAt(history: OpenHistory, path: string, id: VersionId): Promise<boolean> {
    const { bytes, mode } = await fileOnDisk(history, path);
    const version = await history.store.version(id);
    return version.sha256 === sha256Of(bytes) && !isOtherMode(version.mode, mode);
  },

  /** The content on disk decoded; rejects `binary`. */
  async textOnDisk(history: OpenHistory, path: string, encodings?: readonly string[]): Promise<string> {
    return decodedText(await bytesOnDisk(history, path), path, encodings);
  },

  version({ store }: OpenHistory, id: VersionId): Promise<VersionRecord> {
    return store.version(id);
  },

  /** The present path of the version's file, or its last if it does not exist now. */
  pathOf({ store }: OpenHistory, id: VersionId): Promise<string> {
    return store.pathOf(id);
  },

  content({ store }: OpenHistory, id: VersionId): Promise<Uint8Array> {
    return store.content(id);
  },

  /** The content decoded; rejects `binary`. */
  async text({ store }: OpenHistory, id: VersionId, encodings?: readonly string[]): Promise<string> {
    return decodedText(await store.content(id), 'This version', encodings);
  },

  /** A file's versions across renames, or those of earlier files at its path, newest first. */
  async versions(history: OpenHistory, path: string, page: PageQuery): Promise<VersionRecord[]> {
    return history.store.versions(await history.spelled(path), page);
  },

  async versionAt(history: OpenHistory, path: string, time: number): Promise<VersionRecord | undefined> {
    return history.store.versionAt(await history.spelled(path), time);
  },

  /** The version that each file below a folder (`''`: all) had at a time (ms), by path. */
  async filesAt(history: OpenHistory, folder: string, time: number): Promise<VersionRecord[]> {
    return filesAt(history, await history.spelled(folder), time);
  },

  /** The files of a folder (`''`: all) that differ between two times (ms). */
  async compareTimes(history: OpenHistory, folder: string, from: number, to: number): Promise<TimesDifferenceRecord[]> {
    return compareTimes(history, await history.spelled(folder), from, to);
  },

  recent({ store }: OpenHistory, query: FolderRecentQuery): Promise<VersionRecord[]> {
    return store.recent(query);
  },

  /** A version against the one before it. */
  diff(history: OpenHistory, id: VersionId, options: DiffOptions): Promise<TextDiff> {
    return diffOfVersion(history, id, options);
  },

  /** The versions that changed some lines of a file, newest first. */
  lineHistory(
    history: OpenHistory,
    path: string,
    range: LineRange,
    query: LineHistoryQuery,
  ): Promise<LineVersionRecord[]> {
    return lineHistory(history, path, range, query);
  },

  /** For each line of a file the version that last changed it. */
  lineOrigins(history: OpenHistory, path: string, query: LinesQuery): Promise<LineOriginsRecord> {
    return lineOrigins(history, path, query);
  },

  /** Starts a search with a new id; rejects `badArgument`. */
  startSearch({ searches, store }: OpenHistory, id: string, query: FolderSearchQuery): void {
    searches.start(id, store, query);
  },

  /** The next hits of a search, as soon as there are some; rejects `closed` after its end. */
  nextHits({ searches }: OpenHistory, id: string): Promise<SearchBatch> {
    return searches.next(id);
  },

  endSearch({ searches }: OpenHistory, id: string): void {
    searches.end(id);
  },

  /** Newest first. */
  changeSets({ store }: OpenHistory, query: FolderChangeSetQuery): Promise<ChangeSetRecord[]> {
    return store.changeSets(query);
  },

  changeSet(history: OpenHistory, id: string): Promise<ChangeSetRecord> {
    return findChangeSet(history, id);
  },

  /** The versions of the change set that a version belongs to, itself included, by path. */
  changes({ store }: OpenHistory, id: VersionId, page: ChangesPage): Promise<VersionRecord[]> {
    return store.changes(id, page);
  },

  /** What the change set that a version belongs to deleted or emptied. */
  losses(history: OpenHistory, id: VersionId): Promise<LossesRecord> {
    return findLosses(history, id);
  },

  /** What taking back change sets would do. */
  planUndo(history: OpenHistory, request: FolderUndoRequest): Promise<UndoPlanRecord> {
    return planUndo(history, request);
  },

  /** The content of the first file of a request before and after the undo. */
  previewUndo(history: OpenHistory, request: FolderUndoRequest): Promise<UndoPreview> {
    return previewUndo(history, request);
  },

  /** The last deletion of each file that does not exist now, newest first. */
  deletedFiles(history: OpenHistory, limit: number): Promise<VersionRecord[]> {
    return findDeletedFiles(history, limit);
  },

  /** Newest first. */
  labels({ store }: OpenHistory): Promise<LabelRecord[]> {
    return store.labels();
  },

  /** The last time (ms) at which the history is known to have been recorded; undefined for a new one. */
  lastHeartbeat({ store }: OpenHistory): Promise<number | undefined> {
    return store.lastHeartbeat();
  },

  storage({ store }: OpenHistory): Promise<StorageFacts> {
    return store.storage();
  },
};
