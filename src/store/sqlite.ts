import { readFile } from 'node:fs/promises';
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

export type SqlRow = readonly SqlValue[];

/** A database whose statements are prepared once. */
export class Sqlite {
  private readonly statements = new Map<string, Statement>();

  constructor(private readonly database: Database) {
    // The "file" is memory that nobody else sees: no journal file, no locks, no second look at what is cached.
    this.script(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000',
    );
  }

  /** Runs statements that take no parameters. */
  script(sql: string): void {
    this.database.exec(sql);
  }

  run(sql: string, ...parameters: SqlValue[]): void {
    this.prepared(sql).run(parameters);
  }

  get(sql: string, ...parameters: SqlValue[]): SqlRow | undefined {
    const statement = this.prepared(sql);
    try {
      statement.bind(parameters);
      return statement.step() ? statement.get() : undefined;
    } finally {
      statement.reset();
    }
  }

  all(sql: string, ...parameters: SqlValue[]): SqlRow[] {
    const statement = this.prepared(sql);
    const rows: SqlRow[] = [];
    try {
      statement.bind(parameters);
      while (statement.step()) rows.push(statement.get());
      return rows;
    } finally {
      statement.reset();
    }
  }

  /** Does all of `work` or, when it throws, nothing. */
  transaction(work: () => void): void {
    this.script('BEGIN');
    try {
      work();
      this.script('COMMIT');
    } catch (error) {
      this.script('ROLLBACK');
      throw error;
    }
  }

  /** The whole database file. */
  export(): Uint8Array {
    return this.database.export();
  }

  close(): void {
    this.statements.clear();
    this.database.close();
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
