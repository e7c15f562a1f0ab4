import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { before, test } from 'node:test';
import type { SqlJsStatic } from 'sql.js';
import type { CatalogEntry } from '../../../../src/store/catalog/catalogBatch';
import { catalogFileName, newCatalog } from '../../../../src/store/catalog/catalogFile';
import { CatalogQueries } from '../../../../src/store/catalog/catalogQueries';
import { loadSqlite } from '../../../../src/store/disk/sqlite';
import { formatVersionId } from '../../../../src/store/format/versionKey';
import type { VersionRow } from '../../../../src/store/format/versionRow';
import { deletion, draft, openTestStore, temporaryFolder, wasmDir } from '../fixtures';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';

/** Reads a database with an SQLite that is not ours: `sql` gives one column; undefined when there is no such tool. */
function askAnotherSqlite(file: string, sql: string): string[] | undefined {
  const script = 'import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(row[0])';
  for (const [tool, ...args] of [
    ['sqlite3', file, sql],
    ['python3', '-c', script, file, sql],
  ] as const) {
    try {
      return execFileSync(tool, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
        .split('\n')
        .filter(Boolean);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return undefined;
}

test('any SQLite can open the catalog, and finds it whole', async (context) => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir });
  await store.append(Array.from({ length: 500 }, (_, n) => draft(`folder/${n % 50}`, `content ${n}`, { time: n + 1 })));
  await store.append([
    deletion('folder/1', { time: 900 }),
    draft('x', 'y', { kind: 'renamed', renamedFrom: 'folder/2' }),
  ]);
  await store.close();
  const file = path.join(dir, catalogFileName);
  const integrity = askAnotherSqlite(file, 'PRAGMA integrity_check');
  if (integrity === undefined) {
    context.skip('neither sqlite3 nor python3 is installed');
    return;
  }
  assert.deepEqual(integrity, ['ok']);
  assert.deepEqual(askAnotherSqlite(file, 'SELECT count(*) FROM versions'), ['502']);
  assert.deepEqual(askAnotherSqlite(file, 'PRAGMA application_id'), [String(0x4f424259)]);
  const newest = `SELECT p.path || ' ' || k.name FROM versions v JOIN paths p ON p.n = v.path JOIN kinds k ON k.n = v.kind
    ORDER BY time DESC LIMIT 2`;
  assert.deepEqual(askAnotherSqlite(file, newest), ['x renamed', 'folder/1 deleted']);
});

let sql: SqlJsStatic;

before(async () => {
  sql = await loadSqlite(wasmDir());
});

const aRow = fc
  .record({
    time: fc.integer({ min: 1, max: 12 }),
    writer: fc.constantFrom('window1', 'window2'),
    sequence: fc.nat(6),
    born: fc.constantFrom('a', 'b'),
    path: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('modified' as const, 'deleted' as const),
    content: fc.constantFrom('1', '2', '3'),
  })
  .map(({ time, writer, sequence, born, path: at, kind, content }): VersionRow => {
    const row = kind === 'deleted' ? deletion(at) : draft(at, content);
    const { content: _content, ...rest } = row;
    return {
      ...rest,
      id: formatVersionId({ time, writer, sequence }),
      time,
      file: { originPath: born, generation: 0 },
    };
  });

/** All that the queries answer, without what depends on the order of writers. */
function answers(entries: readonly CatalogEntry[]): unknown {
  const catalog = newCatalog(sql);
  // Both writers are known in the same order, by which versions of one time are sorted.
  for (const name of ['window1', 'window2']) catalog.sqlite.run('INSERT INTO writers(name, next) VALUES (?, 0)', name);
  for (const entry of entries) catalog.apply([entry], { id: 'journal', kind: 'journal' }, 1);
  const queries = new CatalogQueries(catalog);
  const paths = ['a', 'b', 'c'];
  const result = {
    recent: queries.recent({ limit: 1_000 }),
    heads: queries.heads(''),
    deleted: queries.deletedFiles(100),
    versions: paths.map((at) => queries.versions(at, {})),
    at: paths.map((at) => [3, 6, 9].map((time) => queries.versionAt(at, time))),
    occupants: paths.map((at) => catalog.occupant(at)),
    sequence: catalog.nextSequence('window1'),
  };
  catalog.sqlite.close();
  return result;
}

test('gives the same answers in whatever order, and however often, rows arrive', () => {
  const keyOf = (row: VersionRow): string => row.id;
  fc.assert(
    fc.property(fc.uniqueArray(aRow, { selector: keyOf, maxLength: 10 }), fc.nat(), (rows, seed) => {
      const entries = rows.map((row): CatalogEntry => ({ type: 'version', row }));
      const shuffled = [...entries].sort((a, b) => order(a, seed) - order(b, seed));
      assert.deepEqual(answers([...shuffled, ...entries.slice(0, 3)]), answers(entries));
    }),
    { numRuns: times(60) },
  );
});

function order(entry: CatalogEntry, seed: number): number {
  const id = entry.type === 'version' ? entry.row.id : '';
  return Buffer.from(id).reduce((sum, byte) => (sum * 31 + byte + seed) % 1_009, seed % 7);
}

test('a path is one living file, even where two windows disagree', () => {
  const row = (writer: string, time: number, extra: Partial<VersionRow>): CatalogEntry => {
    const { content: _content, ...rest } = draft('a', writer);
    const id = formatVersionId({ time, writer, sequence: time });
    return { type: 'version', row: { ...rest, id, time, file: { originPath: 'a', generation: 0 }, ...extra } };
  };
  const catalog = newCatalog(sql);
  const entries = [
    row('window1', 1, {}),
    // Window 1 moves the file and begins a new one at its path, of which window 2 knows nothing.
    row('window1', 2, { path: 'b', kind: 'renamed', renamedFrom: 'a' }),
    row('window1', 3, { file: { originPath: 'a', generation: 1 } }),
    row('window2', 4, {}),
  ];
  catalog.apply(entries, { id: 'journal', kind: 'journal' }, 1);
  const queries = new CatalogQueries(catalog);
  assert.deepEqual(
    queries.heads('').map(({ version }) => [version.path, version.time]),
    [['a', 4]],
  );
  assert.equal(catalog.head('a')?.version.time, 4);
  assert.equal(queries.counts().files, 1);
  catalog.sqlite.close();
});
