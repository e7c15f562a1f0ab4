import { causes } from '../../model/version';
import { kinds } from '../format/versionRow';
import type { Sqlite } from '../disk/sqlite';

/** Raised whenever a table or its meaning changes: a catalog of another version is rebuilt. */
export const catalogVersion = 6;

/** `OBBY`. */
const application = 0x4f424259;

/**
 * Everything follows from the rows of journals and segments, in whatever order they are read. The key of a version is
 * (time, writer, sequence), its id; `versions` and its indexes are sorted by it. `at` is when a version was recorded, where
 * the system's clock was behind that time. `paths.path` is compared as bytes, so
 * that folders are ranges. `contents.n` is made of the first bits of the hash, see {@link contentKey}, which saves an index.
 * Contents of a source that is not in `sources` any more are not stored.
 */
export const schema = `
  CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE sources(
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind INTEGER NOT NULL, read_to INTEGER NOT NULL,
    first INTEGER, last INTEGER);
  CREATE TABLE replaced(id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE writers(n INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, next INTEGER NOT NULL);
  CREATE TABLE paths(n INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL);
  CREATE TABLE contents(
    n INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, source INTEGER, position INTEGER, length INTEGER, depth INTEGER);
  CREATE TABLE files(
    n INTEGER PRIMARY KEY, born INTEGER NOT NULL, nth INTEGER NOT NULL,
    path INTEGER NOT NULL DEFAULT 0, alive INTEGER NOT NULL DEFAULT 0,
    time INTEGER NOT NULL DEFAULT 0, writer INTEGER NOT NULL DEFAULT 0, sequence INTEGER NOT NULL DEFAULT 0,
    content INTEGER, content_time INTEGER DEFAULT 0, content_writer INTEGER DEFAULT 0,
    content_sequence INTEGER DEFAULT 0, stamp TEXT,
    UNIQUE(born, nth));
  CREATE INDEX files_path ON files(path);
  CREATE INDEX files_content ON files(content);
  CREATE INDEX files_alive ON files(alive, time);
  CREATE TABLE versions(
    time INTEGER NOT NULL, writer INTEGER NOT NULL, sequence INTEGER NOT NULL, source INTEGER NOT NULL,
    file INTEGER NOT NULL, path INTEGER NOT NULL, kind INTEGER NOT NULL, cause INTEGER NOT NULL,
    flags INTEGER NOT NULL, size INTEGER NOT NULL, content INTEGER, unstored INTEGER, added INTEGER, removed INTEGER,
    renamed_from INTEGER, detail TEXT, moment TEXT NOT NULL, mode INTEGER, at INTEGER,
    PRIMARY KEY(time, writer, sequence)) WITHOUT ROWID;
  CREATE INDEX versions_file ON versions(file, time);
  CREATE INDEX versions_path ON versions(path, time);
  CREATE INDEX versions_content ON versions(content);
  CREATE INDEX versions_at ON versions(at) WHERE at IS NOT NULL;
  CREATE TABLE labels(
    id TEXT PRIMARY KEY, name TEXT NOT NULL, time INTEGER NOT NULL, at INTEGER NOT NULL, removed INTEGER NOT NULL
    ) WITHOUT ROWID;
  CREATE TABLE pins(
    time INTEGER NOT NULL, writer INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
    pinned INTEGER NOT NULL, PRIMARY KEY(time, writer, sequence)) WITHOUT ROWID;
  CREATE TABLE kinds(n INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE causes(n INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO kinds VALUES ${words(kinds)};
  INSERT INTO causes VALUES ${words(causes)};
  INSERT INTO meta VALUES ('version', ${catalogVersion});
  PRAGMA application_id = ${application};
`;

/** The words behind numbers, for reading the database with other tools. */
function words(names: readonly string[]): string {
  return names.map((name, n) => `(${n}, '${name}')`).join(', ');
}

/** The result of {@link contentKey}. */
interface Found {
  readonly n: number;
  /** Whether the content has this row; if not, it is where the row would go. */
  readonly isThere: boolean;
}

/** Of a hash, in the number of a content. */
export const keyBits = 52;

/**
 * The row number of a content: the first 52 bits of its hash, which fit a JavaScript number, or the next free number if
 * another content has it (at a million contents, the chance of any collision is one in ten thousand).
 */
export function contentKey(sqlite: Sqlite, sha256: string): Found {
  const hash = Buffer.from(sha256, 'hex');
  for (let n = firstKey(sha256); ; n++) {
    const row = sqlite.get('SELECT sha256 FROM contents WHERE n = ?', n);
    if (row === undefined) return { n, isThere: false };
    if (row[0] instanceof Uint8Array && hash.equals(row[0])) return { n, isThere: true };
  }
}

/** The first number to try for a content. */
export function firstKey(sha256: string): number {
  return parseInt(sha256.slice(0, keyBits / 4), 16);
}
