import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../../base/errors';
import { Catalog } from './catalog';
import { CatalogDamage } from '../database/catalogDamage';
import { catalogVersion } from './catalogSchema';
import { crc32 } from '../disk/crc32';
import { readWhole, replaceStoreFile, writeFileInParts, type FilePort } from '../disk/filePort';
import { memoryFile, PagedBytes } from '../database/pagedBytes';
import { pageBytes, trailerOf } from '../database/pageSums';
import { Sqlite } from '../database/sqlite';
import type { Zstd } from '../codec/zstd';

/** A SQLite file with the sums of its pages behind it, read page by page... */
export const catalogFileName = 'catalog.sqlite';
/** ...or, while it is small, the same as one zstd frame, read as a whole. */
export const packedCatalogFileName = 'catalog.sqlite.zst';
export const catalogFileNames = [catalogFileName, packedCatalogFileName] as const;

/** Up to this size a catalog is packed, and checked as a whole when it is loaded. */
const defaultPackedBytes = 8 << 20;
const packLevel = 5;
/** Pages written between two turns of the event loop. */
const pagesAtOnce = 512;

/** A catalog that could not be used, and why; neither when there was none. */
export interface LoadedCatalog {
  readonly catalog?: Catalog;
  readonly damage?: { readonly file: string; readonly message: string };
}

export interface CatalogFileDeps {
  readonly sql: SqlJsStatic;
  readonly zstd: Zstd;
  readonly files: FilePort;
  readonly dir: string;
  /** Up to this size a catalog is packed; default 8 MB. */
  readonly packedBytes?: number;
}

/** Reads the catalog as it was last saved. */
export async function loadCatalog(parts: CatalogFileDeps): Promise<LoadedCatalog> {
  for (const file of catalogFileNames) {
    try {
      const pages = await openPages(parts, file);
      if (pages === undefined) continue;
      const catalog = catalogIn(parts.sql, pages);
      return catalog === undefined ? {} : { catalog };
    } catch (error) {
      return { damage: { file, message: messageOf(error) } };
    }
  }
  return {};
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

/** Removes what was saved, so that the catalog is built anew at the next opening. */
export async function removeCatalogs({ files, dir }: Pick<CatalogFileDeps, 'files' | 'dir'>): Promise<void> {
  for (const name of catalogFileNames) await files.remove(`${dir}/${name}`);
}

/** Saves the catalog; `owner` makes the temporary name this store's own. It can be used and changed meanwhile. */
export async function saveCatalog(catalog: Catalog, parts: CatalogFileDeps, owner: string): Promise<void> {
  const { files, dir, packedBytes = defaultPackedBytes } = parts;
  const { pages } = catalog;
  const snapshot = pages.snapshot();
  try {
    const isSmall = snapshot.pages * pageBytes <= packedBytes;
    const [name, other] = isSmall ? [packedCatalogFileName, catalogFileName] : [catalogFileName, packedCatalogFileName];
    const [path, temporary] = [`${dir}/${name}`, `${dir}/${name}.${owner}.tmp`];
    const sums = new Uint32Array(snapshot.pages);
    if (isSmall) {
      const bytes = Buffer.concat([...partsOf(snapshot, sums)]);
      await replaceStoreFile(files, path, withChecksum(parts.zstd.compress(bytes, packLevel)), temporary);
      pages.saved(memoryFile(bytes), sums);
    } else {
      await writeFileInParts(files, path, partsOf(snapshot, sums), temporary);
      pages.saved(files.openSync(path), sums);
    }
    await files.remove(`${dir}/${other}`);
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

async function openPages(
  { zstd, files, dir }: CatalogFileDeps,
  name: (typeof catalogFileNames)[number],
): Promise<PagedBytes | undefined> {
  const path = `${dir}/${name}`;
  if ((await files.stat(path)) === undefined) return undefined;
  const isPacked = name === packedCatalogFileName;
  const file = isPacked
    ? memoryFile(zstd.unpack(checked((await readWhole(files, path)) ?? new Uint8Array(0)), defaultPackedBytes * 2))
    : files.openSync(path);
  const pages = PagedBytes.open(file);
  const damage = pages === undefined ? 'its checksums are wrong' : isPacked ? pages.check() : undefined;
  if (damage === undefined && pages?.mendedPages === 0) return pages;
  file.close();
  throw new Error(damage ?? 'a bit of it is wrong');
}

/** A frame that zstd skips: its magic number, its length, and the CRC-32 of the frame before it. */
const checksumHead = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0]);

function withChecksum(frame: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(frame));
  return Buffer.concat([frame, checksumHead, sum]);
}

/** The frame; throws when a bit of the file is wrong. */
function checked(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const end = bytes.length - checksumHead.length - 4;
  if (end < 0 || !withChecksum(bytes.subarray(0, end)).equals(bytes)) throw new Error('its checksum is wrong');
  return bytes.subarray(0, end);
}

/** Undefined when another version of Obby has made it. */
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
