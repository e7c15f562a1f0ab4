import { messageOf } from '../model/errors';
import type { CatalogEntry } from './catalogBatch';
import { versionRowOf } from './catalogWalk';
import { encodings } from './contentRow';
import { flawOf } from './draftCheck';
import { parseMark } from './mark';
import type { Sqlite, SqlRow } from './sqlite';
import type { VersionRow } from './versionRow';

/** A table as it is read: its name, the columns that order it and find one row, and what is asked for. */
interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly select: string;
}

const contents: Table = {
  name: 'contents c',
  key: ['c.n'],
  select: `
    SELECT c.n, c.sha256, CASE WHEN b.n IS NULL THEN length(c.body) ELSE c.size * length(b.body) / b.size END,
      CASE WHEN b.n IS NULL THEN c.base END
    FROM contents c LEFT JOIN blocks b ON c.encoding = ${encodings.indexOf('part')} AND b.n = c.base`,
};

const versions: Table = {
  name: 'versions v',
  key: ['v.time', 'v.writer', 'v.sequence'],
  select: `
    SELECT v.time, w.name, v.sequence, b.path, f.nth, p.path, v.kind, v.cause, v.flags, v.size,
      ifnull(v.sha256, (SELECT sha256 FROM contents WHERE n = v.content)), v.unstored, v.added, v.removed,
      r.path, v.detail, v.moment, v.content
    FROM versions v JOIN writers w ON w.n = v.writer JOIN files f ON f.n = v.file JOIN paths b ON b.n = f.born
      JOIN paths p ON p.n = v.path LEFT JOIN paths r ON r.n = v.renamed_from`,
};

/** Where `v.content` stands among what is asked of a version. */
const contentColumn = 17;

const marks: Table = { name: 'marks m', key: ['m.rowid'], select: 'SELECT m.mark FROM marks m' };

const hex = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : '');

/** Reads all that a segment holds. Damage costs what stands on damaged pages: all else is read, and only then is it thrown. */
export class SegmentEntries {
  private damage: string | undefined;

  constructor(
    private readonly sqlite: Sqlite,
    /** Whether what is read may be wrong. */
    private readonly isUnchecked: boolean,
  ) {}

  /** Contents first: a version is never there before its content. */
  *read(): Generator<CatalogEntry> {
    const depths = new Map<number, number>();
    for (const [n, sha256, length, base] of this.rows(contents)) {
      const depth = typeof base === 'number' ? (depths.get(base) ?? 0) + 1 : 0;
      depths.set(Number(n), depth);
      yield { type: 'content', sha256: hex(sha256), place: { position: Number(n), length: Number(length), depth } };
    }
    for (const values of this.rows(versions)) {
      const row = this.sound(values);
      if (row !== undefined) yield { type: 'version', row };
    }
    for (const [json] of this.rows(marks)) {
      const mark = typeof json === 'string' ? parseMark(json) : undefined;
      if (mark !== undefined) yield { type: 'mark', mark };
    }
    if (this.damage !== undefined) throw new Error(this.damage);
  }

  private sound(values: SqlRow): VersionRow | undefined {
    return this.attempt(() => {
      const row = versionRowOf(values);
      // Its content's row is damaged, whether SQLite noticed or not.
      if (typeof values[contentColumn] === 'number' && row.sha256 === undefined)
        throw new Error('a content is missing');
      const flaw = this.isUnchecked ? flawOf(row) : undefined;
      if (flaw !== undefined) throw new Error(`of a version, ${flaw}`);
      return row;
    });
  }

  private *rows(table: Table): Generator<SqlRow> {
    try {
      yield* this.sqlite.each(`${table.select} ORDER BY ${table.key.join(', ')}`);
    } catch (error) {
      this.damage ??= messageOf(error);
      yield* this.readable(table);
    }
  }

  /** The rows that can be read, looked for from both ends, each asked for by itself. */
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

  private attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.damage ??= messageOf(error);
      return undefined;
    }
  }
}
