import type { CatalogQueries } from './catalogQueries';
import type { CatalogSaver } from './catalogSaver';
import type { CatalogWalk } from './catalogWalk';
import type { StoreProblem } from './contract';
import type { RewriterParts } from './rewriter';
import type { StoreSizes } from './storeSizes';

/** What every kind of upkeep works with. */
export interface UpkeepParts extends RewriterParts {
  readonly sizes: StoreSizes;
  readonly queries: CatalogQueries;
  readonly walk: CatalogWalk;
  readonly saver: CatalogSaver;
  readonly report: (problem: StoreProblem) => void;
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  /** Brings the catalog up to date with the folder. */
  readonly refresh: () => Promise<void>;
}
