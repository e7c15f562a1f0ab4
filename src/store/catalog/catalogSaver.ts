import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Catalog } from './catalog';
import { removeCatalogs, saveCatalog, type CatalogFileDeps } from './catalogFile';
import type { Ownership } from '../sync/ownership';
import { pageBytes } from '../database/pageSums';
import { stampsFileName, writeStamps } from './stampsFile';
import { Sequencer } from '../../base/sequencer';

/** The catalog is saved when nothing was recorded for this long... */
const idleMs = 20_000;
/** ...after at least this many changes... */
const manyChanges = 2_000;
/** ...and without waiting when this much of it is in memory only. */
const maxChangedBytes = 32 << 20;
/** A catalog up to this size is saved on closing whatever changed; a larger one is worth it after many changes only. */
const smallBytes = 8 << 20;
/** A catalog up to this size (some 15,000 versions) is built anew at each opening, within some 300 ms; only stamps are saved. */
const unsavedCatalogBytes = 4 << 20;

export interface CatalogSaverDeps extends CatalogFileDeps {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly log: Log;
  readonly ownership: Ownership;
  readonly readOnly?: string;
  /** Default {@link unsavedCatalogBytes}. */
  readonly unsavedCatalogBytes?: number;
  /** Whether the catalog says all that the journals do. */
  readonly isWhole: () => boolean;
}

/** Saves the catalog now and then. It can be built again, so that failing to save it costs time only. */
export class CatalogSaver {
  private readonly turn = new Sequencer();
  /** How many of the catalog's changes are saved. */
  private saved = 0;
  private isClosing = false;
  private cancel: () => void = () => undefined;

  constructor(private readonly deps: CatalogSaverDeps) {
    this.saveWhenIdle();
    // At once, for the case that this process is killed: the next opening could meet the same damage as late as this.
    void this.deps.catalog.damaged.then(() => this.turn.run(() => this.discard())).catch(this.warn);
  }

  saveWhenIdle(): void {
    const { catalog, clock, readOnly } = this.deps;
    this.cancel();
    if (readOnly !== undefined || this.isClosing || this.unsaved < manyChanges) return;
    if (catalog.pages.changedBytes > maxChangedBytes) void this.save();
    else this.cancel = clock.after(idleMs, () => void this.save());
  }

  /** Saves it now. */
  save(): Promise<void> {
    return this.turn.run(() => this.saveNow());
  }

  /** Saves it now, after nothing is left of what was saved before, for good; rejects when something is. */
  saveAnew(): Promise<void> {
    return this.turn.run(async () => {
      const { files, dir } = this.deps;
      await this.discard();
      await files.remove(`${dir}/${stampsFileName}`);
      await files.syncDir(dir);
      await this.saveNow();
    });
  }

  async close(): Promise<void> {
    this.cancel();
    this.isClosing = true;
    if (!this.deps.isWhole()) await this.discard();
    else if (this.bytes <= smallBytes || this.unsaved >= manyChanges) await this.save();
  }

  /** Sees to it that what was saved is not used again: the catalog is built anew then. */
  private async discard(): Promise<void> {
    if (this.deps.readOnly === undefined) await removeCatalogs(this.deps);
  }

  private get bytes(): number {
    return this.deps.catalog.pages.pageCount * pageBytes;
  }

  private get unsaved(): number {
    return this.deps.catalog.changes - this.saved;
  }

  private async saveNow(): Promise<void> {
    const { catalog, readOnly, isWhole } = this.deps;
    const { changes } = catalog;
    if (changes === this.saved || readOnly !== undefined || !isWhole()) return;
    try {
      catalog.catchUp();
      const { unsavedCatalogBytes: most = unsavedCatalogBytes } = this.deps;
      if (this.bytes <= most) await this.saveStamps();
      else await this.saveAll();
      this.saved = changes;
    } catch (error) {
      this.warn(error);
      if (catalog.pages.isDamaged || !isWhole()) await this.discard();
    }
  }

  private async saveAll(): Promise<void> {
    const { catalog, ownership, files, dir } = this.deps;
    await saveCatalog(catalog, this.deps, ownership.name);
    await files.remove(`${dir}/${stampsFileName}`);
  }

  private async saveStamps(): Promise<void> {
    const { catalog, ownership, files, dir } = this.deps;
    const marks = catalog.headMarks();
    if (marks.length === 0) await files.remove(`${dir}/${stampsFileName}`);
    else await writeStamps(this.deps, marks, ownership.name);
    await removeCatalogs(this.deps);
  }

  private readonly warn = (error: unknown): void =>
    this.deps.log.warn(`The catalog was not saved, or not removed: ${messageOf(error)}`);
}
