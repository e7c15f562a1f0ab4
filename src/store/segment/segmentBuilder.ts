import type { SqlJsStatic } from 'sql.js';
import type { Codec, DeltaBase } from '../codec/codec';
import { encodings } from '../codec/contentRow';
import { encodeAnnotation, type Annotation } from '../format/annotation';
import { withTrailer } from '../database/pageSums';
import type { SegmentMeta } from './segment';
import { SegmentBlocks, type PlacedContent } from './segmentBlocks';
import { segmentFormat, segmentSchema } from './segmentSchema';
import { Sqlite } from '../database/sqlite';
import { packVersions, type FrameContent } from './versionFrame';
import type { VersionRow } from '../format/versionRow';

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
