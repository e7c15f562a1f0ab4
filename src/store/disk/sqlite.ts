import { readFile } from 'node:fs/promises';
import type { PagedBytes } from './pagedBytes';
import { pageBytes } from './pageSums';

import initSqlJs, { type Database, type SqlJsStatic, type SqlValue, type Statement } from 'sql.js';

let loading: Promise<SqlJsStatic> | undefined;

/** SQLite in WebAssembly; `wasmDir` holds `sql-wasm.wasm`. One instance serves every database of a thread. */
export function loadSqlite(wasmDir: string): Promise<SqlJsStatic> {
  loading ??= start(wasmDir).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(wasmDir: string): Promise<SqlJsStatic> {
  const wasm = await readFile(`${wasmDir}/sql-wasm.wasm`);
  return initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer });
}

/** A damaged page of a database was read. */
export class DatabaseDamage extends Error {
  override readonly name: string = 'DatabaseDamage';
}

/** A damaged catalog. The next opening rebuilds it. */
export class CatalogDamage extends DatabaseDamage {
  override readonly name = 'CatalogDamage';
}

export type SqlRow = readonly SqlValue[];

/** SQLite's page cache, in KiB. */
const defaultCacheKiB = 8_000;

export interface PagedOptions {
  readonly cacheKiB?: number;
  /** Creates the error for a damaged page. */
  readonly damageOf?: (what: string) => DatabaseDamage;
}

/** A database whose statements are prepared once. Throws {@link DatabaseDamage} when a damaged page is read. */
export class Sqlite {
  private readonly statements = new Map<string, Statement>();
  private readonly damageOf: (what: string) => DatabaseDamage;
  private meetDamage: () => void = () => undefined;
  /** Resolves when a damaged page is read. */
  readonly damaged = new Promise<void>((resolve) => (this.meetDamage = resolve));
  private hasDamage = false;

  private constructor(
    private readonly database: Database,
    private readonly pages: PagedBytes | undefined,
    { cacheKiB = defaultCacheKiB, damageOf = (what) => new DatabaseDamage(what) }: PagedOptions = {},
  ) {
    this.damageOf = damageOf;
    // The "file" is private: it needs no journal file, no locks and no check of the cache. Changes of a transaction stay
    // in the cache until it is committed, so that a rollback never has to cut the file.
    this.script(
      `PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
       PRAGMA cache_spill = OFF; PRAGMA cache_size = -${cacheKiB}`,
    );
  }

  static inMemory(sql: SqlJsStatic): Sqlite {
    const database = new sql.Database();
    database.exec(`PRAGMA page_size = ${pageBytes}`);
    return new Sqlite(database, undefined);
  }

  /** A database that is read by pages, and whose changes stay in `pages`. */
  static paged(sql: SqlJsStatic, pages: PagedBytes, options?: PagedOptions): Sqlite {
    // sql.js uses only the members that `PagedBytes` has; its types require all.
    return new Sqlite(new sql.Database(pages as unknown as Uint8Array), pages, options);
  }

  /** Whether a damaged page was read. */
  get isDamaged(): boolean {
    return this.hasDamage;
  }

  /** Runs statements without parameters. */
  script(sql: string): void {
    this.checked(() => this.database.exec(sql));
  }

  run(sql: string, ...parameters: SqlValue[]): void {
    this.checked(() => {
      this.prepared(sql).run(parameters);
    });
  }

  get(sql: string, ...parameters: SqlValue[]): SqlRow | undefined {
    return this.checked(() => {
      const statement = this.prepared(sql);
      try {
        statement.bind(parameters);
        return statement.step() ? statement.get() : undefined;
      } finally {
        statement.reset();
      }
    });
  }

  all(sql: string, ...parameters: SqlValue[]): SqlRow[] {
    return [...this.each(sql, ...parameters)];
  }

  /** The rows one by one. The same SQL must not be run again before all are read. */
  *each(sql: string, ...parameters: SqlValue[]): Generator<SqlRow> {
    const statement = this.checked(() => this.prepared(sql));
    try {
      this.checked(() => statement.bind(parameters));
      while (this.checked(() => statement.step())) yield statement.get();
    } finally {
      statement.reset();
    }
  }

  /** Runs `work` in a transaction, which is rolled back when it throws. */
  transaction<T>(work: () => T): T {
    this.script('BEGIN');
    try {
      const result = work();
      this.script('COMMIT');
      return result;
    } catch (error) {
      this.script('ROLLBACK');
      throw error;
    }
  }

  /** Like `transaction`; deleted data is overwritten too. */
  erase<T>(work: () => T): T {
    this.script('PRAGMA secure_delete = ON');
    try {
      return this.transaction(work);
    } finally {
      this.script('PRAGMA secure_delete = OFF');
    }
  }

  /** Reads a page of a paged database, by its number from 0 on; throws when it is damaged. */
  checkPage(n: number): void {
    this.checked(() => this.pages?.subarray(n * pageBytes, (n + 1) * pageBytes));
  }

  /** The whole database file. */
  export(): Uint8Array {
    return this.database.export();
  }

  close(): void {
    this.statements.clear();
    this.database.close();
    this.pages?.close();
  }

  /** A result that was read from a damaged page is not valid, whether SQLite noticed or not. */
  private checked<T>(work: () => T): T {
    let result: T | undefined;
    let failure: unknown;
    try {
      result = work();
    } catch (error) {
      failure = error;
    }
    const damage = this.pages?.takeDamage();
    if (damage !== undefined) {
      // A query of the same page must fail again; others can go on.
      this.database.exec('PRAGMA shrink_memory');
      this.hasDamage = true;
      this.meetDamage();
      throw this.damageOf(damage);
    }
    if (failure !== undefined) throw failure as Error;
    return result as T;
  }

  private prepared(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}
