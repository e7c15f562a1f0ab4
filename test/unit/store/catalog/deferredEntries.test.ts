import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';
import type { SqlJsStatic } from 'sql.js';
import type { Catalog } from '../../../../src/store/catalog/catalog';
import type { CatalogEntry } from '../../../../src/store/catalog/catalogBatch';
import { CatalogDamage, loadSqlite } from '../../../../src/store/disk/sqlite';
import {
  newCatalog,
  CatalogSaver,
  type CatalogSaverDeps as SaverParts,
} from '../../../../src/store/catalog/catalogFile';
import { removeSource } from '../../../../src/store/catalog/catalogRemoval';
import { CatalogQueries } from '../../../../src/store/catalog/catalogQueries';
import type { VersionDraft } from '../../../../src/model/historyStore';
import { DeferredEntries } from '../../../../src/store/catalog/deferredEntries';
import { Lineage } from '../../../../src/store/versions/lineage';
import { Attempt, VersionWriter, type VersionWriterDeps } from '../../../../src/store/versions/versionWriter';
import { formatVersionId } from '../../../../src/store/format/versionKey';
import { FakeClock } from '../../../support/fakeClock';
import { deletion, draft, ListLog, sha256, wasmDir } from '../fixtures';

let sql: SqlJsStatic;

before(async () => {
  sql = await loadSqlite(wasmDir());
});

const journal = { id: 'journal', kind: 'journal' } as const;
const paths = ['a', 'b', 'c', 'd'];
const texts = ['1', '2', '3'];

const aPath = fc.constantFrom(...paths);
const aDraft = fc.oneof(
  fc.tuple(aPath, fc.constantFrom(...texts)).map(([path, text]): VersionDraft => draft(path, text)),
  aPath.map((path): VersionDraft => deletion(path)),
  fc
    .tuple(aPath, aPath, fc.constantFrom(...texts))
    .filter(([from, to]) => from !== to)
    .map(([renamedFrom, to, text]): VersionDraft => draft(to, text, { kind: 'renamed', renamedFrom })),
);

/** Questions that do not wait for what does not concern them. */
const questions: ((catalog: Catalog, path: string, text: string) => unknown)[] = [
  (catalog, path) => catalog.head(path),
  (catalog, path) => catalog.occupant(path),
  (catalog, path) => catalog.births(path),
  (catalog, path) => catalog.lastTimeAt(path),
  (catalog, _path, text) => catalog.content(sha256(Buffer.from(text))),
];

const aStep = fc.record({
  drafts: fc.array(aDraft, { minLength: 1, maxLength: 4 }),
  question: fc.nat(questions.length - 1),
  path: aPath,
  text: fc.constantFrom(...texts),
  /** Groups that are put in by then. */
  caughtUp: fc.nat(2),
});

test('what is deferred is known as if it had been put in at once', () => {
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 8 }), (steps) => {
      const [atOnce, late] = [newCatalog(sql), newCatalog(sql)];
      let readTo = 0;
      for (const { drafts, question, path, text, caughtUp } of steps) {
        const entries = entriesOf(drafts, atOnce, readTo);
        readTo += entries.length;
        atOnce.apply(entries, journal, readTo);
        late.defer(entries, journal, readTo);
        if (caughtUp > 0) late.catchUp(caughtUp);
        const ask = questions[question] as (typeof questions)[number];
        assert.deepEqual(ask(late, path, text), ask(atOnce, path, text));
      }
      for (const ask of [everything, (catalog: Catalog) => catalog.readTo(journal.id)]) {
        assert.deepEqual(ask(late), ask(atOnce));
      }
      atOnce.close();
      late.close();
    }),
    { numRuns: times(300) },
  );
});

/** What a journal would hold of drafts. */
function entriesOf(drafts: readonly VersionDraft[], catalog: Catalog, from: number): CatalogEntry[] {
  let sequence = from;
  const next = (time: number): string => formatVersionId({ time, writer: 'window', sequence: sequence++ });
  const lineage = new Lineage(catalog, { now: 0, newest: 0, next });
  return lineage.placeAll(drafts).flatMap(({ ended, row }): CatalogEntry[] => {
    const place = { position: sequence, length: 1, depth: 0 };
    return [
      ...(ended === undefined ? [] : [{ type: 'version', row: ended } as const]),
      ...(row.sha256 === undefined ? [] : [{ type: 'content', sha256: row.sha256, place } as const]),
      { type: 'version', row },
    ];
  });
}

function everything(catalog: Catalog): unknown {
  const queries = new CatalogQueries(catalog);
  return [queries.recent({ limit: 1_000 }), queries.heads(''), queries.deletedFiles(100), queries.counts()];
}

test('what was put in is waited for no more, however much else is on its way', () => {
  const deferred = new DeferredEntries();
  const catalog = newCatalog(sql);
  const both = [draft('a', '1'), draft('b', '1', { kind: 'renamed', renamedFrom: 'a' })];
  const groups = both.map((each, n) => ({ entries: entriesOf([each], catalog, n), source: journal, readTo: n }));
  for (const group of groups) deferred.add(group);
  assert.deepEqual(deferred.take(1), groups.slice(0, 1));
  const content = sha256(Buffer.from('1'));
  const concerned = (): boolean[] => [
    ...['a', 'b', 'c'].map((path) => deferred.concernsPath(path)),
    deferred.concernsContent(content),
  ];
  assert.deepEqual(concerned(), [true, true, false, true]);
  deferred.take();
  assert.deepEqual([...concerned(), deferred.size], [false, false, false, false, 0]);
  catalog.close();
});

test('a burst waits whole, and no more', () => {
  const catalog = newCatalog(sql);
  const burst = Array.from({ length: 10_001 }, (_, n) => draft(`file${n}`, 'text'));
  const entries = entriesOf(burst, catalog, 0);
  for (let n = 0; n < entries.length; n += 400) catalog.defer(entries.slice(n, n + 400), journal, n + 400);
  assert.equal(catalog.catchUp(1), true);
  assert.equal(new CatalogQueries(catalog).counts().files, 10_001);
  assert.equal(catalog.catchUp(), false);
  catalog.close();
});

test('what cannot be put in is told from then on, and the tables are as before', () => {
  const catalog = newCatalog(sql);
  catalog.defer([...entriesOf([draft('a', 'text')], catalog, 0), refused(catalog)], journal, 2);
  assert.equal(catalog.failure, undefined);
  // For people, whoever asked: no file of the store is to blame.
  assert.throws(() => catalog.sqlite, CatalogDamage);
  assert.ok(catalog.failure);
  assert.equal(new CatalogQueries(catalog).counts().versions, 0);
  catalog.close();
});

/** What SQLite refuses: a version without a moment. */
function refused(catalog: Catalog): CatalogEntry {
  const [row] = entriesOf([draft('other', 'text')], catalog, 100).filter(({ type }) => type === 'version');
  assert.ok(row?.type === 'version');
  return { ...row, row: { ...row.row, changeSet: undefined as unknown as string } };
}

test('a group that found its places before others failed to be listed does not become durable', async () => {
  const catalog = newCatalog(sql);
  catalog.apply(entriesOf([draft('a', '1')], catalog, 0), journal, 1);
  const renamed = entriesOf([draft('b', '1', { kind: 'renamed', renamedFrom: 'a' })], catalog, 2);
  const commits: string[] = [];
  const writer = {
    ...{ id: journal.id, committed: 3, add: () => Promise.resolve({ position: 0, length: 1 }) },
    commit: () => Promise.resolve(commits.push('durable')),
    undo: () => Promise.resolve(commits.push('taken back')),
  };
  // Somebody asks between the beginning of a commit and its end.
  const journals = { writer: () => Promise.resolve(writer) };
  const contents = {
    encode: (_hash: string, body: Uint8Array) => {
      assert.throws(() => catalog.sqlite);
      return Promise.resolve({ encoding: 'raw', depth: 0, body });
    },
  };
  const parts = { catalog, contents, journals, clock: new FakeClock(5), log: new ListLog(), writer: 'window' };
  const recording = new VersionWriter(parts as unknown as VersionWriterDeps);
  catalog.defer([...renamed, refused(catalog)], journal, 2);
  await assert.rejects(recording.commit(new Attempt([[draft('c', '2', { time: 10 })]]), { isShared: false }), {
    code: 'storeFailed',
  });
  assert.deepEqual(commits, ['taken back']);
  catalog.close();
});

test('what cannot be put in on closing leaves no saved catalog', async () => {
  const catalog = newCatalog(sql);
  catalog.defer([refused(catalog)], journal, 2);
  const removed: string[] = [];
  const files = { remove: (path: string) => Promise.resolve(removed.push(path)) };
  const parts = { catalog, files, dir: 'store', clock: new FakeClock(0), log: new ListLog(), owner: 'one' };
  const saver = new CatalogSaver({ ...parts, isWhole: () => catalog.failure === undefined } as unknown as SaverParts);
  await saver.close();
  assert.deepEqual(removed, ['store/catalog.sqlite']);
  catalog.close();
});

test('where a file began is not taken for unused while what it became is on its way', () => {
  const catalog = newCatalog(sql);
  const segment = { id: 'segment', kind: 'segment' } as const;
  catalog.apply(entriesOf([draft('a', '1')], catalog, 0), segment, 1);
  catalog.apply(entriesOf([draft('b', '1', { kind: 'renamed', renamedFrom: 'a' })], catalog, 1), segment, 2);
  const onItsWay = entriesOf([draft('b', '2')], catalog, 2);
  catalog.erase((tables) => removeSource(tables, segment.id));
  catalog.defer(onItsWay, journal, 3);
  assert.equal(catalog.births('a'), 1);
  catalog.close();
});
