import type { SearchableStore, SearchedContent, SearchedPage, SearchedVersion } from '../../model/search';
import { SearchQueries } from '../catalog/searchQueries';
import type { StoreReader, StoreReaderDeps } from './storeReader';

/** What searches read of a store. */
export class StoreSearch implements SearchableStore {
  private readonly queries: SearchQueries;

  constructor(
    private readonly deps: Pick<StoreReaderDeps, 'catalog' | 'contents'>,
    private readonly reader: Pick<StoreReader, 'read'>,
  ) {
    this.queries = new SearchQueries(deps.catalog);
  }

  versions(page: SearchedPage): Promise<SearchedVersion[]> {
    return this.reader.read(() => this.queries.versions(page));
  }

  liveContents(): Promise<SearchedContent[]> {
    return this.reader.read(() => this.queries.liveContents());
  }

  read({ sha256 }: SearchedContent): Promise<Uint8Array> {
    return this.deps.contents.read(sha256);
  }
}
