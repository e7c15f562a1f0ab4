import { Sqlite } from '../disk/sqlite';
import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../../base/errors';
import type { CatalogEntry } from '../catalog/catalogBatch';
import type { ContentLink, Codec, DeltaBase } from '../format/codec';
import type { SyncReadFile } from '../disk/filePort';
import { PagedBytes } from '../disk/pagedBytes';
import { SegmentContents, SegmentBlocks, type ContentDeps, type PlacedContent } from './segmentBlocks';
import { SegmentEntries } from './segmentEntries';
import { encodings } from '../format/contentEncoding';
import { encodeAnnotation, type Annotation } from '../format/annotation';
import { withTrailer } from '../disk/pageSums';
import { packVersions, type FrameContent } from './versionFrame';
import type { VersionRow } from '../format/versionRow';

/** Raised when an older Obby could not read it correctly, together with the folder's format. */
export const segmentFormat = 3;

/** A segment of a format that this version of Obby does not read; it is left as it is. */
export class UnknownSegmentFormat extends Error {
  override readonly name = 'UnknownSegmentFormat';

  constructor(format: number) {
    super(
      `its format is ${format}, and this version of Obby reads format ${segmentFormat} only: ${
        format > segmentFormat ? 'a newer version of Obby wrote it' : 'a version of Obby before 0.1.0 wrote it'
      }`,
    );
  }
}

/** `OBBS`, so that `file` and SQLite tools recognize a segment. */
const segmentApplication = 0x4f424253;

/**
 * A segment is a SQLite database that never changes.
 *
 * `blocks` have contents one after the other in one body: `contents` lists the hash (32 bytes) and size (u32) of each, and
 * `encoding` is a number of `encodings`, see contentEncoding.ts. The number of a content is 1024 times that of its block, plus
 * its place (0-based). `base` is the number of a content in an earlier block.
 *
 * `versions` are zstd frames of `size` bytes, each with up to 512 versions, by time; see versionFrame.ts.
 *
 * `meta` holds `format`, `id`, `made` (ms) and `replaces`, the ids of the sources that it replaces, as JSON;
 * `forgets` is 1 when something of them was forgotten.
 */
const tables = [
  'CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID',
  'CREATE TABLE versions(n INTEGER PRIMARY KEY, size INTEGER NOT NULL, frame BLOB NOT NULL)',
  `CREATE TABLE blocks(
    n INTEGER PRIMARY KEY, encoding INTEGER NOT NULL, base INTEGER, contents BLOB NOT NULL, body BLOB NOT NULL)`,
  'CREATE TABLE marks(mark TEXT NOT NULL)',
];

const segmentSchema = `PRAGMA application_id = ${segmentApplication};\n${tables.join(';\n')};\n`;

/** Throws unless a database has the tables of a segment and nothing else: its views and triggers would run. */
function assertSegmentSchema(sqlite: Sqlite): void {
  const found = sqlite
    .all('SELECT type, sql FROM sqlite_master')
    .map(([type, sql]) => `${String(type)} ${String(sql)}`);
  const expected = tables.map((sql) => `table ${sql}`);
  if (found.length === tables.length && expected.every((each) => found.includes(each))) return;
  throw new Error('its tables are not those of an exported history');
}

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

/** Builds a segment from versions, contents and annotations. */
export class SegmentBuilder {
  private readonly sqlite: Sqlite;
  private readonly contents = new Map<string, PlacedContent>();
  private readonly blocks: SegmentBlocks;

  constructor(
    sql: SqlJsStatic,
    private readonly codec: Codec,
  ) {
    this.sqlite = Sqlite.inMemory(sql);
    this.sqlite.script(segmentSchema);
    this.sqlite.script('BEGIN');
    this.blocks = new SegmentBlocks(codec, ({ n, encoding, base, contents, body }) => {
      const values = [n, encodings.indexOf(encoding), base ?? null, contents, body];
      this.sqlite.run('INSERT INTO blocks VALUES (?, ?, ?, ?, ?)', ...values);
    });
  }

  content(sha256: string): PlacedContent | undefined {
    return this.contents.get(sha256);
  }

  /** Adds a new content; `last` is the content before it in its file, undefined where a file begins. */
  addContent(sha256: string, bytes: Uint8Array, last: DeltaBase | undefined): void {
    const placed = last && this.contents.get(last.sha256);
    this.contents.set(sha256, this.blocks.add({ sha256, bytes }, last && placed && { ...last, ...placed }));
  }

  /** Adds all versions, by time, after their contents; calls `onFrame` between frames. */
  async addVersions(rows: readonly VersionRow[], onFrame: () => Promise<void>): Promise<void> {
    let n = 0;
    for (const { size, frame } of packVersions(this.codec, rows, (sha256) => this.numbered(sha256))) {
      this.sqlite.run('INSERT INTO versions VALUES (?, ?, ?)', ++n, size, frame);
      await onFrame();
    }
  }

  addAnnotation(annotation: Annotation): void {
    this.sqlite.run('INSERT INTO marks VALUES (?)', Buffer.from(encodeAnnotation(annotation)).toString('utf8'));
  }

  /** Returns the bytes of the file, and ends the builder. */
  finish(meta: Omit<SegmentMeta, 'format'> & { readonly made: number }): Uint8Array {
    this.blocks.close();
    const { id, made, replaces, forgets } = meta;
    const entries = { format: segmentFormat, id, made, replaces: JSON.stringify(replaces), forgets: forgets ? 1 : 0 };
    for (const [key, value] of Object.entries(entries)) this.sqlite.run('INSERT INTO meta VALUES (?, ?)', key, value);
    this.sqlite.script('COMMIT');
    return withTrailer(this.sqlite.export());
  }

  close(): void {
    this.sqlite.close();
  }

  private numbered(sha256: string): FrameContent | undefined {
    const placed = this.contents.get(sha256);
    return placed && { ...placed, sha256 };
  }
}
