import { TimeSlicer } from '../../base/timeSlicer';
import type {
  NarrowedSearch,
  SearchableStore,
  SearchedContent,
  SearchedPage,
  SearchedVersion,
} from '../../model/search';
import { SearchQueries } from '../catalog/searchQueries';
import type { StoreReader } from '../versions/storeReader';
import type { LineIndex } from './lineIndexFormat';
import { countMarked } from './lineIndexFormat';
import { LineIndexes, type LineIndexesDeps } from './lineIndexes';

/** What searches read of a store. */
export class StoreSearch implements SearchableStore {
  readonly indexes: LineIndexes;
  private readonly queries: SearchQueries;

  constructor(
    private readonly deps: LineIndexesDeps,
    private readonly reader: Pick<StoreReader, 'read'>,
  ) {
    this.indexes = new LineIndexes(deps);
    this.queries = new SearchQueries(deps.catalog);
  }

  versions(page: SearchedPage): Promise<SearchedVersion[]> {
    return this.reader.read(() => this.queries.versions(page));
  }

  liveContents(keys?: readonly number[]): Promise<SearchedContent[]> {
    return this.reader.read(() => this.queries.liveContents(keys));
  }

  async narrow(find: (lines: string) => Promise<readonly number[]>, stop: AbortSignal): Promise<NarrowedSearch> {
    const sources = await this.reader.read(() => this.deps.catalog.sources());
    const matching = new Set<number>();
    const unindexed: SearchedContent[] = [];
    const slices = new TimeSlicer(stop);
    for (const [id, { kind }] of [...sources].reverse()) {
      await slices.pause();
      const index = kind === 'segment' ? await this.indexes.of(id) : undefined;
      if (index === undefined) {
        unindexed.push(...(await this.reader.read(() => this.queries.contentsOf(id))));
        continue;
      }
      const found = await matchingIn(index, find, slices);
      for (const key of found) {
        for (const content of await this.reader.read(() => this.queries.contentsFrom(key))) matching.add(content.key);
      }
      for (const key of index.others) {
        unindexed.push(...(await this.reader.read(() => this.queries.contentsFrom(key))));
      }
    }
    return { matching, unindexed };
  }

  read({ sha256 }: SearchedContent): Promise<Uint8Array> {
    return this.deps.contents.read(sha256);
  }
}

/** The first numbers of the contents with a matching line. */
async function matchingIn(
  { keys, lists, parts }: LineIndex,
  find: (lines: string) => Promise<readonly number[]>,
  slices: TimeSlicer,
): Promise<number[]> {
  const isMarked = new Uint8Array(parts.reduce((sum, { lines }) => sum + lines, 0));
  let [start, count] = [0, 0];
  for (const { lines, text } of parts) {
    for (const line of await find(text)) isMarked[start + line] = 1;
    start += lines;
    await slices.pause();
  }
  if (!isMarked.includes(1)) return [];
  const matching: number[] = [];
  for (const marked of countMarked(lists, isMarked)) {
    const key = keys[count++];
    if (marked > 0 && key !== undefined) matching.push(key);
  }
  return matching;
}
