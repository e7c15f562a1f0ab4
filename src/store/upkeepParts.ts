import type { CatalogQueries } from './catalogQueries';
import type { CatalogSaver } from './catalogSaver';
import type { CatalogWalk } from './catalogWalk';
import type { StoreProblem } from './contract';
import type { Owners } from './owners';
import type { RewriterParts } from './rewriter';
import type { StoreSizes } from './storeSizes';

/** What every kind of upkeep works with. */
export interface UpkeepParts extends RewriterParts {
  readonly sizes: StoreSizes;
  readonly queries: CatalogQueries;
  readonly walk: CatalogWalk;
  readonly saver: CatalogSaver;
  readonly report: (problem: StoreProblem) => void;
  readonly owners: Owners;
  /** Runs work that concerns no other window while this one does not record. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Why nothing may be written; absent when it may. */
  readonly readOnly?: string;
  /** Brings the catalog up to date with the folder. */
  readonly refresh: () => Promise<void>;
}
