import type { SqlJsStatic } from 'sql.js';
import { causes } from '../model/version';
import type { Codec, DeltaBase, EncodedContent } from './codec';
import { encodings } from './contentRow';
import { encodeMark, type Mark } from './mark';
import { withTrailer } from './pageSums';
import type { SegmentMeta } from './segment';
import { segmentFormat, segmentSchema } from './segmentSchema';
import { Sqlite } from './sqlite';
import { parseVersionId } from './versionKey';
import { flagsOf, kinds, unstoredReasons, type FileKey, type VersionRow } from './versionRow';

/** Contents up to this size share a block when they stand on no other. */
const maxPartBytes = 64 << 10;
/** A block is closed once it holds this much: what must be unpacked to read the smallest content in it. */
const blockBytes = 256 << 10;

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
  private block: Uint8Array[] = [];
  private blockSize = 0;
  private blocks = 0;
  private total = 0;

  constructor(
    sql: SqlJsStatic,
    private readonly codec: Codec,
  ) {
    this.sqlite = Sqlite.inMemory(sql);
    this.sqlite.script(segmentSchema);
    this.sqlite.script('BEGIN');
  }

  /** Bytes of contents so far, as they are stored. */
  get bytes(): number {
    return this.total;
  }

  content(sha256: string): Placed | undefined {
    return this.contents.get(sha256);
  }

  /** Adds a content that is not there yet, against `base` if that pays. */
  addContent(sha256: string, bytes: Uint8Array, base: DeltaBase | undefined): void {
    const encoded = this.codec.encode(bytes, base, 'small');
    const n = this.contents.size + 1;
    if (encoded.encoding === 'zstd' && bytes.length <= maxPartBytes) this.addPart(n, sha256, bytes);
    else this.addRow(n, sha256, bytes.length, encoded);
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
    this.closeBlock();
    const { id, made, replaces, forgets } = meta;
    const entries = { format: segmentFormat, id, made, replaces: JSON.stringify(replaces), forgets: forgets ? 1 : 0 };
    for (const [key, value] of Object.entries(entries)) this.sqlite.run('INSERT INTO meta VALUES (?, ?)', key, value);
    this.sqlite.script('COMMIT');
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

  private addPart(n: number, sha256: string, bytes: Uint8Array): void {
    this.insertContent(n, sha256, bytes.length, encodings.indexOf('part'), {
      base: this.blocks + 1,
      at: this.blockSize,
    });
    // A copy: a caller's buffer may change before the block is closed.
    this.block.push(new Uint8Array(bytes));
    this.blockSize += bytes.length;
    if (this.blockSize >= blockBytes) this.closeBlock();
  }

  private closeBlock(): void {
    if (this.block.length === 0) return;
    const body = this.codec.block(Buffer.concat(this.block));
    this.sqlite.run('INSERT INTO blocks VALUES (?, ?, ?)', ++this.blocks, this.blockSize, body);
    this.total += body.length;
    this.block = [];
    this.blockSize = 0;
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
