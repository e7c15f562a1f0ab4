import type { Clock } from '../../base/clock';
import type { VersionId } from '../../model/version';
import type { Catalog } from '../catalog/catalog';
import { formatVersionId } from '../format/versionKey';

export interface VersionIdsDeps {
  readonly catalog: Pick<Catalog, 'nextSequence' | 'lastTime'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The part of the ids that is this store's own. */
  readonly writer: string;
}

/** Gives new versions their ids. */
export class VersionIds {
  /** Never used twice, also not after a failure, which may have left versions on the disk. */
  private sequence: number;
  private last: number | undefined;

  constructor(private readonly deps: VersionIdsDeps) {
    this.sequence = deps.catalog.nextSequence(deps.writer);
  }

  /** ms since the epoch. */
  get now(): number {
    return this.deps.clock.now();
  }

  /**
   * The newest time in an id, as far as this window knows; 0 for none. Read late, since a damaged catalog must not keep
   * the store from opening.
   */
  get newest(): number {
    return (this.last ??= this.deps.catalog.lastTime() ?? 0);
  }

  next(time: number): VersionId {
    this.last = Math.max(this.newest, time);
    return formatVersionId({ time, writer: this.deps.writer, sequence: this.sequence++ });
  }
}
