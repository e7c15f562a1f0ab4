import type { Sqlite } from '../database/sqlite';

/** Raised when an older Obby could not read it correctly, together with the folder's format. */
export const segmentFormat = 3;

/** A segment of a format that this version of Obby does not read; it is left as it is. */
export class UnknownSegmentFormat extends Error {
  override readonly name = 'UnknownSegmentFormat';

  constructor(format: number) {
    super(
      `its format is ${format}, and this version of Obby reads format ${segmentFormat} only: ${
        format > segmentFormat ? 'a newer version of Obby wrote it' : 'a version of Obby before 0.1.0 wrote it'
      }`,
    );
  }
}

/** `OBBS`, so that `file` and SQLite tools recognize a segment. */
const segmentApplication = 0x4f424253;

/**
 * A segment is a SQLite database that never changes.
 *
 * `blocks` have contents one after the other in one body: `contents` lists the hash (32 bytes) and size (u32) of each, and
 * `encoding` is a number of `encodings`, see contentRow.ts. The number of a content is 1024 times that of its block, plus
 * its place (0-based). `base` is the number of a content in an earlier block.
 *
 * `versions` are zstd frames of `size` bytes, each with up to 512 versions, by time; see versionFrame.ts.
 *
 * `meta` holds `format`, `id`, `made` (ms) and `replaces`, the ids of the sources that it replaces, as JSON;
 * `forgets` is 1 when something of them was forgotten.
 */
const tables = [
  'CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID',
  'CREATE TABLE versions(n INTEGER PRIMARY KEY, size INTEGER NOT NULL, frame BLOB NOT NULL)',
  `CREATE TABLE blocks(
    n INTEGER PRIMARY KEY, encoding INTEGER NOT NULL, base INTEGER, contents BLOB NOT NULL, body BLOB NOT NULL)`,
  'CREATE TABLE marks(mark TEXT NOT NULL)',
];

export const segmentSchema = `PRAGMA application_id = ${segmentApplication};\n${tables.join(';\n')};\n`;

/** Throws unless a database has the tables of a segment and nothing else: its views and triggers would run. */
export function assertSegmentSchema(sqlite: Sqlite): void {
  const found = sqlite
    .all('SELECT type, sql FROM sqlite_master')
    .map(([type, sql]) => `${String(type)} ${String(sql)}`);
  const expected = tables.map((sql) => `table ${sql}`);
  if (found.length === tables.length && expected.every((each) => found.includes(each))) return;
  throw new Error('its tables are not those of an exported history');
}
