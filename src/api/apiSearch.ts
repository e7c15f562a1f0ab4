import type { CancellationToken, Uri } from 'vscode';
import type { FolderSearchQuery, SearchHitRecord } from '../model/search';
import type { Version } from './apiVersion';

/** What to look for: a `text`, which may have several lines, or a `regex`. All bounds are optional. */
export interface SearchQuery extends Omit<FolderSearchQuery, 'encodings'> {
  /** Only this workspace folder; all by default. */
  readonly folder?: Uri;
}

/** A matching line that a version added, removed, or had already when it was first seen. */
export interface SearchHit extends SearchHitRecord {
  readonly version: Version;
  /** The version's file. */
  readonly uri: Uri;
}

/** What a finished search says. */
export interface SearchSummary {
  /** Versions that could not be searched, since their contents cannot be read. */
  readonly unreadable: number;
}

export interface SearchCalls {
  /**
   * The lines that match in any version of any file, deleted ones included, newest first in each folder, as they are
   * found. A line is a hit where it came and where it went: moves within a file are no hits. Binary contents have no
   * lines. Rejects `badArgument`, also for a regular expression that takes too long. Ends early when cancelled.
   */
  search(query: SearchQuery, token?: CancellationToken): AsyncGenerator<SearchHit, SearchSummary, undefined>;
}
