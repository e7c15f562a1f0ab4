import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Catalog } from './catalog';
import { removeCatalog, saveCatalog, type CatalogFileDeps } from './catalogFile';
import type { Ownership } from '../sync/ownership';
import { pageBytes } from '../database/pageSums';
import { stampsFileName, writeStamps } from './stampsFile';
import type { Zstd } from '../codec/zstd';
import { Sequencer } from '../../base/sequencer';

/** The catalog is saved when nothing was recorded for this long... */
const idleMs = 20_000;
/** ...after at least this many changes... */
const manyChanges = 2_000;
/** ...and without waiting when this much of it is in memory only. */
const maxChangedBytes = 32 << 20;
/** A catalog up to this size is saved on closing after any change; a larger one only after many changes. */
const smallBytes = 8 << 20;
/** A catalog up to this size (some 15,000 versions) is rebuilt at each opening, in some 300 ms; only stamps are saved. */
export const unsavedCatalogBytes = 4 << 20;

export interface CatalogSaverDeps extends CatalogFileDeps {
  readonly catalog: Catalog;
  readonly zstd: Zstd;
  readonly clock: Clock;
  readonly log: Log;
  readonly ownership: Ownership;
  /** Why nothing may be written, as a message; absent when the folder is writable. */
  readonly readOnly?: string;
  /** Default {@link unsavedCatalogBytes}. */
  readonly unsavedCatalogBytes?: number;
  /** Whether the catalog is complete. */
  readonly isWhole: () => boolean;
}

/** Saves the catalog when it is idle and on closing. It can be rebuilt, so a failure costs only time. */
export class CatalogSaver {
  private readonly turn = new Sequencer();
  /** How many of the catalog's changes are saved. */
  private saved = 0;
  private isClosing = false;
  private cancel: () => void = () => undefined;

  constructor(private readonly deps: CatalogSaverDeps) {
    this.saveWhenIdle();
    // At once, in case this process is killed: the next opening might notice the damage as late as this one.
    this.deps.catalog.damaged.then(() => this.turn.run(() => this.discard())).catch(this.warn);
  }

  saveWhenIdle(): void {
    const { catalog, clock, readOnly } = this.deps;
    this.cancel();
    if (readOnly !== undefined || this.isClosing || this.unsaved < manyChanges) return;
    if (catalog.pages.changedBytes > maxChangedBytes) this.saveDetached();
    else this.cancel = clock.after(idleMs, () => this.saveDetached());
  }

  private saveDetached(): void {
    this.save().catch(this.warn);
  }

  save(): Promise<void> {
    return this.turn.run(() => this.saveNow());
  }

  /** Removes every saved copy, then saves it; rejects when an old copy cannot be removed. */
  removeAndSave(): Promise<void> {
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

  /** Removes the saved catalog, so that the next opening rebuilds it. */
  private async discard(): Promise<void> {
    if (this.deps.readOnly === undefined) await removeCatalog(this.deps);
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
    const stamps = catalog.headStamps();
    if (stamps.length === 0) await files.remove(`${dir}/${stampsFileName}`);
    else await writeStamps(this.deps, stamps, ownership.name);
    await removeCatalog(this.deps);
  }

  private readonly warn = (error: unknown): void =>
    this.deps.log.warn(`The catalog was not saved, or not removed: ${messageOf(error)}`);
}
