import type { Database, SqlJsStatic } from 'sql.js';
import type { Codec } from '../codec/codec';
import { withTrailer } from '../database/pageSums';
import { contentNumber, contentsIn } from './segmentBlocks';
import { earlierTable } from './segmentSchema';
import { packVersions, type FrameContent } from './versionFrame';
import { parseVersionId } from '../format/versionKey';
import type { VersionRow } from '../format/versionRow';

/** A segment from elsewhere. */
export interface ForeignSegment {
  readonly database: Uint8Array;
  readonly rows: readonly VersionRow[];
}

/** A segment from elsewhere under an id of this store's own, with those of its versions that are not `known`. */
export function renumbered(
  { sql, codec }: { readonly sql: SqlJsStatic; readonly codec: Codec },
  { database: bytes, rows }: ForeignSegment,
  id: string,
  known: ReadonlySet<string>,
): Uint8Array {
  const database = new sql.Database(bytes);
  try {
    database.run("UPDATE meta SET value = ? WHERE key = 'id'", [id]);
    database.run("UPDATE meta SET value = '[]' WHERE key = 'replaces'");
    if (known.size > 0) {
      if (database.exec(earlierTable).length > 0) removeRows(database, known);
      else
        replaceFrames(
          database,
          codec,
          rows.filter((row) => !known.has(row.id)),
        );
    }
    return withTrailer(database.export());
  } finally {
    database.close();
  }
}

function replaceFrames(database: Database, codec: Codec, rows: readonly VersionRow[]): void {
  const contents = new Map<string, FrameContent>();
  for (const [n, list] of database.exec('SELECT n, contents FROM blocks')[0]?.values ?? []) {
    if (!(list instanceof Uint8Array)) continue;
    for (const [place, { sha256, size }] of [...contentsIn(list)].entries()) {
      contents.set(sha256, { n: contentNumber(Number(n), place), sha256, size });
    }
  }
  database.run('DELETE FROM versions');
  for (const [n, { size, frame }] of [...packVersions(codec, rows, (sha256) => contents.get(sha256))].entries()) {
    database.run('INSERT INTO versions VALUES (?, ?, ?)', [n + 1, size, frame]);
  }
}

function removeRows(database: Database, ids: ReadonlySet<string>): void {
  for (const id of ids) {
    const key = parseVersionId(id);
    if (key === undefined) continue;
    database.run(
      'DELETE FROM versions WHERE time = ? AND writer = (SELECT n FROM writers WHERE name = ?) AND sequence = ?',
      [key.time, key.writer, key.sequence],
    );
  }
}
