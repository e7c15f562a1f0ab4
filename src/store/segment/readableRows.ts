import { messageOf } from '../../base/errors';
import type { Sqlite, SqlRow } from '../database/sqlite';

/** How to read a table: its name, the key columns, and the query without conditions. */
export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly select: string;
}

/** Reads tables as far as possible: skips rows on damaged pages, and keeps the first damage. */
export class ReadableRows {
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
