import type { SqlValue } from 'sql.js';
import { causes } from '../model/version';
import { flag } from './catalogSchema';
import { encodings, type ContentRow } from './contentRow';
import type { RecordPlace } from './journalScan';
import type { Sqlite } from './sqlite';
import { parseVersionId } from './versionKey';
import { kinds, unstoredReasons, type FileKey, type VersionRow } from './versionRow';

/** A record of a journal that the catalog remembers. */
export type CatalogEntry =
  | { readonly type: 'version'; readonly row: VersionRow }
  | { readonly type: 'content'; readonly row: ContentRow; readonly place: RecordPlace };

interface ContentNumber {
  readonly n: number;
  /** Whether its bytes are in a journal. */
  readonly isStored: boolean;
}

function hashOf(sha256: string): Buffer {
  return Buffer.from(sha256, 'hex');
}

/** Puts entries of one journal into a catalog's tables, within one transaction; remembers the numbers it looked up. */
export class CatalogBatch {
  private readonly paths = new Map<string, number>();
  private readonly files = new Map<string, number>();
  private readonly contents = new Map<string, ContentNumber>();
  private readonly writers = new Map<string, { readonly n: number; next: number }>();
  private readonly journal: number;

  constructor(
    private readonly sqlite: Sqlite,
    journalId: string,
  ) {
    this.journal =
      this.find('SELECT n FROM journals WHERE id = ?', journalId) ??
      this.insert('INSERT INTO journals(id, read_to) VALUES (?, 0) RETURNING n', journalId);
  }

  add(entries: readonly CatalogEntry[], readTo: number): void {
    for (const entry of entries) {
      if (entry.type === 'version') this.addVersion(entry.row);
      else this.addContent(entry.row, entry.place);
    }
    for (const { n, next } of this.writers.values()) {
      this.sqlite.run('UPDATE writers SET next = max(next, ?) WHERE n = ?', next, n);
    }
    this.sqlite.run('UPDATE journals SET read_to = ? WHERE n = ?', readTo, this.journal);
  }

  private addVersion(row: VersionRow): void {
    const key = parseVersionId(row.id);
    if (key === undefined) return;
    const { time, sequence } = key;
    const writer = this.writer(key.writer, sequence);
    const path = this.path(row.path);
    const file = this.file(row.file);
    const content = row.sha256 === undefined ? null : this.content(row.sha256).n;
    this.sqlite.run(
      'INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[time, writer, sequence, file, path, kinds.indexOf(row.kind), causes.indexOf(row.cause), flagsOf(row)],
      ...[row.size, content, row.unstored === undefined ? null : unstoredReasons.indexOf(row.unstored)],
      ...[row.added ?? null, row.removed ?? null],
      row.renamedFrom === undefined ? null : this.path(row.renamedFrom),
      ...[row.causeDetail === undefined ? null : JSON.stringify(row.causeDetail), row.moment],
    );
    const isAlive = row.kind !== 'deleted';
    this.sqlite.run(
      `UPDATE files SET path = ?2, alive = ?3, time = ?4, writer = ?5, sequence = ?6, stamp = ?7
       WHERE n = ?1 AND (time, writer, sequence) <= (?4, ?5, ?6)`,
      ...[file, path, isAlive ? 1 : 0, time, writer, sequence, row.stamp ?? null],
    );
    if (!isAlive) return;
    this.sqlite.run(
      `UPDATE files SET content = ?2, content_time = ?3, content_writer = ?4, content_sequence = ?5
       WHERE n = ?1 AND (content_time, content_writer, content_sequence) <= (?3, ?4, ?5)`,
      ...[file, content, time, writer, sequence],
    );
  }

  /** A delta whose base is not there is no content: whoever brings the same bytes again shall store them. */
  private addContent(row: ContentRow, place: RecordPlace): void {
    const { n, isStored } = this.content(row.sha256);
    const base = row.base === undefined ? undefined : this.content(row.base);
    if (isStored || base?.isStored === false) return;
    this.sqlite.run(
      `UPDATE contents SET journal = ?2, position = ?3, length = ?4, size = ?5, encoding = ?6, depth = ?7, base = ?8
       WHERE n = ?1`,
      ...[n, this.journal, place.position, place.length, row.size, encodings.indexOf(row.encoding), row.depth],
      base?.n ?? null,
    );
    this.contents.set(row.sha256, { n, isStored: true });
  }

  private writer(name: string, sequence: number): number {
    let known = this.writers.get(name);
    if (known === undefined) {
      const n =
        this.find('SELECT n FROM writers WHERE name = ?', name) ??
        this.insert('INSERT INTO writers(name, next) VALUES (?, 0) RETURNING n', name);
      known = { n, next: 0 };
      this.writers.set(name, known);
    }
    known.next = Math.max(known.next, sequence + 1);
    return known.n;
  }

  private path(path: string): number {
    return remembered(
      this.paths,
      path,
      () =>
        this.find('SELECT n FROM paths WHERE path = ?', path) ??
        this.insert('INSERT INTO paths(path) VALUES (?) RETURNING n', path),
    );
  }

  private file({ born, nth }: FileKey): number {
    const path = this.path(born);
    return remembered(
      this.files,
      `${path} ${nth}`,
      () =>
        this.find('SELECT n FROM files WHERE born = ? AND nth = ?', path, nth) ??
        this.insert('INSERT INTO files(born, nth) VALUES (?, ?) RETURNING n', path, nth),
    );
  }

  /** Contents are known by hash before, or without, their bytes. */
  private content(sha256: string): ContentNumber {
    return remembered(this.contents, sha256, () => {
      const hash = hashOf(sha256);
      const row = this.sqlite.get('SELECT n, journal FROM contents WHERE sha256 = ?', hash);
      if (row !== undefined) return { n: Number(row[0]), isStored: row[1] !== null };
      const n = this.insert('INSERT INTO contents(sha256) VALUES (?) RETURNING n', hash);
      return { n, isStored: false };
    });
  }

  private find(sql: string, ...parameters: SqlValue[]): number | undefined {
    const row = this.sqlite.get(sql, ...parameters);
    return row === undefined ? undefined : Number(row[0]);
  }

  private insert(sql: string, ...parameters: SqlValue[]): number {
    const n = this.find(sql, ...parameters);
    if (n === undefined) throw new Error(`Nothing was inserted: ${sql}`);
    return n;
  }
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  let value = known.get(key);
  if (value === undefined) {
    value = find();
    known.set(key, value);
  }
  return value;
}

function flagsOf({ eolOnly, binary, sure }: VersionRow): number {
  return (eolOnly ? flag.eolOnly : 0) | (binary ? flag.binary : 0) | (sure === 'likely' ? flag.likely : 0);
}
