import type { LabelRecord, StorageFacts } from '../../model/historyMaintenance';
import { causes, type Unstored, type VersionId } from '../../model/version';
import type { Catalog } from './catalog';
import { contentKey } from './catalogSchema';
import type { Annotation } from '../format/annotation';
import { TimeSlicer } from '../../base/timeSlicer';
import type { Sqlite, SqlRow } from '../disk/sqlite';
import { columnText, hexOf, optional, optionalNumber, wordAt } from './catalogRows';
import { formatVersionId } from '../format/versionKey';
import { flag, kinds, parseCauseDetail, unstoredReasons, type VersionRow } from '../format/versionRow';

/** Versions read at a time; in between, others may change the catalog. */
const rowsAtOnce = 2_000;

/** The columns of a version that maintenance needs. */
export interface WalkedVersion {
  readonly id: VersionId;
  /** The number of its file. */
  readonly file: number;
  readonly path: string;
  readonly time: number;
  readonly sha256?: string;
  readonly unstored?: Unstored;
}

export type Totals = Pick<
  StorageFacts,
  'versions' | 'fullBytes' | 'contents' | 'pins' | 'labels' | 'oldest' | 'newest'
>;

interface Bounds {
  readonly files?: readonly number[];
  readonly since?: number;
  readonly until?: number;
  readonly source?: number;
}

/** Reads a whole catalog in pages, for maintenance; {@link CatalogQueries} has the fast queries. */
export class CatalogWalk {
  constructor(private readonly catalog: Pick<Catalog, 'sqlite'>) {}

  private get sqlite(): Sqlite {
    return this.catalog.sqlite;
  }

  /** Versions by time. */
  *versions(bounds: Bounds = {}): Generator<WalkedVersion> {
    const columns = `(SELECT path FROM paths WHERE n = v.path), v.unstored, (SELECT sha256 FROM contents WHERE n = v.content), v.file`;
    for (const [time, writer, sequence, path, unstored, sha256, file] of this.walk(columns, '', bounds)) {
      yield {
        id: idOf(time, writer, sequence),
        file: Number(file),
        path: columnText(path),
        time: Number(time),
        ...optional('sha256', hexOf(sha256)),
        ...(typeof unstored === 'number' ? optional('unstored', unstoredReasons[unstored]) : {}),
      };
    }
  }

  /** Versions whose content is missing from the store. */
  *withoutContent(): Generator<Omit<WalkedVersion, 'file'> & { readonly sha256: string }> {
    const columns = `(SELECT path FROM paths WHERE n = v.path), (SELECT sha256 FROM contents WHERE n = v.content)`;
    const condition = `AND v.content IS NOT NULL AND v.unstored IS NULL
      AND NOT EXISTS (SELECT 1 FROM contents c JOIN sources s ON s.n = c.source WHERE c.n = v.content)`;
    for (const [time, writer, sequence, path, sha256] of this.walk(columns, condition, {})) {
      yield {
        id: idOf(time, writer, sequence),
        path: columnText(path),
        time: Number(time),
        sha256: hexOf(sha256) ?? '',
      };
    }
  }

  /** The versions of a source, as far as the catalog has them. */
  *rows(source: string): Generator<VersionRow> {
    const n = this.sourceNumber(source);
    if (n === undefined) return;
    const columns = `
      (SELECT p.path FROM files f JOIN paths p ON p.n = f.born WHERE f.n = v.file), (SELECT nth FROM files WHERE n = v.file),
      (SELECT path FROM paths WHERE n = v.path), v.kind, v.cause, v.flags, v.size,
      (SELECT sha256 FROM contents WHERE n = v.content), v.unstored, v.added, v.removed,
      (SELECT path FROM paths WHERE n = v.renamed_from), v.detail, v.moment, v.mode, v.at`;
    for (const row of this.walk(columns, '', { source: n })) yield versionRowOf(row);
  }

  /** Hashes of the contents of a source, or of all, by position. */
  *contents(source?: string): Generator<string> {
    const sources =
      source === undefined ? this.sqlite.all('SELECT n FROM sources ORDER BY n') : [[this.sourceNumber(source) ?? -1]];
    for (const [n] of sources) {
      const hashes = this.sqlite.all('SELECT sha256 FROM contents WHERE source = ? ORDER BY position', n ?? -1);
      for (const [sha256] of hashes) yield hexOf(sha256) ?? '';
    }
  }

  /** The versions that have a content. */
  *versionsWith(sha256: string): Generator<Omit<WalkedVersion, 'file'>> {
    const { n, isThere } = contentKey(this.sqlite, sha256);
    if (!isThere) return;
    const columns = '(SELECT path FROM paths WHERE n = v.path)';
    for (const [time, writer, sequence, path] of this.walk(
      columns,
      `AND v.content = ${n} AND v.unstored IS NULL`,
      {},
    )) {
      yield { id: idOf(time, writer, sequence), path: columnText(path), time: Number(time), sha256 };
    }
  }

  /** The hashes by the numbers of their rows in `contents`; unknown hashes are left out. */
  keysOf(hashes: readonly string[]): ReadonlyMap<number, string> {
    const keys = new Map<number, string>();
    for (const sha256 of hashes) {
      const { n, isThere } = contentKey(this.sqlite, sha256);
      if (isThere) keys.set(n, sha256);
    }
    return keys;
  }

  /**
   * For each version that is not from one of the sources `except`: the number of its content's row in `contents`, or
   * undefined when it has no stored content.
   */
  *contentsReferredTo(except: readonly string[]): Generator<number | undefined> {
    const numbers = except.flatMap((id) => this.sourceNumber(id) ?? []);
    for (let after = -1; ;) {
      // By ranges of time, since versions come and go meanwhile.
      const until = this.sqlite.get('SELECT time FROM versions WHERE time > ? LIMIT 1 OFFSET 5000', after)?.[0];
      const rows = this.sqlite.all(
        `SELECT content FROM versions WHERE time > ? AND time <= ? AND unstored IS NULL
         AND source NOT IN (${numbers.join(', ')})`,
        ...[after, until ?? Number.MAX_SAFE_INTEGER],
      );
      for (const [content] of rows) yield optionalNumber(content);
      if (until === undefined) return;
      after = Number(until);
    }
  }

  /** All labels and pins, also removed ones. */
  *annotations(): Generator<Annotation> {
    for (const [id, name, time, at, removed] of this.sqlite.all('SELECT id, name, time, at, removed FROM labels')) {
      yield {
        type: 'label',
        id: columnText(id),
        name: columnText(name),
        time: Number(time),
        at: Number(at),
        removed: removed === 1,
      };
    }
    const pins = 'SELECT p.time, w.name, p.sequence, p.at, p.pinned FROM pins p JOIN writers w ON w.n = p.writer';
    for (const [time, writer, sequence, at, pinned] of this.sqlite.all(pins)) {
      const version = idOf(time, writer, sequence);
      yield { type: 'pin', version, at: Number(at), pinned: pinned === 1 };
    }
  }

  /** The numbers of the files that ever had a path which is meant. */
  filesNamed(isMeant: (path: string) => boolean): ReadonlySet<number> {
    const rows = this.sqlite.all('SELECT n, path FROM paths').filter(([, path]) => isMeant(columnText(path)));
    if (rows.length === 0) return new Set();
    const paths = rows.map(([n]) => Number(n)).join(', ');
    const files = `SELECT file FROM versions WHERE path IN (${paths}) OR renamed_from IN (${paths})
      UNION SELECT n FROM files WHERE born IN (${paths})`;
    return new Set(this.sqlite.all(files).map(([n]) => Number(n)));
  }

  /** Every file, with its present or last path. */
  *files(): Generator<{ readonly born: string; readonly nth: number; readonly path: string }> {
    const rows = this.sqlite.all(
      'SELECT b.path, f.nth, p.path FROM files f JOIN paths b ON b.n = f.born JOIN paths p ON p.n = f.path',
    );
    for (const [born, nth, path] of rows) yield { born: columnText(born), nth: Number(nth), path: columnText(path) };
  }

  /** Reads the whole catalog, in slices. */
  async totals(): Promise<Totals> {
    let [versions, fullBytes] = [0, 0];
    const times: number[] = [];
    const slices = new TimeSlicer();
    for (const [time, , , size, content] of this.walk('v.size, v.content', '', {})) {
      versions++;
      if (content !== null) fullBytes += Number(size);
      if (versions === 1) times[0] = Number(time);
      times[1] = Number(time);
      await slices.pause();
    }
    const [oldest, newest] = times;
    const count = (sql: string): number => Number(this.sqlite.get(sql)?.[0] ?? 0);
    return {
      versions,
      fullBytes,
      contents: count('SELECT count(*) FROM contents c JOIN sources s ON s.n = c.source'),
      pins: count('SELECT count(*) FROM pins WHERE pinned = 1'),
      labels: count('SELECT count(*) FROM labels WHERE removed = 0'),
      ...(oldest === undefined ? {} : { oldest }),
      ...(newest === undefined ? {} : { newest }),
    };
  }

  /** Top-level folders (`''`: files at the top), with the stored bytes of their contents, largest first. */
  async folders(): Promise<{ readonly path: string; readonly bytes: number; readonly versions: number }[]> {
    const folders = new Map<string, { bytes: number; versions: number }>();
    const slices = new TimeSlicer();
    const seen = new Set<unknown>();
    const columns = `(SELECT path FROM paths WHERE n = v.path), v.content, (SELECT length FROM contents WHERE n = v.content)`;
    for (const [, , , path, content, length] of this.walk(columns, '', {})) {
      const name = columnText(path).includes('/') ? columnText(path).slice(0, columnText(path).indexOf('/')) : '';
      const folder = folders.get(name) ?? { bytes: 0, versions: 0 };
      folders.set(name, folder);
      folder.versions++;
      // A content of several versions is counted where it came first.
      if (content !== null && !seen.has(content)) folder.bytes += Number(length);
      seen.add(content);
      await slices.pause();
    }
    return [...folders].map(([path, sums]) => ({ path, ...sums })).sort((a, b) => b.bytes - a.bytes);
  }

  labels(): LabelRecord[] {
    return this.sqlite
      .all('SELECT id, name, min(time, at) FROM labels WHERE removed = 0 ORDER BY time DESC, id')
      .map(([id, name, time]) => ({ id: columnText(id), name: columnText(name), time: Number(time) }));
  }

  /** The latest `at` of an annotation; 0 for none. */
  lastAnnotated(): number {
    const last = 'SELECT max(at) FROM (SELECT max(at) AS at FROM labels UNION ALL SELECT max(at) FROM pins)';
    return optionalNumber(this.sqlite.get(last)?.[0]) ?? 0;
  }

  private sourceNumber(id: string): number | undefined {
    return optionalNumber(this.sqlite.get('SELECT n FROM sources WHERE id = ?', id)?.[0]);
  }

  /** Rows of versions: time, writer and sequence, then `columns`. */
  private *walk(columns: string, condition: string, { files, since = 0, until, source }: Bounds): Generator<SqlRow> {
    const conditions = `${files === undefined ? '' : `AND v.file IN (${files.join(', ')})`} ${source === undefined ? '' : `AND v.source = ${source}`}`;
    const ended = until === undefined ? '?5 IS NULL' : '(v.time < ?5 OR v.at < ?5)';
    for (let from: readonly number[] = [since, -1, -1]; ;) {
      const rows = this.sqlite.all(
        `SELECT v.time, v.writer, v.sequence, (SELECT name FROM writers WHERE n = v.writer), ${columns} FROM versions v
         WHERE (v.time, v.writer, v.sequence) > (?1, ?2, ?3) AND ifnull(v.at, v.time) >= ?4 AND ${ended}
         ${conditions} ${condition} ORDER BY v.time, v.writer, v.sequence LIMIT ${rowsAtOnce}`,
        ...[...from, since, until ?? null],
      );
      for (const [time, , sequence, writer, ...rest] of rows) yield [time ?? 0, writer ?? '', sequence ?? 0, ...rest];
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsAtOnce) return;
      from = last.slice(0, 3).map(Number);
    }
  }
}

function idOf(time: unknown, writer: unknown, sequence: unknown): VersionId {
  return formatVersionId({ time: Number(time), writer: columnText(writer), sequence: Number(sequence) });
}

/** The version in a row of {@link CatalogWalk.rows}. */
function versionRowOf(row: SqlRow): VersionRow {
  const [time, writer, sequence, born, nth, path, kind, cause, flags, size, sha256, unstored] = row;
  const [added, removed, renamedFrom, detail, changeSet, mode, at] = row.slice(12);
  const bits = Number(flags);
  const causeDetail = typeof detail === 'string' ? parseCauseDetail(JSON.parse(detail)) : undefined;
  return {
    id: idOf(time, writer, sequence),
    time: Number(at ?? time),
    file: { originPath: columnText(born), generation: Number(nth) },
    path: columnText(path),
    kind: wordAt(kinds, kind, 'modified'),
    cause: wordAt(causes, cause, 'external'),
    confidence: bits & flag.likely ? 'likely' : 'certain',
    size: Number(size),
    eolOnly: (bits & flag.eolOnly) !== 0,
    binary: (bits & flag.binary) !== 0,
    changeSet: columnText(changeSet),
    ...(causeDetail === undefined ? {} : { causeDetail }),
    ...optional('sha256', hexOf(sha256)),
    ...optional('added', optionalNumber(added)),
    ...optional('removed', optionalNumber(removed)),
    ...optional('mode', optionalNumber(mode)),
    ...(typeof unstored === 'number' ? optional('unstored', unstoredReasons[unstored]) : {}),
    ...(typeof renamedFrom === 'string' ? { renamedFrom } : {}),
  };
}
