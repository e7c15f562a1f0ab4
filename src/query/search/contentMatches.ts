import type { SearchableStore, SearchedContent } from '../../model/search';
import type { ContentMatcher } from './contentMatcher';
import type { LineMatch } from './lineMatches';

/** The most matches that are kept for reuse; a content whose matches were dropped is read again. */
const maxKept = 100_000;

/** The matches of contents, each of which is read once as long as the matches fit into memory. */
export class ContentMatches {
  private readonly empty = new Set<number>();
  private readonly kept = new Map<number, readonly LineMatch[]>();
  private keptCount = 0;
  private candidates: ReadonlySet<number> | undefined;

  constructor(
    private readonly store: Pick<SearchableStore, 'read'>,
    private readonly matcher: ContentMatcher,
  ) {}

  /** Only these contents can have matches. */
  narrowTo(candidates: ReadonlySet<number>): void {
    this.candidates = candidates;
  }

  /** Rejects with `storeFailed` for a content that cannot be read. */
  async of(content: SearchedContent): Promise<readonly LineMatch[]> {
    if (this.empty.has(content.key) || this.candidates?.has(content.key) === false) return [];
    const known = this.kept.get(content.key);
    if (known) return known;
    const found = await this.matcher.matches(await this.store.read(content));
    if (found.length === 0) this.empty.add(content.key);
    else this.keep(content.key, found);
    return found;
  }

  private keep(key: number, found: readonly LineMatch[]): void {
    this.kept.set(key, found);
    this.keptCount += found.length;
    for (const [oldest, matches] of this.kept) {
      if (this.keptCount <= maxKept || oldest === key) return;
      this.kept.delete(oldest);
      this.keptCount -= matches.length;
    }
  }
}
