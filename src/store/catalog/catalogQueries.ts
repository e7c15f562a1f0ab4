import {
  causes,
  type PageQuery,
  type FolderRecentQuery,
  type VersionId,
  type VersionRecord,
} from '../../model/version';
import type { Catalog } from './catalog';
import { contentKey } from './catalogSchema';
import type { Head, HeadStamp } from '../../model/historyStore';
import {
  headColumns,
  HeadRows,
  hexOf,
  optional,
  optionalNumber,
  recordOf,
  columnText,
  versionColumns,
  wordAt,
} from './catalogRows';
import type { Sqlite, SqlRow } from '../disk/sqlite';
import { parseVersionId } from '../format/versionKey';
import { kinds, unstoredReasons } from '../format/versionRow';

const maxLimit = 10_000;
const forgotten = unstoredReasons.indexOf('forgotten');
export const newestFirst = 'ORDER BY v.time DESC, v.writer DESC, v.sequence DESC';

const ofFile = 'FROM versions v WHERE v.file = ?';
const atPathExcept = 'FROM versions v WHERE v.path = (SELECT n FROM paths WHERE path = ?) AND v.file <> ?';
/** No row of `files` has this number. */
const noFile = 0;

/** The newest version of each file, if it is also the newest at its path. */
export const headsFrom = headsFromOf('files f CROSS JOIN paths p ON p.n = f.path');
/** The same, beginning with the paths. The planner has no statistics and would read every living file. */
const headsAtPaths = headsFromOf('paths p CROSS JOIN files f ON f.path = p.n');

function headsFromOf(filesAndPaths: string): string {
  return `
  FROM ${filesAndPaths}
  CROSS JOIN versions v ON v.time = f.time AND v.writer = f.writer AND v.sequence = f.sequence
  WHERE +f.alive = 1 AND NOT EXISTS (SELECT 1 FROM versions o WHERE o.path = f.path
    AND (o.time, o.writer, o.sequence) > (f.time, f.writer, f.sequence))`;
}

/** Queries of lists and timelines; {@link HistoryStore} documents them. */
export class CatalogQueries {
  private readonly headRows = new HeadRows();

  constructor(private readonly catalog: Pick<Catalog, 'sqlite'>) {}

  private get sqlite(): Sqlite {
    return this.catalog.sqlite;
  }

  version(id: VersionId): VersionRecord | undefined {
    const key = parseVersionId(id);
    if (key === undefined) return undefined;
    const row = this.sqlite.get(
      `SELECT ${versionColumns} FROM versions v
       WHERE v.time = ? AND v.writer = (SELECT n FROM writers WHERE name = ?) AND v.sequence = ?`,
      key.time,
      key.writer,
      key.sequence,
    );
    return row === undefined ? undefined : recordOf(row);
  }

  /** The columns of a version that reading its content needs. */
  contentOf(id: VersionId): Pick<VersionRecord, 'path' | 'time' | 'kind' | 'unstored' | 'sha256'> | undefined {
    const key = parseVersionId(id);
    if (key === undefined) return undefined;
    const row = this.sqlite.get(
      `SELECT (SELECT path FROM paths WHERE n = v.path), v.kind, v.unstored, (SELECT sha256 FROM contents WHERE n = v.content)
       FROM versions v WHERE v.time = ? AND v.writer = (SELECT n FROM writers WHERE name = ?) AND v.sequence = ?`,
      ...[key.time, key.writer, key.sequence],
    );
    if (row === undefined) return undefined;
    const [path, kind, unstored, sha256] = row;
    return {
      path: columnText(path),
      time: key.time,
      kind: wordAt(kinds, kind, 'modified'),
      ...(typeof unstored === 'number' ? optional('unstored', unstoredReasons[unstored]) : {}),
      ...optional('sha256', hexOf(sha256)),
    };
  }

  /** The present or last path of a version's file. */
  pathOf(id: VersionId): string | undefined {
    const key = parseVersionId(id);
    if (key === undefined) return undefined;
    const row = this.sqlite.get(
      `SELECT p.path FROM versions v JOIN files f ON f.n = v.file JOIN paths p ON p.n = f.path
       WHERE v.time = ? AND v.writer = (SELECT n FROM writers WHERE name = ?) AND v.sequence = ?`,
      ...[key.time, key.writer, key.sequence],
    );
    return row === undefined ? undefined : columnText(row[0]);
  }

  heads(folder: string): Head[] {
    const rows =
      folder === ''
        ? this.sqlite.all(`SELECT ${headColumns} ${headsFrom} ORDER BY p.path`)
        : // '0' is the character after '/'.
          this.sqlite.all(
            `SELECT ${headColumns} ${headsAtPaths} AND p.path > ? AND p.path < ? ORDER BY p.path`,
            `${folder}/`,
            `${folder}0`,
          );
    return rows.map((row) => this.headOf(row));
  }

  stamps(folder: string): HeadStamp[] {
    const selected = 'SELECT p.path, f.stamp, v.unstored';
    // '0' is the character after '/'.
    const rows =
      folder === ''
        ? this.sqlite.all(`${selected} ${headsFrom}`)
        : this.sqlite.all(`${selected} ${headsAtPaths} AND p.path > ? AND p.path < ?`, `${folder}/`, `${folder}0`);
    return rows.map(([path, stamp, unstored]) => ({
      path: columnText(path),
      ...(typeof stamp === 'string' ? { stamp } : {}),
      // A forgotten version is not recorded again while the file stays unchanged.
      isUnstored: unstored !== null && unstored !== forgotten,
    }));
  }

  headsOf(sha256: string, limit: number): Head[] {
    const { n, isThere } = contentKey(this.sqlite, sha256);
    // Runs for every new file; preparing to sort no rows would take 100 µs.
    if (!isThere) return [];
    return this.sqlite
      .all(
        `SELECT ${headColumns} ${headsFrom} AND f.content = ?
         AND v.content = f.content ORDER BY p.path LIMIT ?`,
        n,
        bounded(limit),
      )
      .map((row) => this.headOf(row));
  }

  deletionsOf(sha256: string, since: number, limit: number): VersionRecord[] {
    const { n, isThere } = contentKey(this.sqlite, sha256);
    if (!isThere) return [];
    return this.records(
      `${deletionsFrom('+f.alive')} AND f.content = ? AND v.time >= ?`,
      ...[n, since, bounded(limit)],
    );
  }

  deletedFiles(limit: number): VersionRecord[] {
    return this.records(deletionsFrom('f.alive'), bounded(limit));
  }

  versions(path: string, { limit = 100, before, earlier = false }: PageQuery): VersionRecord[] {
    const file = this.fileAt(path, earlier ? undefined : before) ?? noFile;
    const [from, ...selected] = earlier ? ([atPathExcept, path, file] as const) : ([ofFile, file] as const);
    if (before === undefined) return this.records(from, ...selected, bounded(limit));
    if (typeof before === 'number') {
      return this.records(`${from} AND (v.time < ? OR v.at < ?)`, ...selected, before, before, bounded(limit));
    }
    const key = parseVersionId(before);
    if (key === undefined) return [];
    return this.records(
      `${from} AND (v.time, v.writer, v.sequence) < (?, ifnull((SELECT n FROM writers WHERE name = ?), -1), ?)`,
      ...[...selected, key.time, key.writer, key.sequence, bounded(limit)],
    );
  }

  versionAt(path: string, time: number): VersionRecord | undefined {
    // The newest version at the path, unless its file was at another path by then.
    const [record] = this.records(
      `FROM versions v WHERE v.path = (SELECT n FROM paths WHERE path = ?1) AND v.time <= ${lastBy('path', 'v.path')}
       AND NOT EXISTS (SELECT 1 FROM versions o WHERE o.path = v.path AND o.time <= ${lastBy('path', 'v.path')}
         AND (o.time, o.writer, o.sequence) > (v.time, v.writer, v.sequence))
       AND v.path = (SELECT m.path FROM versions m WHERE m.file = v.file AND m.time <= ${lastBy('file', 'v.file')}
         ORDER BY m.time DESC, m.writer DESC, m.sequence DESC LIMIT 1)`,
      path,
      time,
      1,
    );
    return record;
  }

  /** Reads all paths. */
  spellings(path: string): string[] {
    const last = '(SELECT max(v.time) FROM versions v WHERE v.path = p.n)';
    return this.sqlite
      .all(`SELECT p.path, ${last} AS last FROM paths p WHERE p.path = ? COLLATE NOCASE ORDER BY last DESC`, path)
      .flatMap(([each, time]) => (time === null ? [] : columnText(each)));
  }

  recent({ since = 0, until, limit = 50, cause }: FolderRecentQuery): VersionRecord[] {
    const end = until ?? Number.MAX_SAFE_INTEGER;
    const from = `FROM versions v WHERE v.time >= ? AND v.time < ? AND ${recordedAt} < ?`;
    const span = [since, endOfIds(this.sqlite, end), end];
    if (cause === undefined) return this.records(from, ...span, bounded(limit));
    return this.records(`${from} AND v.cause = ?`, ...span, causes.indexOf(cause), bounded(limit));
  }

  counts(): { readonly versions: number; readonly files: number } {
    const count = (sql: string): number => Number(this.sqlite.get(sql)?.[0] ?? 0);
    return { versions: count('SELECT count(*) FROM versions'), files: count(`SELECT count(*) ${headsFrom}`) };
  }

  private headOf(row: SqlRow): Head {
    return this.headRows.headOf(this.sqlite, row);
  }

  /** The file whose history a path shows, or a former one at the path if `before` is one of its versions. */
  fileAt(path: string, before?: VersionId | number): number | undefined {
    const key = typeof before === 'string' ? parseVersionId(before) : undefined;
    if (key !== undefined) {
      const row = this.sqlite.get(
        `SELECT v.file FROM versions v JOIN files f ON f.n = v.file
         WHERE v.time = ? AND v.writer = (SELECT n FROM writers WHERE name = ?) AND v.sequence = ?
           AND f.path = (SELECT n FROM paths WHERE path = ?)`,
        ...[key.time, key.writer, key.sequence, path],
      );
      if (row !== undefined) return optionalNumber(row[0]);
    }
    return optionalNumber(
      this.sqlite.get(
        `SELECT v.file FROM versions v JOIN files f ON f.n = v.file AND f.path = v.path
         WHERE v.path = (SELECT n FROM paths WHERE path = ?) ${newestFirst} LIMIT 1`,
        path,
      )?.[0],
    );
  }

  /** All files that are at a path, or were there last. */
  filesAt(path: string): number[] {
    return this.sqlite
      .all('SELECT n FROM files WHERE path = (SELECT n FROM paths WHERE path = ?)', path)
      .map(([n]) => Number(n));
  }

  /** The last parameter is the limit; `from` takes the others. */
  private records(from: string, ...parameters: (string | number | Uint8Array)[]): VersionRecord[] {
    return this.sqlite.all(`SELECT ${versionColumns} ${from} ${newestFirst} LIMIT ?`, ...parameters).map(recordOf);
  }
}

/**
 * The last version of each deleted file. `+f.alive` keeps SQLite from using the index of living files, where another one
 * gives fewer rows.
 */
function deletionsFrom(alive: 'f.alive' | '+f.alive'): string {
  return `
  FROM files f JOIN versions v ON v.time = f.time AND v.writer = f.writer AND v.sequence = f.sequence
  WHERE ${alive} = 0 AND f.path > 0`;
}

/** When a version was recorded. */
export const recordedAt = 'ifnull(v.at, v.time)';

/** The time in ids before which all versions are that were recorded before a time. */
export function endOfIds(sqlite: Sqlite, until: number): number {
  const last = optionalNumber(sqlite.get('SELECT max(time) FROM versions WHERE at < ?', until)?.[0]);
  return Math.max(until, (last ?? 0) + 1);
}

/**
 * The last time in an id of a path's or file's versions that were recorded by the time `?2`: later than that where the
 * clock had been set back. `+` keeps SQLite to the index of the few such versions.
 */
function lastBy(column: 'path' | 'file', value: string): string {
  return `max(?2, ifnull((SELECT max(l.time) FROM versions l WHERE l.at <= ?2 AND +l.${column} = ${value}), 0))`;
}

function bounded(limit: number): number {
  return Math.max(0, Math.min(limit, maxLimit));
}
