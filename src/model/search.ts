import type { Cause, VersionId, VersionRecord } from './version';

/** What to look for in the lines of text files. */
export interface SearchPattern {
  /** A text, which may have several lines; or `regex`. */
  readonly text?: string;
  /** A JavaScript regular expression, matched against each line without its ending. */
  readonly regex?: string;
  /** Default false. */
  readonly caseSensitive?: boolean;
  /** No letter, digit or underscore may be next to what matches. Default false. */
  readonly wholeWord?: boolean;
}

/** Which lines count; `lost`: removals of lines that are in no file now. */
export const searchScopes = ['any', 'added', 'removed', 'lost'] as const;
type SearchScope = (typeof searchScopes)[number];

/** What to look for in the versions of a folder, and in which ones. */
export interface FolderSearchQuery extends SearchPattern {
  /** Only paths that this pattern, in gitignore's syntax, matches. */
  readonly path?: string;
  /** Times of versions in ms since the epoch: `since` is inclusive, `until` exclusive. */
  readonly since?: number;
  readonly until?: number;
  readonly cause?: Cause;
  /** Default `any`. */
  readonly where?: SearchScope;
  /** The encodings to try first, as for a comparison. */
  readonly encodings?: readonly string[];
}

/** Whether a version added the line, removed it, or already had it when it was first seen. */
export type LineFate = 'added' | 'removed' | 'present';

/** A matching line (or lines) that a version added, removed, or had already when it was first seen. */
export interface SearchHitRecord {
  readonly version: VersionRecord;
  /** 0-based: in the version, or in the state before it for a removed line. */
  readonly line: number;
  /** The line without its ending, or the part of a very long one that begins at the column `start`. */
  readonly text: string;
  /** Default 0. */
  readonly start?: number;
  /** What matches in `text`: begin and end, in UTF-16 units; the first 100. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly change: LineFate;
  /** No existing file has this line in its newest stored version. */
  readonly isLost: boolean;
}

/** The next hits of a running search. */
export interface SearchBatch {
  readonly hits: readonly SearchHitRecord[];
  readonly isDone: boolean;
  /** Versions that could not be searched, since their contents cannot be read. */
  readonly unreadable: number;
}

/** A stored content, by the catalog's number for it. */
export interface SearchedContent {
  readonly key: number;
  readonly sha256: string;
  /** Contents are read fastest in the order of these numbers. */
  readonly place: number;
}

/** The lines of a version, as far as known: a content, nothing (before a creation, after a deletion), or unknown. */
export type SearchedState = SearchedContent | 'nothing' | 'unknown';

/** What a search needs of a version. */
export interface SearchedVersion {
  readonly id: VersionId;
  readonly path: string;
  readonly state: SearchedState;
  /** The last known state of the file before this version. */
  readonly before: SearchedState;
}

/** A page of versions to search, newest first. */
export interface SearchedPage {
  readonly since?: number;
  readonly until?: number;
  readonly cause?: Cause;
  readonly before?: VersionId;
  readonly limit: number;
  /** Only versions of files that ever had one of these contents. */
  readonly contents?: readonly number[];
}

/** What is known of contents before any is read. */
export interface NarrowedSearch {
  /** Contents that have a matching line, as far as they are indexed. */
  readonly matching: ReadonlySet<number>;
  /** All other contents that may have one, in the order of their places. */
  readonly unindexed: readonly SearchedContent[];
}

/** The part of a store that searches use. */
export interface SearchableStore {
  versions(page: SearchedPage): Promise<SearchedVersion[]>;
  /** Uses the line indexes: `find` gets lines that end with `\n`, and gives the 0-based numbers of the matching ones. */
  narrow(find: (lines: string) => Promise<readonly number[]>, stop: AbortSignal): Promise<NarrowedSearch>;
  /** The contents of the files that exist now, or those among `keys`. */
  liveContents(keys?: readonly number[]): Promise<SearchedContent[]>;
  /** The exact bytes; rejects with `storeFailed` when they cannot be read. Must not be changed. */
  read(content: SearchedContent): Promise<Uint8Array>;
}
