import type { Database, SqlJsStatic } from 'sql.js';
import type { Codec } from '../codec/codec';
import { withTrailer } from '../database/pageSums';
import { contentNumber, contentsIn } from './segmentBlocks';
import { packVersions, type FrameContent } from './versionFrame';
import type { VersionRow } from '../format/versionRow';

/** A segment of a portable file. */
export interface ForeignSegment {
  readonly database: Uint8Array;
  readonly rows: readonly VersionRow[];
}

/** The bytes of a foreign segment under a new id, without the versions that are `known`. */
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
    const missing = rows.filter((row) => !known.has(row.id));
    if (known.size > 0) replaceFrames(database, codec, missing);
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
