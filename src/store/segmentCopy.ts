import type { SqlJsStatic } from 'sql.js';
import type { VersionId } from '../model/version';
import { withTrailer } from './pageSums';
import { parseVersionId } from './versionKey';

/** A segment from elsewhere, given its database, under an id of this store's own, without the versions that are there already. */
export function renumbered(
  sql: SqlJsStatic,
  segment: Uint8Array,
  id: string,
  without: Iterable<VersionId>,
): Uint8Array {
  const database = new sql.Database(segment);
  try {
    database.run("UPDATE meta SET value = ? WHERE key = 'id'", [id]);
    database.run("UPDATE meta SET value = '[]' WHERE key = 'replaces'");
    for (const version of without) {
      const key = parseVersionId(version);
      if (key === undefined) continue;
      database.run(
        'DELETE FROM versions WHERE time = ? AND writer = (SELECT n FROM writers WHERE name = ?) AND sequence = ?',
        [key.time, key.writer, key.sequence],
      );
    }
    return withTrailer(database.export());
  } finally {
    database.close();
  }
}
