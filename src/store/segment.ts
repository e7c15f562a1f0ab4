import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../model/errors';
import type { ByteCache } from './byteCache';
import type { CatalogEntry } from './catalogBatch';
import type { Codec } from './codec';
import type { ContentLink } from './contentLink';
import { encodings } from './contentRow';
import type { SyncReadFile } from './filePort';
import { PagedBytes } from './pagedBytes';
import { SegmentEntries } from './segmentEntries';
import { segmentFormat } from './segmentSchema';
import { Sqlite } from './sqlite';

/** What a segment says of itself. */
export interface SegmentMeta {
  readonly id: string;
  readonly format: number;
  /** Ids of journals and segments whose place it takes. */
  readonly replaces: readonly string[];
  /** What they held besides was forgotten, and shall leave no trace in a catalog either. */
  readonly forgets: boolean;
  /** Set where it could not be read, now at least: what it says is not known. */
  readonly isUnsaid?: true;
}

/** What reading segments takes. */
export interface SegmentParts {
  readonly sql: SqlJsStatic;
  readonly codec: Codec;
  /** Unpacked blocks. */
  readonly blocks: ByteCache;
}

const cacheKiB = 1_000;
const nothing = new Uint8Array(0);

const hex = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') : '';
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads one segment. What stands on a damaged page throws `DatabaseDamage`; the rest can be read. */
export class Segment {
  private constructor(
    readonly meta: SegmentMeta,
    /** What is wrong with all of it: what it says of itself, or the sums of its pages. */
    private readonly flaw: string | undefined,
    private readonly pages: PagedBytes,
    private readonly sqlite: Sqlite,
    private readonly parts: SegmentParts,
  ) {}

  /**
   * Throws when the file is no segment, or not that of an id. Of one that damage keeps from saying so, an id is believed;
   * what can be read of it can be read.
   */
  static open(parts: SegmentParts, file: SyncReadFile, id?: string): Segment {
    const pages = PagedBytes.open(file) ?? PagedBytes.unchecked(file);
    const sqlite = openPages(parts.sql, pages);
    const sumsFlaw = pages.isUnchecked ? 'the checksums of its pages are wrong' : undefined;
    let meta: SegmentMeta;
    try {
      meta = metaOf(sqlite);
    } catch (error) {
      if (id !== undefined) {
        return new Segment(unsaidMeta(id), sumsFlaw ?? messageOf(error), pages, sqlite, parts);
      }
      sqlite.close();
      throw error;
    }
    if (id === undefined || meta.id === id) return new Segment(meta, sumsFlaw, pages, sqlite, parts);
    sqlite.close();
    throw new Error(`it says that it is ${meta.id}`);
  }

  get isNewer(): boolean {
    return this.meta.format > segmentFormat;
  }

  /** Pages that had one wrong bit, which was put right while reading. */
  get mendedPages(): number {
    return this.pages.mendedPages;
  }

  /** Reads every page; what is wrong with the whole, or with the first page that is damaged. */
  check(): string | undefined {
    return this.flaw ?? this.pages.check();
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
      return { ...link, encoding: 'raw', body: this.block(Number(base)).slice(from, from + link.size) };
    }
    const bytes = body instanceof Uint8Array ? body : nothing;
    return { ...link, encoding: how, body: bytes, ...(base === null ? {} : { base: { position: Number(base) } }) };
  }

  /** All that the catalog shall know and that can be read; throws at the end when that is not all there was. */
  *entries(): Generator<CatalogEntry> {
    yield* new SegmentEntries(this.sqlite, this.pages.isUnchecked).read();
    if (this.flaw !== undefined) throw new Error(this.flaw);
  }

  close(): void {
    this.sqlite.close();
  }

  private block(n: number): Uint8Array {
    const key = `${this.meta.id} ${n}`;
    const known = this.parts.blocks.get(key);
    if (known !== undefined) return known;
    const row = this.sqlite.get('SELECT * FROM blocks WHERE n = ?', n);
    const [, size, body, base] = row ?? [];
    if (!(body instanceof Uint8Array)) throw new Error(`there is no block ${n}`);
    const bytes = this.parts.codec.unpackBlock(
      body,
      Number(size),
      typeof base === 'number' ? this.base(base, n) : undefined,
    );
    this.parts.blocks.set(key, bytes);
    return bytes;
  }

  /** The content that a block stands on: in a block before it, or in a chain of its own. */
  private base(from: number, block: number): Uint8Array {
    const links: ContentLink[] = [];
    for (let n: number | undefined = from; n !== undefined;) {
      const [encoding, stands] = this.sqlite.get('SELECT encoding, base FROM contents WHERE n = ?', n) ?? [];
      if (encodings[Number(encoding)] === 'part' && Number(stands) >= block)
        throw new Error(`block ${block} stands on itself`);
      const link = this.link(n);
      links.unshift(link);
      const next = link.base !== undefined && 'position' in link.base ? link.base.position : undefined;
      if (next !== undefined && next >= n) throw new Error(`content ${n} stands on itself`);
      n = next;
    }
    return this.parts.codec.decode(links);
  }
}

/** What is taken for said where damage keeps a segment from saying it. */
export function unsaidMeta(id: string): SegmentMeta {
  return { id, format: segmentFormat, replaces: [], forgets: false, isUnsaid: true };
}

function openPages(sql: SqlJsStatic, pages: PagedBytes): Sqlite {
  try {
    return Sqlite.paged(sql, pages, { cacheKiB });
  } catch (error) {
    pages.close();
    throw error;
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
