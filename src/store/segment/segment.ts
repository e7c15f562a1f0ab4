import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../../base/errors';
import type { CatalogEntry } from '../catalog/catalogBatch';
import type { ContentLink } from '../codec/codec';
import type { SyncReadFile } from '../disk/filePort';
import { PagedBytes } from '../database/pagedBytes';
import { SegmentContents, type ContentDeps } from './segmentContents';
import { SegmentEntries } from './segmentEntries';
import { segmentFormat, UnknownSegmentFormat } from './segmentSchema';
import { Sqlite } from '../database/sqlite';

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
export interface SegmentDeps extends ContentDeps {
  readonly sql: SqlJsStatic;
}

const cacheKiB = 1_000;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads one segment. What stands on a damaged page throws `DatabaseDamage`; the rest can be read. */
export class SegmentFile {
  private contents: SegmentContents | undefined;

  private constructor(
    readonly meta: SegmentMeta,
    /** What is wrong with all of it: what it says of itself, or the sums of its pages. */
    private readonly flaw: string | undefined,
    private readonly pages: PagedBytes,
    private readonly sqlite: Sqlite,
    private readonly deps: SegmentDeps,
  ) {}

  /**
   * Throws when the file is no segment, or not that of an id. Of one that damage keeps from saying so, an id is believed;
   * what can be read of it can be read.
   */
  static open(parts: SegmentDeps, file: SyncReadFile, id?: string): SegmentFile {
    const pages = PagedBytes.open(file) ?? PagedBytes.unchecked(file);
    const sqlite = openPages(parts.sql, pages);
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
    this.contents ??= new SegmentContents(this.meta.id, this.sqlite, this.deps);
    return this.contents.link(n);
  }

  /** All that the catalog shall know and that can be read; throws at the end when that is not all there was. */
  *entries(): Generator<CatalogEntry> {
    const { isUnchecked } = this.pages;
    yield* new SegmentEntries(this.sqlite, this.deps.codec, isUnchecked).read();
    if (this.flaw !== undefined) throw new Error(this.flaw);
  }

  close(): void {
    this.sqlite.close();
  }
}

/** What is taken for said where damage keeps a segment from saying it. */
export function unreadableMeta(id: string): SegmentMeta {
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
  const format = meta.get('format');
  if (typeof format !== 'number') throw new Error('its format is missing');
  return {
    id: text(meta.get('id')),
    format,
    replaces: Array.isArray(replaces) ? replaces.filter((id) => typeof id === 'string') : [],
    forgets: meta.get('forgets') === 1,
  };
}
