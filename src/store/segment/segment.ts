import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../../base/errors';
import type { CatalogEntry } from '../catalog/catalogBatch';
import type { ContentLink } from '../codec/codec';
import type { SyncReadFile } from '../disk/filePort';
import { PagedBytes } from '../database/pagedBytes';
import { SegmentContents, type ContentDeps } from './segmentContents';
import { SegmentEntries } from './segmentEntries';
import { assertSegmentSchema, segmentFormat, UnknownSegmentFormat } from './segmentSchema';
import { Sqlite } from '../database/sqlite';

/** The table `meta` of a segment. */
export interface SegmentMeta {
  readonly id: string;
  readonly format: number;
  /** Ids of the journals and segments that it replaces. */
  readonly replaces: readonly string[];
  /** What it left out of them was forgotten, and must leave no trace in a catalog either. */
  readonly forgets: boolean;
  /** Set when it could not be read, and this is only a substitute. */
  readonly isMetaUnreadable?: true;
}

export interface SegmentDeps extends ContentDeps {
  readonly sql: SqlJsStatic;
}

const cacheKiB = 1_000;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads one segment. Reading from a damaged page throws `DatabaseDamage`; the rest can be read. */
export class SegmentFile {
  private contents: SegmentContents | undefined;

  private constructor(
    readonly meta: SegmentMeta,
    /** Damage of the whole file: of its `meta`, or of the checksums of its pages. */
    private readonly flaw: string | undefined,
    private readonly pages: PagedBytes,
    private readonly sqlite: Sqlite,
    private readonly deps: SegmentDeps,
  ) {}

  /**
   * Throws when the file is no segment, has another format, or not the given id. With an id, a segment whose `meta` is
   * damaged opens too.
   */
  static open(parts: SegmentDeps, file: SyncReadFile, id?: string): SegmentFile {
    const pages = PagedBytes.open(file) ?? PagedBytes.unchecked(file);
    return SegmentFile.of(parts, pages, openPages(parts.sql, pages), id);
  }

  /** A segment from elsewhere. Throws also when the database has anything else than a segment's tables. */
  static openForeign(parts: SegmentDeps, file: SyncReadFile): SegmentFile {
    const pages = PagedBytes.open(file) ?? PagedBytes.unchecked(file);
    const sqlite = openPages(parts.sql, pages);
    try {
      assertSegmentSchema(sqlite);
    } catch (error) {
      sqlite.close();
      throw error;
    }
    return SegmentFile.of(parts, pages, sqlite);
  }

  private static of(parts: SegmentDeps, pages: PagedBytes, sqlite: Sqlite, id?: string): SegmentFile {
    const sumsFlaw = pages.isUnchecked ? 'the checksums of its pages are wrong' : undefined;
    let meta: SegmentMeta;
    try {
      meta = metaOf(sqlite);
    } catch (error) {
      if (id !== undefined) {
        return new SegmentFile(unreadableMeta(id), sumsFlaw ?? messageOf(error), pages, sqlite, parts);
      }
      sqlite.close();
      throw error;
    }
    const isKnown = meta.format === segmentFormat;
    if (isKnown && (id === undefined || meta.id === id)) return new SegmentFile(meta, sumsFlaw, pages, sqlite, parts);
    sqlite.close();
    throw isKnown ? new Error(`it says that it is ${meta.id}`) : new UnknownSegmentFormat(meta.format);
  }

  /** Number of damaged pages that were corrected while reading. */
  get mendedPages(): number {
    return this.pages.mendedPages;
  }

  /** Reads every page. Returns what is wrong with the file, or with the first damaged page. */
  check(): string | undefined {
    return this.flaw ?? this.pages.check();
  }

  /** The bytes of the database, corrected. */
  database(): Uint8Array {
    const snapshot = this.pages.snapshot();
    this.pages.notSaved();
    return Buffer.concat(Array.from({ length: snapshot.pages }, (_, n) => snapshot.read(n)));
  }

  /** A content by its number; throws when there is none. */
  link(n: number): ContentLink {
    this.contents ??= new SegmentContents(this.meta.id, this.sqlite, this.deps);
    return this.contents.link(n);
  }

  /** All entries that can be read; throws at the end when some could not be. */
  *entries(): Generator<CatalogEntry> {
    const { isUnchecked } = this.pages;
    yield* new SegmentEntries(this.sqlite, this.deps.codec, isUnchecked).read();
    if (this.flaw !== undefined) throw new Error(this.flaw);
  }

  close(): void {
    this.sqlite.close();
  }
}

/** A substitute for `meta` that cannot be read. */
export function unreadableMeta(id: string): SegmentMeta {
  return { id, format: segmentFormat, replaces: [], forgets: false, isMetaUnreadable: true };
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
  const format = meta.get('format');
  if (typeof format !== 'number') throw new Error('its format is missing');
  return {
    id: text(meta.get('id')),
    format,
    replaces: Array.isArray(replaces) ? replaces.filter((id) => typeof id === 'string') : [],
    forgets: meta.get('forgets') === 1,
  };
}
