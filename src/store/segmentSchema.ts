import { causes } from '../model/version';
import { encodings } from './contentRow';
import { kinds, unstoredReasons } from './versionRow';

/** Raised when an older Obby could not read it rightly; the whole folder's format is raised along with it. */
export const segmentFormat = 2;
/** `OBBS`, so that `file` and SQLite tools tell a segment from other databases. */
export const segmentApplication = 0x4f424253;

/**
 * A segment is a SQLite database that never changes. Numbers of kinds, causes, encodings and reasons are spelled out in
 * `words`; bits of `flags` are 1 only line endings, 2 binary, 4 cause likely. `content` and `base` are numbers of rows of `contents`; a version
 * whose content stands in another file of the store has `sha256` instead.
 *
 * A content is, by its encoding: `raw`, its body; `zstd`, a zstd frame; `delta`, a frame whose dictionary is the content
 * `base`; `splice`, see splice.ts; `part`, the `size` bytes at `at` of the block `base`, which is one frame; its
 * dictionary is the content of which the block says the number in its own `base`. Format 1 had no such base.
 *
 * `meta` holds `format`, `id`, `made` (ms) and `replaces`, the ids of the sources whose place it takes, as JSON;
 * `forgets` is 1 when something of them was forgotten.
 */
export const segmentSchema = `
  PRAGMA application_id = ${segmentApplication};
  CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE words(kind TEXT NOT NULL, n INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY(kind, n)) WITHOUT ROWID;
  CREATE TABLE writers(n INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE paths(n INTEGER PRIMARY KEY, path TEXT NOT NULL);
  CREATE TABLE files(n INTEGER PRIMARY KEY, born INTEGER NOT NULL, nth INTEGER NOT NULL);
  CREATE TABLE versions(
    time INTEGER NOT NULL, writer INTEGER NOT NULL, sequence INTEGER NOT NULL,
    file INTEGER NOT NULL, path INTEGER NOT NULL, kind INTEGER NOT NULL, cause INTEGER NOT NULL,
    flags INTEGER NOT NULL, size INTEGER NOT NULL, content INTEGER, sha256 BLOB, unstored INTEGER,
    added INTEGER, removed INTEGER, renamed_from INTEGER, detail TEXT, moment TEXT NOT NULL,
    PRIMARY KEY(time, writer, sequence)) WITHOUT ROWID;
  CREATE TABLE contents(
    n INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, size INTEGER NOT NULL, encoding INTEGER NOT NULL,
    base INTEGER, at INTEGER, body BLOB);
  CREATE TABLE blocks(n INTEGER PRIMARY KEY, size INTEGER NOT NULL, body BLOB NOT NULL, base INTEGER);
  CREATE TABLE marks(mark TEXT NOT NULL);
  INSERT INTO words VALUES ${words({ kind: kinds, cause: causes, encoding: encodings, unstored: unstoredReasons })};
`;

function words(lists: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(lists)
    .flatMap(([kind, list]) => list.map((word, n) => `('${kind}', ${n}, '${word}')`))
    .join(', ');
}
