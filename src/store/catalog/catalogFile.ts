import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../../base/errors';
import { Catalog } from './catalog';
import { CatalogDamage, Sqlite } from '../disk/sqlite';
import { catalogVersion } from './catalogSchema';
import { crc32 } from '../../base/crc32';
import { writeFileInParts, readWhole, replaceStoreFile, type FilePort } from '../disk/filePort';
import { PagedBytes } from '../disk/pagedBytes';
import { trailerOf, pageBytes } from '../disk/pageSums';
import type { SavedStamp } from './catalogRows';
import type { Zstd } from '../format/zstd';
import type { Clock } from '../../base/clock';
import type { Log } from '../../base/log';
import type { Ownership } from '../sync/ownership';
import { Sequencer } from '../../base/sequencer';

/** A SQLite file with the checksums of its pages after the last one; see pageSums.ts. */
export const catalogFileName = 'catalog.sqlite';
/** Pages written between two turns of the event loop. */
const pagesAtOnce = 512;

/** The saved catalog, or why it cannot be used; neither when there is none that this version of Obby can use. */
export interface LoadedCatalog {
  readonly catalog?: Catalog;
  readonly damage?: string;
}

export interface CatalogFileDeps {
  readonly sql: SqlJsStatic;
  readonly zstd: Zstd;
  readonly files: FilePort;
  readonly dir: string;
}

/** Reads the catalog as it was last saved. */
export async function loadCatalog(deps: CatalogFileDeps): Promise<LoadedCatalog> {
  try {
    const pages = await openPages(deps);
    const catalog = pages && catalogIn(deps.sql, pages);
    return catalog === undefined ? {} : { catalog };
  } catch (error) {
    return { damage: messageOf(error) };
  }
}

/** An empty catalog, to be filled from journals and segments. */
export function newCatalog(sql: SqlJsStatic): Catalog {
  const sqlite = Sqlite.inMemory(sql);
  Catalog.create(sqlite);
  const pages = PagedBytes.of(sqlite.export());
  sqlite.close();
  return new Catalog(pagedSqlite(sql, pages), pages);
}

function pagedSqlite(sql: SqlJsStatic, pages: PagedBytes): Sqlite {
  return Sqlite.paged(sql, pages, { damageOf: (what) => new CatalogDamage(what) });
}

/** Removes the saved catalog, so that the next opening rebuilds it. */
export async function removeCatalog({ files, dir }: Pick<CatalogFileDeps, 'files' | 'dir'>): Promise<void> {
  await files.remove(`${dir}/${catalogFileName}`);
}

/** Saves the catalog; `owner` makes the temporary file's name unique. The catalog can be used and changed meanwhile. */
export async function saveCatalog(catalog: Catalog, { files, dir }: CatalogFileDeps, owner: string): Promise<void> {
  const { pages } = catalog;
  const snapshot = pages.snapshot();
  try {
    const path = `${dir}/${catalogFileName}`;
    const sums = new Uint32Array(snapshot.pages);
    await writeFileInParts(files, path, partsOf(snapshot, sums), `${path}.${owner}.tmp`);
    pages.saved(files.openSync(path), sums);
  } catch (error) {
    pages.notSaved();
    throw error;
  }
}

function* partsOf(snapshot: ReturnType<PagedBytes['snapshot']>, sums: Uint32Array): Generator<Uint8Array> {
  for (let from = 0; from < snapshot.pages; from += pagesAtOnce) {
    const count = Math.min(pagesAtOnce, snapshot.pages - from);
    const pages = Array.from({ length: count }, (_, n) => snapshot.read(from + n));
    for (const [n, page] of pages.entries()) sums[from + n] = crc32(page);
    yield Buffer.concat(pages);
  }
  yield trailerOf(sums);
}

/** Undefined when there is no file; throws when it is damaged. */
async function openPages({ files, dir }: CatalogFileDeps): Promise<PagedBytes | undefined> {
  const path = `${dir}/${catalogFileName}`;
  if ((await files.stat(path)) === undefined) return undefined;
  const file = files.openSync(path);
  const pages = PagedBytes.open(file);
  if (pages?.mendedPages === 0) return pages;
  file.close();
  throw new Error(pages === undefined ? 'its checksums are wrong' : 'a bit of it is wrong');
}

/** Undefined when another version of Obby saved it. */
function catalogIn(sql: SqlJsStatic, pages: PagedBytes): Catalog | undefined {
  const sqlite = pagedSqlite(sql, pages);
  try {
    const version = sqlite.get("SELECT value FROM meta WHERE key = 'version'")?.[0];
    if (version === catalogVersion) return new Catalog(sqlite, pages);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  sqlite.close();
  return undefined;
}

const stampsFileName = 'stamps.json.zst';
const maxStampsBytes = 16 << 20;
const stampsLevel = 9;

/** Saves what a catalog holds and cannot be rebuilt from journals and segments: only hints. */
async function writeStamps(
  { files, zstd, dir }: CatalogFileDeps,
  stamps: readonly SavedStamp[],
  owner: string,
): Promise<void> {
  const path = `${dir}/${stampsFileName}`;
  const text = JSON.stringify(stamps.map(({ path: at, version, stamp }) => [at, version, stamp]));
  await replaceStoreFile(files, path, zstd.compress(Buffer.from(text), stampsLevel), `${path}.${owner}.tmp`);
}

/** Empty when the file is missing or damaged: files are then read again to know whether they changed. */
export async function readStamps({ files, zstd, dir }: CatalogFileDeps): Promise<SavedStamp[]> {
  try {
    const bytes = await readWhole(files, `${dir}/${stampsFileName}`);
    if (bytes === undefined) return [];
    const rows: unknown = JSON.parse(Buffer.from(zstd.unpack(bytes, maxStampsBytes)).toString('utf8'));
    return Array.isArray(rows) ? rows.flatMap(stampIn) : [];
  } catch {
    return [];
  }
}

function stampIn(row: unknown): SavedStamp[] {
  if (!Array.isArray(row)) return [];
  const [path, version, stamp] = row as unknown[];
  const isStamp = typeof path === 'string' && typeof version === 'string' && typeof stamp === 'string';
  return isStamp ? [{ path, version, stamp }] : [];
}

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
