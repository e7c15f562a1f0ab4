import type { CatalogQueries } from '../catalog/catalogQueries';
import type { CatalogSaver } from '../catalog/catalogFile';
import type { CatalogWalk } from '../catalog/catalogWalk';
import type { StoreProblem } from '../../model/historyStore';
import type { Owners } from '../sync/owners';
import type { RewriterDeps } from './rewriter';
import type { StoreSizes } from '../format/storeFormat';

/** What all parts of maintenance use. */
export interface MaintenanceDeps extends RewriterDeps {
  readonly sizes: StoreSizes;
  readonly queries: CatalogQueries;
  readonly walk: CatalogWalk;
  readonly saver: CatalogSaver;
  readonly report: (problem: StoreProblem) => void;
  readonly owners: Owners;
  /** Runs work while this window does not record; others may. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Why nothing may be written; absent when it may. */
  readonly readOnly?: string;
  /** Brings the catalog up to date with the folder. */
  readonly refresh: () => Promise<void>;
}
