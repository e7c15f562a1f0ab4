import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import {
  catalogFileName,
  newCatalog,
  saveCatalog,
  type CatalogFileDeps,
} from '../../../../src/store/catalog/catalogFile';
import type { HistoryStore } from '../../../../src/model/historyStore';
import { nodeFilePort } from '../../../../src/store/disk/nodeFilePort';
import { pageBytes } from '../../../../src/store/disk/pageSums';
import { loadSqlite } from '../../../../src/store/disk/sqlite';
import { Zstd } from '../../../../src/store/format/zstd';
import { formatText, storeFormat } from '../../../../src/store/format/storeFormat';
import { chanceOf, isLong } from '../../../support/chance';
import { draft, onlyMe, openTestStore, temporaryFolder, wasmDir } from '../fixtures';
import { MemoryFiles } from '../memoryFiles';

const dir = '/store';
const path = `${dir}/${catalogFileName}`;
/** Nothing is sealed. */
const sizes = { fullBytes: 256 << 10, minSealBytes: 1 << 30 };

/** A killed store, whose catalog is read page by page and knows only half of what its journal says. */
let killed: MemoryFiles;
let versions = 0;

before(async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await record(store, 1_000);
  await store.close();
  const catalog = files.get(path);
  const again = await open(files);
  await record(again, 10_000);
  versions = (await again.recent({ limit: 1_000 })).length;
  killed = files.copy();
  killed.put(path, catalog);
});

function open(files: MemoryFiles): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes: onlyMe, sizes, unsavedCatalogBytes: 0 });
}

async function record(store: HistoryStore, time: number): Promise<void> {
  for (let n = 0; n < 300; n++) {
    await store.append([draft(`dir${n % 50}/file ${n}.txt`, `text ${n} of ${time}`, { time: time + n })]);
  }
}

async function partsOf(files: MemoryFiles): Promise<CatalogFileDeps> {
  return { sql: await loadSqlite(wasmDir()), zstd: await Zstd.load(wasmDir()), files, dir };
}

function withoutPages(files: MemoryFiles, from: number, to: number): MemoryFiles {
  const damaged = files.copy();
  damaged.put(path, Buffer.from(files.get(path)).fill(0x5a, from * pageBytes, to * pageBytes));
  return damaged;
}

test('whatever page is lost of a catalog that is behind its journal, the journal is whole', async () => {
  const pages = Math.floor(killed.get(path).length / pageBytes);
  assert.ok(pages > 10);
  let rebuilt = 0;
  const step = isLong ? 1 : 5;
  for (let page = chanceOf('page').integer(0, step - 1); page < pages; page += step) {
    const files = withoutPages(killed, page, page + 1);
    const journals = (): string[] => files.paths().filter((each) => /damaged/.test(each));
    const store = await open(files);
    rebuilt += store.problems.length;
    assert.ok(store.problems.every(({ file }) => file === catalogFileName));
    await store.recent({ limit: 1_000 }).catch((error: unknown) => assert.match(String(error), /Reload the window/));
    await store.close();
    const reloaded = await open(files);
    assert.equal((await reloaded.recent({ limit: 1_000 })).length, versions);
    assert.deepEqual(journals(), []);
    await reloaded.close();
  }
  assert.ok(rebuilt > 0);
});

test('a history that may only be read is left as it is, however damaged its catalog', async () => {
  const pages = Math.floor(killed.get(path).length / pageBytes);
  const files = withoutPages(killed, 8, pages - 1);
  files.put(`${dir}/store.json`, Buffer.from(formatText(storeFormat + 1)));
  const there = files.paths().sort();
  const store = await open(files);
  await store.recent({ limit: 1_000 }).catch(() => undefined);
  await store.close();
  assert.deepEqual(files.paths().sort(), there);
});

test('damage is told as such of a catalog that was new, too', async () => {
  const folder = temporaryFolder();
  const parts = { ...(await partsOf(new MemoryFiles())), files: nodeFilePort, dir: folder };
  const catalog = newCatalog(parts.sql);
  const rows = 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5000)';
  catalog.sqlite.script(`CREATE TABLE t(x); INSERT INTO t ${rows} SELECT zeroblob(4000) FROM n`);
  await saveCatalog(catalog, parts, 'test');
  const file = openSync(join(folder, catalogFileName), 'r+');
  writeSync(file, Buffer.alloc(5 * pageBytes, 0x5a), 0, 5 * pageBytes, 20 * pageBytes);
  closeSync(file);
  await assert.rejects(catalog.check(), { name: 'CatalogDamage' });
  catalog.sqlite.close();
});
