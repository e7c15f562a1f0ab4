import type { SqlValue } from 'sql.js';
import { causes } from '../../model/version';
import { contentKey } from './catalogSchema';
import type { Annotation } from '../format/annotation';
import type { Sqlite } from '../disk/sqlite';
import { parseVersionId } from '../format/versionKey';
import { flagsOf, kinds, unstoredReasons, type FileKey, type VersionRow } from '../format/versionRow';

/** A record of a journal, or a row of a segment, for the catalog. */
export type CatalogEntry =
  | { readonly type: 'version'; readonly row: VersionRow }
  | { readonly type: 'content'; readonly sha256: string; readonly place: ContentPlace }
  | { readonly type: 'annotation'; readonly annotation: Annotation };

/** Where a content is in its source. */
export interface ContentPlace {
  /** The position of its record in a journal; its number in a segment. */
  readonly position: number;
  /** Bytes that it takes there. */
  readonly length: number;
  /** How many contents must be decoded before it; see contentEncoding.ts. */
  readonly depth: number;
  /** SHA-256 of the base, for a delta in a journal. */
  readonly base?: string;
}

/** Journals and segments, as `sources.kind` numbers them. */
export const sourceKinds = ['journal', 'segment'] as const;
export type SourceKind = (typeof sourceKinds)[number];

export interface EntrySource {
  readonly id: string;
  readonly kind: SourceKind;
  /** Sources whose contents these replace. */
  readonly replaces?: readonly string[];
  /** Whether replaced rows must be overwritten in the catalog's file. */
  readonly forgets?: boolean;
}

interface ContentNumber {
  readonly n: number;
  /** Whether its bytes are in an existing source; undefined until that is queried. */
  isStored?: boolean;
}

/** The values of a file's row as of a version. */
interface FileUpdate {
  /** Time, writer and sequence of the version. */
  readonly order: readonly [number, number, number];
  readonly values: readonly SqlValue[];
}

/** Applies entries of one source to a catalog's tables within one transaction; caches the row numbers that it queried. */
export class CatalogBatch {
  private readonly paths = new Map<string, number>();
  private readonly files = new Map<string, number>();
  private readonly contents = new Map<string, ContentNumber>();
  private readonly writers = new Map<string, { readonly n: number; next: number }>();
  private readonly source: number;
  private readonly replaced: ReadonlySet<number>;
  private readonly heads = new Map<number, FileUpdate>();
  private readonly lastContents = new Map<number, FileUpdate>();
  private first = Infinity;
  private last = -Infinity;

  constructor(
    private readonly sqlite: Sqlite,
    { id, kind, replaces = [] }: EntrySource,
  ) {
    this.source =
      this.find('SELECT n FROM sources WHERE id = ?', id) ??
      this.insert('INSERT INTO sources(id, kind, read_to) VALUES (?, ?, 0) RETURNING n', id, sourceKinds.indexOf(kind));
    const numbers = replaces.map((other) => this.find('SELECT n FROM sources WHERE id = ?', other));
    this.replaced = new Set(numbers.filter((n) => n !== undefined && n !== this.source) as number[]);
  }

  add(entries: readonly CatalogEntry[], readTo: number): void {
    for (const entry of entries) {
      if (entry.type === 'version') this.addVersion(entry.row);
      else if (entry.type === 'content') this.addContent(entry.sha256, entry.place);
      else this.addAnnotation(entry.annotation);
    }
    this.updateFiles();
    for (const { n, next } of this.writers.values()) {
      this.sqlite.run('UPDATE writers SET next = max(next, ?) WHERE n = ?', next, n);
    }
    this.sqlite.run('UPDATE sources SET read_to = ? WHERE n = ?', readTo, this.source);
    if (this.first > this.last) return;
    this.sqlite.run(
      'UPDATE sources SET first = min(ifnull(first, ?1), ?1), last = max(ifnull(last, ?2), ?2) WHERE n = ?3',
      ...[this.first, this.last, this.source],
    );
  }

  private addVersion(row: VersionRow): void {
    const key = parseVersionId(row.id);
    if (key === undefined) return;
    const { time, sequence } = key;
    const writer = this.writer(key.writer, sequence + 1);
    const path = this.path(row.path);
    const file = this.file(row.file);
    const content = row.sha256 === undefined ? null : this.content(row.sha256).n;
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    this.sqlite.run(
      'INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[
        time,
        writer,
        sequence,
        this.source,
        file,
        path,
        kinds.indexOf(row.kind),
        causes.indexOf(row.cause),
        flagsOf(row),
      ],
      ...[row.size, content, row.unstored === undefined ? null : unstoredReasons.indexOf(row.unstored)],
      ...[row.added ?? null, row.removed ?? null],
      row.renamedFrom === undefined ? null : this.path(row.renamedFrom),
      ...[row.causeDetail === undefined ? null : JSON.stringify(row.causeDetail), row.changeSet, row.mode ?? null],
      row.time === time ? null : row.time,
    );
    const isAlive = row.kind !== 'deleted';
    const head: SqlValue[] = [path, isAlive ? 1 : 0, time, writer, sequence, row.stamp ?? null];
    noteLast(this.heads, file, { order: [time, writer, sequence], values: head });
    if (!isAlive) return;
    noteLast(this.lastContents, file, { order: [time, writer, sequence], values: [content, time, writer, sequence] });
  }

  /** Writes only the last version and content of each file of the batch. */
  private updateFiles(): void {
    for (const [file, { values }] of this.heads) {
      this.sqlite.run(
        `UPDATE files SET path = ?2, alive = ?3, time = ?4, writer = ?5, sequence = ?6, stamp = ?7
         WHERE n = ?1 AND (time, writer, sequence) < (?4, ?5, ?6)`,
        ...[file, ...values],
      );
    }
    for (const [file, { values }] of this.lastContents) {
      this.sqlite.run(
        `UPDATE files SET content = ?2, content_time = ?3, content_writer = ?4, content_sequence = ?5
         WHERE n = ?1 AND (content_time, content_writer, content_sequence) <= (?3, ?4, ?5)`,
        ...[file, ...values],
      );
    }
    this.heads.clear();
    this.lastContents.clear();
  }

  /** A delta without its base cannot be read, so it does not count: the same bytes are stored when they are recorded again. */
  private addContent(sha256: string, { position, length, depth, base }: ContentPlace): void {
    if (base !== undefined && !this.isStored(base)) return;
    const place = [this.source, position, length, depth];
    const known = this.contents.get(sha256);
    const { n, isThere } = known === undefined ? contentKey(this.sqlite, sha256) : { n: known.n, isThere: true };
    if (!isThere) {
      const hash = Buffer.from(sha256, 'hex');
      this.sqlite.run('INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?)', n, hash, ...place);
    } else {
      if (this.isStored(sha256)) return;
      this.sqlite.run(
        'UPDATE contents SET source = ?2, position = ?3, length = ?4, depth = ?5 WHERE n = ?1',
        n,
        ...place,
      );
    }
    this.contents.set(sha256, { n, isStored: true });
  }

  private isStored(sha256: string): boolean {
    const content = this.content(sha256);
    content.isStored ??= this.isSourceThere(content.n);
    return content.isStored;
  }

  private isSourceThere(content: number): boolean {
    const source = this.find('SELECT s.n FROM contents c JOIN sources s ON s.n = c.source WHERE c.n = ?', content);
    return source !== undefined && !this.replaced.has(source);
  }

  private addAnnotation(annotation: Annotation): void {
    if (annotation.type === 'label') {
      const { id, name, time, at, removed } = annotation;
      this.sqlite.run(
        `INSERT INTO labels VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
         SET name = excluded.name, time = excluded.time, at = excluded.at, removed = excluded.removed
         WHERE excluded.at >= at`,
        ...[id, name, time, at, removed ? 1 : 0],
      );
      return;
    }
    const key = parseVersionId(annotation.version);
    if (key === undefined) return;
    this.sqlite.run(
      `INSERT INTO pins VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
       SET at = excluded.at, pinned = excluded.pinned WHERE excluded.at >= at`,
      ...[key.time, this.writer(key.writer, 0), key.sequence, annotation.at, annotation.pinned ? 1 : 0],
    );
  }

  private writer(name: string, next: number): number {
    let known = this.writers.get(name);
    if (known === undefined) {
      const n =
        this.find('SELECT n FROM writers WHERE name = ?', name) ??
        this.insert('INSERT INTO writers(name, next) VALUES (?, 0) RETURNING n', name);
      known = { n, next: 0 };
      this.writers.set(name, known);
    }
    known.next = Math.max(known.next, next);
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

  private file({ originPath, generation }: FileKey): number {
    const path = this.path(originPath);
    return remembered(
      this.files,
      `${path} ${generation}`,
      () =>
        this.find('SELECT n FROM files WHERE born = ? AND nth = ?', path, generation) ??
        this.insert('INSERT INTO files(born, nth) VALUES (?, ?) RETURNING n', path, generation),
    );
  }

  /** A content can have a row before, or without, its bytes. */
  private content(sha256: string): ContentNumber {
    return remembered(this.contents, sha256, () => {
      const { n, isThere } = contentKey(this.sqlite, sha256);
      if (isThere) return { n };
      this.sqlite.run('INSERT INTO contents(n, sha256) VALUES (?, ?)', n, Buffer.from(sha256, 'hex'));
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

function noteLast(updates: Map<number, FileUpdate>, file: number, update: FileUpdate): void {
  const known = updates.get(file);
  if (known === undefined || isBefore(known.order, update.order)) updates.set(file, update);
}

function isBefore([time, writer, sequence]: FileUpdate['order'], than: FileUpdate['order']): boolean {
  return (time - than[0] || writer - than[1] || sequence - than[2]) < 0;
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  let value = known.get(key);
  if (value === undefined) {
    value = find();
    known.set(key, value);
  }
  return value;
}
