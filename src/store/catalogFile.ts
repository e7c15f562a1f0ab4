import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../model/errors';
import { Catalog } from './catalog';
import { catalogVersion } from './catalogSchema';
import { crc32 } from './crc32';
import { readWhole, replaceFile, type FilePort } from './filePort';
import { Sqlite } from './sqlite';

export const catalogFileName = 'catalog.sqlite';
export const damagedCatalogFileName = 'catalog.damaged.sqlite';

/** Where SQLite keeps `user_version`, which it never uses itself: the file's CRC-32, counted with 0 in its place. */
const checksumAt = 60;
/** Where SQLite keeps `application_id`. */
const applicationAt = 68;
const application = 0x4f424259;
const minBytes = 100;

/** A catalog that could not be used, and why; undefined when there was none. */
export interface LoadedCatalog {
  readonly catalog?: Catalog;
  readonly damage?: string;
}

/** Reads the catalog as it was last saved. */
export async function loadCatalog(sql: SqlJsStatic, files: FilePort, dir: string): Promise<LoadedCatalog> {
  try {
    const bytes = await readWhole(files, `${dir}/${catalogFileName}`);
    if (bytes === undefined) return {};
    if (!hasChecksum(bytes)) return { damage: 'its checksum is wrong' };
    const sqlite = new Sqlite(new sql.Database(bytes));
    const version = sqlite.get("SELECT value FROM meta WHERE key = 'version'")?.[0];
    if (version === catalogVersion) return { catalog: new Catalog(sqlite) };
    sqlite.close();
    return {};
  } catch (error) {
    return { damage: messageOf(error) };
  }
}

/** An empty catalog, to be filled from the journals. */
export function newCatalog(sql: SqlJsStatic): Catalog {
  return Catalog.create(new Sqlite(new sql.Database()));
}

/** Saves the catalog; `owner` makes the temporary name this store's own. */
export async function saveCatalog(catalog: Catalog, files: FilePort, dir: string, owner: string): Promise<void> {
  const exported = catalog.sqlite.export();
  const bytes = Buffer.from(exported.buffer, exported.byteOffset, exported.length);
  bytes.writeUInt32BE(0, checksumAt);
  bytes.writeUInt32BE(application, applicationAt);
  bytes.writeUInt32BE(crc32(bytes), checksumAt);
  await replaceFile(files, `${dir}/${catalogFileName}`, bytes, `${dir}/${catalogFileName}.${owner}.tmp`);
}

/** Consumes the checksum: the database then has the `user_version` that SQLite gave it. */
function hasChecksum(bytes: Uint8Array): boolean {
  if (bytes.length < minBytes) return false;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const expected = view.readUInt32BE(checksumAt);
  view.writeUInt32BE(0, checksumAt);
  return crc32(view) === expected;
}
