import { messageOf } from '../../base/errors';
import type { Sqlite, SqlRow } from '../disk/sqlite';
import type { CatalogEntry } from '../catalog/catalogBatch';
import type { Codec } from '../format/codec';
import { validateDraft, type VersionRow } from '../format/versionRow';
import { parseAnnotation } from '../format/annotation';
import { contentIn, contentNumber, contentsIn, placeInBlock } from './segmentBlocks';
import { decodeVersions } from './versionFrame';

/** How to read a table: its name, the key columns, and the query without conditions. */
interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly select: string;
}

/** Reads tables as far as possible: skips rows on damaged pages, and keeps the first damage. */
class ReadableRows {
  /** The first damage. */
  damage: string | undefined;

  constructor(private readonly sqlite: Sqlite) {}

  *of(table: Table): Generator<SqlRow> {
    try {
      yield* this.sqlite.each(`${table.select} ORDER BY ${table.key.join(', ')}`);
    } catch (error) {
      this.damage ??= messageOf(error);
      yield* this.readable(table);
    }
  }

  /** The result of `work`, or undefined when it fails. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.damage ??= messageOf(error);
      return undefined;
    }
  }

  /** The rows that can be read, found by their keys from both ends, each read on its own. */
  private *readable({ name, key, select }: Table): Generator<SqlRow> {
    const known = new Set<string>();
    const one = `${select} WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`;
    for (const order of ['ASC', 'DESC']) {
      const sorted = key.map((column) => `${column} ${order}`).join(', ');
      const keys = this.sqlite.each(`SELECT ${key.join(', ')} FROM ${name} ORDER BY ${sorted}`);
      for (let next = this.attempt(() => keys.next()); next?.done === false; next = this.attempt(() => keys.next())) {
        const { value } = next;
        if (known.has(value.join(' '))) continue;
        known.add(value.join(' '));
        const row = this.attempt(() => this.sqlite.get(one, ...value));
        if (row !== undefined) yield row;
      }
    }
  }
}

const blocks: Table = {
  name: 'blocks',
  key: ['n'],
  select: 'SELECT n, base, contents, length(body) FROM blocks',
};
const versions: Table = { name: 'versions', key: ['n'], select: 'SELECT n, size, frame FROM versions' };
const annotationsTable: Table = { name: 'marks', key: ['rowid'], select: 'SELECT mark FROM marks' };

/** Reads all entries of a segment. Skips what is on damaged pages, and throws the damage at the end. */
export class SegmentEntries {
  private readonly rows: ReadableRows;
  /** The list `contents` of each block. */
  private readonly contents = new Map<number, Uint8Array>();

  constructor(
    sqlite: Sqlite,
    private readonly codec: Codec,
    /** Whether pages have no checksums, so that values may be wrong. */
    private readonly isUnchecked: boolean,
  ) {
    this.rows = new ReadableRows(sqlite);
  }

  /** Contents first, so that no version exists before its content. */
  *read(): Generator<CatalogEntry> {
    yield* this.readContents();
    for (const [, size, frame] of this.rows.of(versions)) {
      if (frame instanceof Uint8Array) yield* this.readVersions(frame, Number(size));
    }
    yield* this.readAnnotations();
    if (this.rows.damage !== undefined) throw new Error(this.rows.damage);
  }

  private *readContents(): Generator<CatalogEntry> {
    const depths = new Map<number, number>();
    for (const [block, base, contents, length] of this.rows.of(blocks)) {
      if (!(contents instanceof Uint8Array)) continue;
      const n = Number(block);
      this.contents.set(n, contents);
      const depth = typeof base === 'number' ? (depths.get(placeInBlock(base).block) ?? 0) + 1 : 0;
      depths.set(n, depth);
      const list = [...contentsIn(contents)];
      const total = list.reduce((sum, { size }) => sum + size, 0);
      for (const [place, { sha256, size }] of list.entries()) {
        const share = total === 0 ? 0 : Math.floor((size * Number(length)) / total);
        yield { type: 'content', sha256, place: { position: contentNumber(n, place), length: share, depth } };
      }
    }
  }

  private *readVersions(frame: Uint8Array, size: number): Generator<CatalogEntry> {
    const rows = this.rows.attempt(() => [
      ...decodeVersions(this.codec.unpackBlock(frame, size), (n) => {
        const { block, place } = placeInBlock(n);
        const contents = this.contents.get(block);
        return contents && contentIn(contents, place);
      }),
    ]);
    for (const read of rows ?? []) {
      const row = this.rows.attempt(() => this.sound(read()));
      if (row !== undefined) yield { type: 'version', row };
    }
  }

  private sound(row: VersionRow): VersionRow {
    const flaw = this.isUnchecked ? validateDraft(row) : undefined;
    if (flaw !== undefined) throw new Error(`of a version, ${flaw}`);
    return row;
  }
  private *readAnnotations(): Generator<CatalogEntry> {
    for (const [json] of this.rows.of(annotationsTable)) {
      const annotation = typeof json === 'string' ? parseAnnotation(json) : undefined;
      if (annotation !== undefined) yield { type: 'annotation', annotation };
    }
  }
}
