import type { CatalogEntry } from '../catalog/catalogBatch';
import { versionRowOf } from '../catalog/catalogWalk';
import type { ContentLink } from '../codec/contentLink';
import { encodings } from '../codec/contentRow';
import { validateDraft } from '../format/validateDraft';
import { ReadableRows, type Table } from './readableRows';
import { decodeChain, type ContentDeps } from './segmentContents';
import { readAnnotations } from './segmentEntries';
import type { Sqlite, SqlRow } from '../database/sqlite';
import type { VersionRow } from '../format/versionRow';

const part = encodings.indexOf('part');

const contents: Table = {
  name: 'contents c',
  key: ['c.n'],
  select: `
    SELECT c.n, c.sha256, CASE WHEN b.n IS NULL THEN length(c.body) ELSE c.size * length(b.body) / b.size END,
      CASE WHEN b.n IS NULL THEN c.base END
    FROM contents c LEFT JOIN blocks b ON c.encoding = ${part} AND b.n = c.base`,
};

const versions: Table = {
  name: 'versions v',
  key: ['v.time', 'v.writer', 'v.sequence'],
  select: `
    SELECT v.time, w.name, v.sequence, b.path, f.nth, p.path, v.kind, v.cause, v.flags, v.size,
      ifnull(v.sha256, (SELECT sha256 FROM contents WHERE n = v.content)), v.unstored, v.added, v.removed,
      r.path, v.detail, v.moment, v.content
    FROM versions v JOIN writers w ON w.n = v.writer JOIN files f ON f.n = v.file JOIN paths b ON b.n = f.born
      JOIN paths p ON p.n = v.path LEFT JOIN paths r ON r.n = v.renamed_from`,
};

/** Where `v.content` stands among what is asked of a version. */
const contentColumn = 17;

const hex = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') : '';

/**
 * Reads segments of formats 1 and 2, which had a row for each version and content. A content was, by its encoding, as
 * now, or `part`, the `size` bytes at `at` of the block `base`: one frame, whose dictionary, in format 2, is the content
 * of which the block says the number in its own `base`.
 */
export class EarlierSegment {
  constructor(
    private readonly id: string,
    private readonly sqlite: Sqlite,
    private readonly deps: ContentDeps,
  ) {}

  /** A content as it stands here; throws when there is none of this number. */
  link(n: number): ContentLink {
    const row = this.sqlite.get('SELECT sha256, size, encoding, base, at, body FROM contents WHERE n = ?', n);
    if (row === undefined) throw new Error(`there is no content ${n}`);
    const [sha256, size, encoding, base, at, body] = row;
    const link = { sha256: hex(sha256), size: Number(size) };
    const how = encodings[Number(encoding)] ?? 'raw';
    if (how === 'part') {
      const from = Number(at);
      return { ...link, encoding: 'raw', body: this.block(Number(base)).slice(from, from + link.size) };
    }
    const bytes = body instanceof Uint8Array ? body : new Uint8Array(0);
    return { ...link, encoding: how, body: bytes, ...(base === null ? {} : { base: { position: Number(base) } }) };
  }

  /** All that can be read; throws at the end when that is not all there was. */
  *entries(isUnchecked: boolean): Generator<CatalogEntry> {
    const rows = new ReadableRows(this.sqlite);
    const depths = new Map<number, number>();
    for (const [n, sha256, length, base] of rows.of(contents)) {
      const depth = typeof base === 'number' ? (depths.get(base) ?? 0) + 1 : 0;
      depths.set(Number(n), depth);
      yield { type: 'content', sha256: hex(sha256), place: { position: Number(n), length: Number(length), depth } };
    }
    for (const values of rows.of(versions)) {
      const row = rows.attempt(() => soundRow(values, isUnchecked));
      if (row !== undefined) yield { type: 'version', row };
    }
    yield* readAnnotations(rows);
    if (rows.damage !== undefined) throw new Error(rows.damage);
  }

  private block(n: number): Uint8Array {
    const { blocks, codec } = this.deps;
    const key = `${this.id} ${n}`;
    const known = blocks.get(key);
    if (known !== undefined) return known;
    // Format 1 had no `base`.
    const [, size, body, base] = this.sqlite.get('SELECT * FROM blocks WHERE n = ?', n) ?? [];
    if (!(body instanceof Uint8Array)) throw new Error(`there is no block ${n}`);
    const stands =
      typeof base === 'number' ? decodeChain(base, (content) => this.before(content, n), codec) : undefined;
    const bytes = codec.unpackBlock(body, Number(size), stands);
    blocks.set(key, bytes);
    return bytes;
  }

  /** A content on which a block stands: in a block before it, or in none. */
  private before(n: number, block: number): ContentLink {
    const [encoding, base] = this.sqlite.get('SELECT encoding, base FROM contents WHERE n = ?', n) ?? [];
    if (encoding === part && Number(base) >= block) throw new Error(`block ${block} stands on itself`);
    return this.link(n);
  }
}

function soundRow(values: SqlRow, isUnchecked: boolean): VersionRow {
  const row = versionRowOf(values);
  // Its content's row is damaged, whether SQLite noticed or not.
  if (typeof values[contentColumn] === 'number' && row.sha256 === undefined) throw new Error('a content is missing');
  const flaw = isUnchecked ? validateDraft(row) : undefined;
  if (flaw !== undefined) throw new Error(`of a version, ${flaw}`);
  return row;
}
