import type { SearchHit } from '../../api/api';
import type { FileNode } from '../history/historyRows';

/** A row of a hit; commands of versions accept it. */
export interface SearchHitNode extends FileNode {
  readonly hit: SearchHit;
  /** Among all hits. */
  readonly index: number;
}

/** The hits of versions with one path. */
export interface SearchFileNode {
  readonly type: 'searchFile';
  readonly uri: SearchHit['uri'];
  readonly path: string;
  readonly hits: readonly SearchHitNode[];
}

export type SearchNode = SearchFileNode | SearchHitNode;

/** The hits so far, grouped by file, in the order in which they came. */
export class SearchResults {
  private readonly files = new Map<string, { row: SearchFileNode; hits: SearchHitNode[] }>();
  count = 0;

  get rows(): SearchFileNode[] {
    return Array.from(this.files.values(), ({ row }) => row);
  }

  add(hit: SearchHit): void {
    const { uri, version } = hit;
    const key = uri.toString();
    let file = this.files.get(key);
    if (!file) {
      const hits: SearchHitNode[] = [];
      file = { row: { type: 'searchFile', uri, path: version.path, hits }, hits };
      this.files.set(key, file);
    }
    file.hits.push({ type: 'version', version, inChangeSet: false, hit, index: this.count++ });
  }
}

/** Checks the argument of a command. */
export function asSearchHit(value: unknown): SearchHit | undefined {
  return typeof value === 'object' && value !== null ? (value as Partial<SearchHitNode>).hit : undefined;
}
