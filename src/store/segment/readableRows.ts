import { messageOf } from '../../base/errors';
import type { Sqlite, SqlRow } from '../database/sqlite';

/** A table as it is read: its name, the columns that order it and find one row, and what is asked for. */
export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly select: string;
}

/** Reads tables as far as they can be read: damage costs what stands on damaged pages, and is kept in mind. */
export class ReadableRows {
  /** What was wrong first. */
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

  /** Undefined where it fails. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.damage ??= messageOf(error);
      return undefined;
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
}
