import { causes } from '../model/version';
import { encodings } from './contentRow';
import { kinds } from './versionRow';

/** Raised whenever a table or its meaning changes: another version's catalog is built anew. */
export const catalogVersion = 1;

/** Bits of `versions.flags`. */
export const flag = { eolOnly: 1, binary: 2, likely: 4 } as const;

/**
 * Everything follows from the rows of the journals, whatever the order in which they arrive. A version is known by
 * (time, writer, sequence), which is its id; `versions` is sorted by it. The indexes end with it too.
 * `paths.path` is bytes, so that folders are ranges and any name fits.
 */
export const schema = `
  CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE journals(n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, read_to INTEGER NOT NULL);
  CREATE TABLE writers(n INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, next INTEGER NOT NULL);
  CREATE TABLE paths(n INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL);
  CREATE TABLE contents(
    n INTEGER PRIMARY KEY, sha256 BLOB UNIQUE NOT NULL,
    journal INTEGER, position INTEGER, length INTEGER, size INTEGER, encoding INTEGER, depth INTEGER, base INTEGER);
  CREATE TABLE files(
    n INTEGER PRIMARY KEY, born INTEGER NOT NULL, nth INTEGER NOT NULL,
    path INTEGER NOT NULL DEFAULT 0, alive INTEGER NOT NULL DEFAULT 0,
    time INTEGER NOT NULL DEFAULT 0, writer INTEGER NOT NULL DEFAULT 0, sequence INTEGER NOT NULL DEFAULT 0,
    content INTEGER, content_time INTEGER NOT NULL DEFAULT 0, content_writer INTEGER NOT NULL DEFAULT 0,
    content_sequence INTEGER NOT NULL DEFAULT 0, stamp TEXT,
    UNIQUE(born, nth));
  CREATE INDEX files_path ON files(path);
  CREATE INDEX files_content ON files(content);
  CREATE INDEX files_alive ON files(alive, time);
  CREATE TABLE versions(
    time INTEGER NOT NULL, writer INTEGER NOT NULL, sequence INTEGER NOT NULL,
    file INTEGER NOT NULL, path INTEGER NOT NULL, kind INTEGER NOT NULL, cause INTEGER NOT NULL,
    flags INTEGER NOT NULL, size INTEGER NOT NULL, content INTEGER, unstored INTEGER, added INTEGER, removed INTEGER,
    renamed_from INTEGER, detail TEXT, moment TEXT NOT NULL,
    PRIMARY KEY(time, writer, sequence)) WITHOUT ROWID;
  CREATE INDEX versions_file ON versions(file, time);
  CREATE INDEX versions_path ON versions(path, time);
  CREATE TABLE kinds(n INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE causes(n INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE encodings(n INTEGER PRIMARY KEY, name TEXT NOT NULL);
  INSERT INTO kinds VALUES ${words(kinds)};
  INSERT INTO causes VALUES ${words(causes)};
  INSERT INTO encodings VALUES ${words(encodings)};
  INSERT INTO meta VALUES ('version', ${catalogVersion});
`;

/** Numbers of words, for those who read the database with other tools. */
function words(names: readonly string[]): string {
  return names.map((name, n) => `(${n}, '${name}')`).join(', ');
}
