import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../../base/errors';
import { Catalog } from './catalog';
import { CatalogDamage, Sqlite } from '../database/sqlite';
import { catalogVersion } from './catalogSchema';
import { crc32 } from '../disk/crc32';
import { writeFileInParts, type FilePort } from '../disk/filePort';
import { PagedBytes } from '../database/pagedBytes';
import { trailerOf } from '../database/pageSums';

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
