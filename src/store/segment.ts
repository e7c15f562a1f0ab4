import type { SqlJsStatic } from 'sql.js';
import type { CatalogEntry } from './catalogBatch';
import { versionRowOf } from './catalogWalk';
import type { Codec } from './codec';
import type { ContentLink } from './contents';
import { encodings } from './contentRow';
import type { SyncReadFile } from './filePort';
import { parseMark } from './mark';
import { PagedBytes } from './pagedBytes';
import { segmentFormat } from './segmentSchema';
import { Sqlite } from './sqlite';
import type { VersionRow } from './versionRow';

/** What a segment says of itself. */
export interface SegmentMeta {
  readonly id: string;
  readonly format: number;
  /** Ids of journals and segments whose place it takes. */
  readonly replaces: readonly string[];
  /** What they held besides was forgotten, and shall leave no trace in a catalog either. */
  readonly forgets: boolean;
}

const cacheKiB = 1_000;
const nothing = new Uint8Array(0);

const hex = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') : '';
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads one segment. What stands on a damaged page throws `DatabaseDamage`; the rest can be read. */
export class Segment {
  private lastBlock: { readonly n: number; readonly bytes: Uint8Array } | undefined;

  private constructor(
    readonly meta: SegmentMeta,
    private readonly pages: PagedBytes,
    private readonly sqlite: Sqlite,
    private readonly codec: Codec,
  ) {}

  /** Throws when the file is no segment, or not that of an id, or is damaged where it says so. */
  static open(sql: SqlJsStatic, codec: Codec, file: SyncReadFile, id?: string): Segment {
    const pages = PagedBytes.open(file);
    if (pages === undefined) {
      file.close();
      throw new Error('the checksums of its pages are damaged');
    }
    const sqlite = Sqlite.paged(sql, pages, cacheKiB);
    try {
      const meta = metaOf(sqlite);
      if (id !== undefined && meta.id !== id) throw new Error(`it says that it is ${meta.id}`);
      return new Segment(meta, pages, sqlite, codec);
    } catch (error) {
      sqlite.close();
      throw error;
    }
  }

  get isNewer(): boolean {
    return this.meta.format > segmentFormat;
  }

  /** Pages that had one wrong bit, which was put right while reading. */
  get mendedPages(): number {
    return this.pages.mendedPages;
  }

  /** Reads every page; what is wrong with the first that is damaged. */
  check(): string | undefined {
    return this.pages.check();
  }

  /** All of the database, wrong bits put right. */
  database(): Uint8Array {
    const snapshot = this.pages.snapshot();
    this.pages.notSaved();
    return Buffer.concat(Array.from({ length: snapshot.pages }, (_, n) => snapshot.read(n)));
  }

  /** A content as it stands here; throws when there is none of this number. */
  link(n: number): ContentLink {
    const row = this.sqlite.get('SELECT sha256, size, encoding, base, at, body FROM contents WHERE n = ?', n);
    if (row === undefined) throw new Error(`there is no content ${n}`);
    const [sha256, size, encoding, base, at, body] = row;
    const link = { sha256: hex(sha256), size: Number(size) };
    const how = encodings[Number(encoding)] ?? 'raw';
    if (how === 'part') {
      const from = Number(at);
      return { ...link, encoding: 'raw', body: this.block(Number(base)).subarray(from, from + link.size) };
    }
    const bytes = body instanceof Uint8Array ? body : nothing;
    return { ...link, encoding: how, body: bytes, ...(base === null ? {} : { base: { position: Number(base) } }) };
  }

  /** All that the catalog shall know, contents first: a version is never there before its content. */
  *entries(): Generator<CatalogEntry> {
    yield* this.contents();
    for (const row of this.versions()) yield { type: 'version', row };
    for (const [json] of this.sqlite.each('SELECT mark FROM marks')) {
      const mark = parseMark(text(json));
      if (mark !== undefined) yield { type: 'mark', mark };
    }
  }

  close(): void {
    this.sqlite.close();
  }

  private *contents(): Generator<CatalogEntry> {
    const depths = new Map<number, number>();
    const rows = this.sqlite.each(
      `SELECT c.n, c.sha256, CASE WHEN b.n IS NULL THEN length(c.body) ELSE c.size * length(b.body) / b.size END,
              CASE WHEN b.n IS NULL THEN c.base END
       FROM contents c LEFT JOIN blocks b ON c.encoding = ${encodings.indexOf('part')} AND b.n = c.base ORDER BY c.n`,
    );
    for (const [n, sha256, length, base] of rows) {
      const depth = typeof base === 'number' ? (depths.get(base) ?? 0) + 1 : 0;
      depths.set(Number(n), depth);
      yield { type: 'content', sha256: hex(sha256), place: { position: Number(n), length: Number(length), depth } };
    }
  }

  private *versions(): Generator<VersionRow> {
    const rows = this.sqlite.each(
      `SELECT v.time, w.name, v.sequence, b.path, f.nth, p.path, v.kind, v.cause, v.flags, v.size,
              ifnull(v.sha256, (SELECT sha256 FROM contents WHERE n = v.content)), v.unstored, v.added, v.removed,
              r.path, v.detail, v.moment
       FROM versions v JOIN writers w ON w.n = v.writer JOIN files f ON f.n = v.file JOIN paths b ON b.n = f.born
         JOIN paths p ON p.n = v.path LEFT JOIN paths r ON r.n = v.renamed_from
       ORDER BY v.time, v.writer, v.sequence`,
    );
    for (const row of rows) yield versionRowOf(row);
  }

  private block(n: number): Uint8Array {
    if (this.lastBlock?.n === n) return this.lastBlock.bytes;
    const row = this.sqlite.get('SELECT body, size FROM blocks WHERE n = ?', n);
    if (!(row?.[0] instanceof Uint8Array)) throw new Error(`there is no block ${n}`);
    const bytes = this.codec.unpackBlock(row[0], Number(row[1]));
    this.lastBlock = { n, bytes };
    return bytes;
  }
}

function metaOf(sqlite: Sqlite): SegmentMeta {
  const meta = new Map(sqlite.all('SELECT key, value FROM meta').map(([key, value]) => [text(key), value]));
  const replaces: unknown = JSON.parse(text(meta.get('replaces')));
  return {
    id: text(meta.get('id')),
    format: Number(meta.get('format')),
    replaces: Array.isArray(replaces) ? replaces.filter((id) => typeof id === 'string') : [],
    forgets: meta.get('forgets') === 1,
  };
}
