import { ObbyError } from '../../base/errors';
import type { SearchableStore, SearchedContent } from '../../model/search';
import type { ContentMatches } from './contentMatches';

/** Which matching lines existing files have. Reads no more of them than an answer needs. */
export class LiveLines {
  private readonly keys = new Set<string>();
  /** Contents that are not read yet, by their numbers. */
  private waiting: Map<number, SearchedContent> | undefined;
  private candidates: readonly number[] | undefined;

  constructor(
    private readonly store: Pick<SearchableStore, 'liveContents'>,
    private readonly matches: ContentMatches,
    private readonly pause: () => Promise<void>,
  ) {}

  /** Only these contents can have matches. */
  narrowTo(candidates: readonly number[]): void {
    this.candidates = candidates;
  }

  /** `likely` is a content that probably has the line. */
  async has(key: string, likely: SearchedContent | undefined): Promise<boolean> {
    this.waiting ??= new Map((await this.store.liveContents(this.candidates)).map((content) => [content.key, content]));
    if (likely && this.waiting.has(likely.key)) await this.take(likely);
    for (const content of this.waiting.values()) {
      if (this.keys.has(key)) return true;
      await this.pause();
      await this.take(content);
    }
    return this.keys.has(key);
  }

  private async take(content: SearchedContent): Promise<void> {
    try {
      for (const { key } of await this.matches.of(content)) this.keys.add(key);
    } catch (error) {
      if (!(error instanceof ObbyError) || error.code !== 'storeFailed') throw error;
    }
    this.waiting?.delete(content.key);
  }
}
