import type { CatalogEntry } from '../catalog/catalogBatch';
import type { Codec } from '../codec/codec';
import { validateDraft } from '../format/validateDraft';
import { parseAnnotation } from '../format/annotation';
import { ReadableRows, type Table } from './readableRows';
import { contentIn, contentNumber, contentsIn, placeInBlock } from './segmentBlocks';
import type { Sqlite } from '../database/sqlite';
import { decodeVersions } from './versionFrame';
import type { VersionRow } from '../format/versionRow';

const blocks: Table = {
  name: 'blocks',
  key: ['n'],
  select: 'SELECT n, base, contents, length(body) FROM blocks',
};
const versions: Table = { name: 'versions', key: ['n'], select: 'SELECT n, size, frame FROM versions' };
const annotationsTable: Table = { name: 'marks', key: ['rowid'], select: 'SELECT mark FROM marks' };

/** Reads all that a segment holds. Damage costs what stands on damaged pages: all else is read, and only then is it thrown. */
export class SegmentEntries {
  private readonly rows: ReadableRows;
  /** The contents of each block, as the segment lists them. */
  private readonly contents = new Map<number, Uint8Array>();

  constructor(
    sqlite: Sqlite,
    private readonly codec: Codec,
    /** Whether what is read may be wrong. */
    private readonly isUnchecked: boolean,
  ) {
    this.rows = new ReadableRows(sqlite);
  }

  /** Contents first: a version is never there before its content. */
  *read(): Generator<CatalogEntry> {
    yield* this.readContents();
    for (const [, size, frame] of this.rows.of(versions)) {
      if (frame instanceof Uint8Array) yield* this.readVersions(frame, Number(size));
    }
    yield* readAnnotations(this.rows);
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
}

/** Those that can be read. */
export function* readAnnotations(rows: ReadableRows): Generator<CatalogEntry> {
  for (const [json] of rows.of(annotationsTable)) {
    const mark = typeof json === 'string' ? parseAnnotation(json) : undefined;
    if (mark !== undefined) yield { type: 'mark', mark };
  }
}
