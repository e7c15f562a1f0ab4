import type { VersionId } from '../model/version';
import { CatalogBatch, type CatalogEntry } from './catalogBatch';
import { schema } from './catalogSchema';
import { encodings, type Encoding } from './contentRow';
import type { RecordPlace } from './journalScan';
import type { Sqlite, SqlRow } from './sqlite';
import { formatVersionId } from './versionKey';
import type { FileKey } from './versionRow';

/** Where a content's bytes are. */
export interface StoredContent {
  readonly sha256: string;
  readonly journal: string;
  readonly place: RecordPlace;
  readonly size: number;
  readonly encoding: Encoding;
  readonly depth: number;
  readonly base?: string;
}

/** The file whose history goes on at a path. */
export interface Occupant {
  readonly file: FileKey;
  readonly isAlive: boolean;
  readonly head: VersionId;
  /** Of its newest version. */
  readonly time: number;
  /** SHA-256 of the last content that it had. */
  readonly content?: string;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const hexOf = (value: unknown): string | undefined =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') : undefined;

/**
 * The newest row of a path says which file has it: `SELECT` what of `o` (that row) and `f` (its file) while the file
 * has not moved on. `?1` is the path.
 */
const occupantOf = `
  FROM (SELECT * FROM versions WHERE path = (SELECT n FROM paths WHERE path = ?1)
        ORDER BY time DESC, writer DESC, sequence DESC LIMIT 1) o
  JOIN files f ON f.n = o.file AND f.path = o.path`;

/**
 * What the journals say, in tables: a cache that can be built again from them at any time. Applying the same entries
 * in any order, any number of times, gives the same answers.
 */
export class Catalog {
  private changeCount = 0;

  constructor(readonly sqlite: Sqlite) {}

  /** Counts what was put in since it was made or loaded. */
  get changes(): number {
    return this.changeCount;
  }

  static create(sqlite: Sqlite): Catalog {
    sqlite.script(schema);
    return new Catalog(sqlite);
  }

  /** Remembers entries of one journal and that it was read up to `readTo`. */
  apply(entries: readonly CatalogEntry[], journal: string, readTo: number): void {
    this.sqlite.transaction(() => new CatalogBatch(this.sqlite, journal).add(entries, readTo));
    this.changeCount += entries.length;
  }

  /** How far each journal was read, by id. */
  journals(): ReadonlyMap<string, number> {
    return new Map(this.sqlite.all('SELECT id, read_to FROM journals').map(([id, to]) => [text(id), number(to)]));
  }

  /** How far a journal was read; 0 when it never was. */
  readTo(journal: string): number {
    return number(this.sqlite.get('SELECT read_to FROM journals WHERE id = ?', journal)?.[0]);
  }

  nextSequence(writer: string): number {
    return number(this.sqlite.get('SELECT next FROM writers WHERE name = ?', writer)?.[0]);
  }

  /** Undefined when no history goes on at the path: nothing was ever there, or it moved away. */
  occupant(path: string): Occupant | undefined {
    const row = this.sqlite.get(
      `SELECT (SELECT path FROM paths WHERE n = f.born), f.nth, f.alive, f.time,
              (SELECT name FROM writers WHERE n = f.writer), f.sequence,
              (SELECT sha256 FROM contents WHERE n = f.content) ${occupantOf}`,
      path,
    );
    if (row === undefined) return undefined;
    const [born, nth, alive, time, writer, sequence, sha256] = row;
    const content = hexOf(sha256);
    return {
      file: { born: text(born), nth: number(nth) },
      isAlive: alive === 1,
      head: formatVersionId({ time: number(time), writer: text(writer), sequence: number(sequence) }),
      time: number(time),
      ...(content === undefined ? {} : { content }),
    };
  }

  /** The time of the newest version that was ever at the path; 0 for none. */
  lastTimeAt(path: string): number {
    return number(
      this.sqlite.get('SELECT max(time) FROM versions WHERE path = (SELECT n FROM paths WHERE path = ?)', path)?.[0],
    );
  }

  /** How many histories began at the path. */
  births(path: string): number {
    const row = this.sqlite.get('SELECT max(nth) FROM files WHERE born = (SELECT n FROM paths WHERE path = ?)', path);
    return typeof row?.[0] === 'number' ? row[0] + 1 : 0;
  }

  /** Undefined when the store does not hold these bytes. */
  content(sha256: string): StoredContent | undefined {
    const row = this.sqlite.get(
      `SELECT j.id, c.position, c.length, c.size, c.encoding, c.depth, b.sha256
       FROM contents c JOIN journals j ON j.n = c.journal LEFT JOIN contents b ON b.n = c.base WHERE c.sha256 = ?`,
      Buffer.from(sha256, 'hex'),
    );
    return row === undefined ? undefined : storedContent(sha256, row);
  }

  /** Notes what the heads of paths looked like on disk. */
  setStamps(stamps: readonly { readonly path: string; readonly stamp: string | undefined }[]): void {
    this.sqlite.transaction(() => {
      for (const { path, stamp } of stamps) {
        this.sqlite.run(`UPDATE files SET stamp = ?2 WHERE n = (SELECT f.n ${occupantOf})`, path, stamp ?? null);
      }
    });
    this.changeCount += stamps.length;
  }
}

function storedContent(sha256: string, row: SqlRow): StoredContent {
  const [journal, position, length, size, encoding, depth, base] = row;
  const baseHash = hexOf(base);
  return {
    sha256,
    journal: text(journal),
    place: { position: number(position), length: number(length) },
    size: number(size),
    encoding: encodings[number(encoding)] ?? 'raw',
    depth: number(depth),
    ...(baseHash === undefined ? {} : { base: baseHash }),
  };
}
