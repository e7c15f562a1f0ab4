import type { SqlJsStatic } from 'sql.js';
import { causes } from '../model/version';
import type { Codec, DeltaBase, EncodedContent } from './codec';
import { encodings } from './contentRow';
import { encodeMark, type Mark } from './mark';
import { withTrailer } from './pageSums';
import type { SegmentMeta } from './segment';
import { maxPartBytes, SegmentBlocks } from './segmentBlocks';
import { segmentFormat, segmentSchema } from './segmentSchema';
import { Sqlite } from './sqlite';
import { parseVersionId } from './versionKey';
import { flagsOf, kinds, unstoredReasons, type FileKey, type VersionRow } from './versionRow';

/** A content of the segment, as a base for others. */
export interface Placed {
  readonly n: number;
  readonly depth: number;
}

/** Puts versions and contents together into the bytes of a segment. */
export class SegmentBuilder {
  private readonly sqlite: Sqlite;
  private readonly contents = new Map<string, Placed>();
  private readonly numbers = new Map<string, Map<string, number>>();
  private readonly blocks: SegmentBlocks;
  private total = 0;

  constructor(
    sql: SqlJsStatic,
    private readonly codec: Codec,
  ) {
    this.sqlite = Sqlite.inMemory(sql);
    this.sqlite.script(segmentSchema);
    this.sqlite.script('BEGIN');
    this.blocks = new SegmentBlocks(codec, ({ n, size, base }, body) => {
      this.sqlite.run('INSERT INTO blocks VALUES (?, ?, ?, ?)', n, size, body, base ?? null);
      this.total += body.length;
    });
  }

  /** Bytes of contents so far, as they are stored. */
  get bytes(): number {
    return this.total;
  }

  content(sha256: string): Placed | undefined {
    return this.contents.get(sha256);
  }

  /** Adds a content that is not there yet; `last` is the one before it in its file, undefined where a file begins. */
  addContent(sha256: string, bytes: Uint8Array, last: DeltaBase | undefined): void {
    const n = this.contents.size + 1;
    const placed = last && this.contents.get(last.sha256);
    if (bytes.length > 0 && bytes.length <= maxPartBytes && this.codec.shrinks(bytes)) {
      const { block, at, depth } = this.blocks.add(bytes, last && placed && { ...last, n: placed.n });
      this.insertContent(n, sha256, bytes.length, encodings.indexOf('part'), { base: block, at });
      this.contents.set(sha256, { n, depth });
      return;
    }
    const encoded = this.codec.encode(bytes, last, 'small');
    this.addRow(n, sha256, bytes.length, encoded);
    this.contents.set(sha256, { n, depth: encoded.depth });
  }

  addVersion(row: VersionRow): void {
    const key = parseVersionId(row.id);
    if (key === undefined) return;
    const content = row.sha256 === undefined || row.unstored ? undefined : this.contents.get(row.sha256)?.n;
    const elsewhere = content === undefined && row.sha256 !== undefined ? Buffer.from(row.sha256, 'hex') : null;
    this.sqlite.run(
      'INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[
        key.time,
        this.named('writers', key.writer),
        key.sequence,
        this.file(row.file),
        this.named('paths', row.path),
      ],
      ...[kinds.indexOf(row.kind), causes.indexOf(row.cause), flagsOf(row), row.size, content ?? null, elsewhere],
      row.unstored === undefined ? null : unstoredReasons.indexOf(row.unstored),
      ...[row.added ?? null, row.removed ?? null],
      row.renamedFrom === undefined ? null : this.named('paths', row.renamedFrom),
      ...[row.causeDetail === undefined ? null : JSON.stringify(row.causeDetail), row.moment],
    );
  }

  addMark(mark: Mark): void {
    this.sqlite.run('INSERT INTO marks VALUES (?)', Buffer.from(encodeMark(mark)).toString('utf8'));
  }

  /** The bytes of the file; nothing can be added any more. */
  finish(meta: Omit<SegmentMeta, 'format'> & { readonly made: number }): Uint8Array {
    this.blocks.close();
    const { id, made, replaces, forgets } = meta;
    const entries = { format: segmentFormat, id, made, replaces: JSON.stringify(replaces), forgets: forgets ? 1 : 0 };
    for (const [key, value] of Object.entries(entries)) this.sqlite.run('INSERT INTO meta VALUES (?, ?)', key, value);
    this.sqlite.script('COMMIT');
    // Rows came file by file, not in the order of their table, which left a seventh of its pages empty.
    this.sqlite.script('VACUUM');
    return withTrailer(this.sqlite.export());
  }

  close(): void {
    this.sqlite.close();
  }

  private addRow(n: number, sha256: string, size: number, { encoding, base, body }: EncodedContent): void {
    this.insertContent(n, sha256, size, encodings.indexOf(encoding), {
      ...(base === undefined ? {} : { base: this.contents.get(base)?.n ?? null }),
      body,
    });
    this.total += body.length;
  }

  private insertContent(
    n: number,
    sha256: string,
    size: number,
    encoding: number,
    { base = null, at = null, body = null }: { base?: number | null; at?: number | null; body?: Uint8Array | null },
  ): void {
    const hash = Buffer.from(sha256, 'hex');
    this.sqlite.run('INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?, ?)', n, hash, size, encoding, base, at, body);
  }

  private named(table: 'writers' | 'paths', name: string): number {
    return this.numbered(table, name, (n) => this.sqlite.run(`INSERT INTO ${table} VALUES (?, ?)`, n, name));
  }

  private file({ born, nth }: FileKey): number {
    const path = this.named('paths', born);
    return this.numbered('files', `${path} ${nth}`, (n) =>
      this.sqlite.run('INSERT INTO files VALUES (?, ?, ?)', n, path, nth),
    );
  }

  private numbered(table: string, key: string, insert: (n: number) => void): number {
    let known = this.numbers.get(table);
    if (known === undefined) {
      known = new Map<string, number>();
      this.numbers.set(table, known);
    }
    let n = known.get(key);
    if (n === undefined) {
      n = known.size;
      known.set(key, n);
      insert(n);
    }
    return n;
  }
}
