import { ObbyError } from '../../base/errors';
import { TimeSlicer } from '../../base/timeSlicer';
import type {
  FolderSearchQuery,
  LineFate,
  SearchableStore,
  SearchBatch,
  SearchedContent,
  SearchedState,
  SearchedVersion,
  SearchHitRecord,
} from '../../model/search';
import type { VersionId, VersionRecord } from '../../model/version';
import { Rules } from '../../rules/rules';
import { ContentMatcher } from './contentMatcher';
import { ContentMatches } from './contentMatches';
import { changesBetween, type MatchChange } from './lineChanges';
import type { LineMatch } from './lineMatches';
import { LiveLines } from './liveLines';
import type { PatternThread } from './patternThread';

/** What a search reads. */
export interface SearchSource {
  readonly searchable: SearchableStore;
  version(id: VersionId): Promise<VersionRecord>;
}

/** Versions that are listed at a time; in between, others may change the history. Few at first, for the first hits. */
const pageSize = 500;
const firstPageSize = 25;
/** Contents that are read before the first version, so that only few files have to be searched. */
const maxReadFirst = 2_000;
/** The most contents by which files are chosen. */
const maxNarrowed = 2_000;
/** A batch ends with the first hits after this time (ms), without any after the second one, or with this many hits. */
const batchMs = 15;
const emptyBatchMs = 100;
const batchHits = 200;

/** One search through a history, from the newest version to the oldest. */
export class SearchRun {
  private readonly stop = new AbortController();
  private readonly slicer = new TimeSlicer(this.stop.signal);
  private readonly matcher: ContentMatcher;
  private readonly matches: ContentMatches;
  private readonly isMeant: (path: string) => boolean;
  /** Undefined now and then, while nothing is found. */
  private readonly hits: AsyncGenerator<SearchHitRecord | undefined>;
  private readonly live: LiveLines;
  private unreadable = 0;

  /** Throws `badArgument` for a query that cannot be used. */
  constructor(
    private readonly source: SearchSource,
    private readonly query: FolderSearchQuery,
    thread: PatternThread,
  ) {
    this.matcher = new ContentMatcher(query, thread, query.encodings);
    this.matches = new ContentMatches(source.searchable, this.matcher);
    this.live = new LiveLines(source.searchable, this.matches, () => this.slicer.pause());
    this.isMeant = pathMatcher(query.path);
    this.hits = this.run();
  }

  /** The next hits, as soon as there are some. One call at a time. */
  async next(): Promise<SearchBatch> {
    const hits: SearchHitRecord[] = [];
    const start = performance.now();
    while (hits.length < batchHits && performance.now() - start < (hits.length > 0 ? batchMs : emptyBatchMs)) {
      const next = await this.hits.next();
      if (next.done) return { hits, isDone: true, unreadable: this.unreadable };
      if (next.value) hits.push(next.value);
    }
    return { hits, isDone: false, unreadable: this.unreadable };
  }

  end(): void {
    this.stop.abort(new ObbyError('closed', 'The search was ended.'));
  }

  private async *run(): AsyncGenerator<SearchHitRecord | undefined> {
    const contents = yield* this.narrowed();
    if (contents?.length === 0) return;
    const { since, until, cause } = this.query;
    let before: VersionId | undefined;
    for (let limit = firstPageSize; ; limit = pageSize) {
      const page = await this.source.searchable.versions({
        limit,
        ...(contents && { contents }),
        ...(since !== undefined && { since }),
        ...(until !== undefined && { until }),
        ...(cause !== undefined && { cause }),
        ...(before !== undefined && { before }),
      });
      const meant = page.filter(({ path }) => this.isMeant(path));
      yield* this.readAhead(meant.flatMap(({ state, before: earlier }) => [state, earlier]).filter(isContent));
      for (const version of meant) {
        yield* this.hitsOf(version);
        yield undefined;
      }
      before = page.at(-1)?.id;
      if (before === undefined || page.length < limit) return;
    }
  }

  /** Uses the index: returns the contents that may match, if they are few, so that only their files are searched. */
  private async *narrowed(): AsyncGenerator<undefined, readonly number[] | undefined> {
    if (!this.matcher.canUseIndex) return undefined;
    const find = (lines: string): Promise<readonly number[]> => this.matcher.linesToHave(lines);
    const { matching, unindexed } = await this.source.searchable.narrow(find, this.stop.signal);
    const candidates = new Set([...matching, ...unindexed.map(({ key }) => key)]);
    this.matches.narrowTo(candidates);
    if (unindexed.length > maxReadFirst) return undefined;
    for (const content of unindexed) {
      yield undefined;
      await this.slicer.pause();
      if ((await this.matchesIn(content)).length === 0) candidates.delete(content.key);
    }
    if (candidates.size > maxNarrowed) return undefined;
    const few = [...candidates];
    this.live.narrowTo(few);
    return few;
  }

  /** Reads contents in the order in which the store has them, which is many times faster than by time. */
  private async *readAhead(contents: readonly SearchedContent[]): AsyncGenerator<undefined> {
    for (const content of [...contents].sort((a, b) => a.place - b.place)) {
      yield undefined;
      await this.slicer.pause();
      await this.matchesIn(content);
    }
  }

  /** None where the content cannot be read. */
  private async matchesIn(content: SearchedContent): Promise<readonly LineMatch[]> {
    try {
      return await this.matches.of(content);
    } catch (error) {
      if (!(error instanceof ObbyError) || error.code !== 'storeFailed') throw error;
      return [];
    }
  }

  private async *hitsOf(searched: SearchedVersion): AsyncGenerator<SearchHitRecord> {
    await this.slicer.pause();
    const { state, before } = searched;
    // Where the lines are unknown, so is what became of them; the next known version shows it.
    if (state === 'unknown' || isSame(state, before)) return;
    const found = await this.changesOf(state, before);
    if (found.length === 0) return;
    const wanted = found.filter(({ change }) => isWanted(change, this.query.where));
    if (wanted.length === 0) return;
    const version = await this.versionOf(searched.id);
    if (version === undefined) return;
    for (const { match, change } of wanted) {
      const isLost = !(await this.live.has(match.key, typeof state === 'string' ? undefined : state));
      if (this.query.where === 'lost' && !isLost) continue;
      const { key: _key, ...shown } = match;
      yield { version, ...shown, change, isLost };
    }
  }

  private async changesOf(state: SearchedState, before: SearchedState): Promise<MatchChange[]> {
    try {
      const now = await this.matchesOf(state);
      if (before === 'unknown') return now.map((match) => ({ match, change: 'present' }));
      return changesBetween(await this.matchesOf(before), now);
    } catch (error) {
      if (!(error instanceof ObbyError) || error.code !== 'storeFailed') throw error;
      this.unreadable++;
      return [];
    }
  }

  private async matchesOf(state: SearchedState): Promise<readonly LineMatch[]> {
    return typeof state === 'string' ? [] : this.matches.of(state);
  }

  /** Undefined for a version that was dropped meanwhile. */
  private async versionOf(id: VersionId): Promise<VersionRecord | undefined> {
    try {
      return await this.source.version(id);
    } catch (error) {
      if (error instanceof ObbyError && error.code === 'notFound') return undefined;
      throw error;
    }
  }
}

function isContent(state: SearchedState): state is SearchedContent {
  return typeof state !== 'string';
}

function isSame(state: SearchedState, before: SearchedState): boolean {
  if (typeof state === 'string' || typeof before === 'string') return state === before;
  return state.key === before.key;
}

function isWanted(change: LineFate, where: FolderSearchQuery['where'] = 'any'): boolean {
  if (where === 'any') return true;
  return where === 'lost' ? change === 'removed' : change === where;
}

function pathMatcher(path: string | undefined): (path: string) => boolean {
  if (path === undefined) return () => true;
  const rules = new Rules({ watch: path, ignores: [] });
  const [problem] = rules.problems;
  if (problem !== undefined) throw new ObbyError('badArgument', `path: ${problem.message}`);
  return (each) => rules.isWatched(each);
}
