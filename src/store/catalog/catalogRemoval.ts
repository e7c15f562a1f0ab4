import type { Sqlite } from '../disk/sqlite';
import { kinds } from '../format/versionRow';

const deleted = kinds.indexOf('deleted');

/** Rows removed within one transaction. */
const rowsAtOnce = 2_000;

/**
 * Removes a source from the catalog, with the versions that no other source replaced. Returns false when some are left
 * for the next call.
 */
export function removeSource(sqlite: Sqlite, id: string): boolean {
  const [n, first, last] = sqlite.get('SELECT n, first, last FROM sources WHERE id = ?', id) ?? [];
  if (n === undefined) return true;
  const rows = sqlite.all(
    'SELECT time, writer, sequence, file FROM versions WHERE time BETWEEN ? AND ? AND source = ? LIMIT ?',
    ...[first ?? 0, last ?? 0, n, rowsAtOnce],
  );
  for (const [time, writer, sequence] of rows) {
    const key = [time ?? 0, writer ?? 0, sequence ?? 0];
    sqlite.run('DELETE FROM versions WHERE time = ? AND writer = ? AND sequence = ?', ...key);
    sqlite.run('DELETE FROM pins WHERE time = ? AND writer = ? AND sequence = ?', ...key);
  }
  for (const file of new Set(rows.map((row) => row[3] ?? 0))) settleFile(sqlite, file);
  if (rows.length === rowsAtOnce) return false;
  sqlite.run('DELETE FROM sources WHERE n = ?', n);
  return true;
}

/** Updates a file's row from its remaining versions; deletes it when there are none. */
function settleFile(sqlite: Sqlite, file: string | number | Uint8Array): void {
  const newest = 'ORDER BY v.time DESC, v.writer DESC, v.sequence DESC LIMIT 1';
  if (sqlite.get('SELECT 1 FROM versions WHERE file = ? LIMIT 1', file) === undefined) {
    sqlite.run('DELETE FROM files WHERE n = ?', file);
    return;
  }
  sqlite.run(
    `UPDATE files SET
       stamp = CASE WHEN EXISTS (SELECT 1 FROM versions v
         WHERE v.time = files.time AND v.writer = files.writer AND v.sequence = files.sequence) THEN stamp END,
       (path, alive, time, writer, sequence) = (SELECT v.path, v.kind <> ${deleted}, v.time, v.writer, v.sequence
         FROM versions v WHERE v.file = files.n ${newest}),
       (content, content_time, content_writer, content_sequence) = (SELECT v.content, v.time, v.writer, v.sequence
         FROM versions v WHERE v.file = files.n AND v.kind <> ${deleted} ${newest})
     WHERE n = ?`,
    file,
  );
  // A file with only deletions left has no last content.
  sqlite.run(
    `UPDATE files SET content_time = ifnull(content_time, 0), content_writer = ifnull(content_writer, 0),
       content_sequence = ifnull(content_sequence, 0) WHERE n = ?`,
    file,
  );
}

/** Removes paths and hashes that nothing refers to any more, so that forgotten files leave no trace. */
export function removeTraces(sqlite: Sqlite): void {
  sqlite.script(`
    DELETE FROM contents WHERE (source IS NULL OR source NOT IN (SELECT n FROM sources))
      AND n NOT IN (SELECT content FROM versions WHERE content IS NOT NULL);
    DELETE FROM paths WHERE n NOT IN (
      SELECT path FROM versions UNION SELECT renamed_from FROM versions WHERE renamed_from IS NOT NULL
      UNION SELECT path FROM files UNION SELECT born FROM files)`);
}
