import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRetention } from '../../../../src/model/historyMaintenance';
import type { HistoryStore } from '../../../../src/model/historyStore';
import { draft } from '../fixtures';
import { MemoryFiles } from '../memoryFiles';
import { open, work } from '../upkeepSample';

const never = new AbortController().signal;

/** A sealed history, each version of which has a line of its own. */
async function sealed(): Promise<{ files: MemoryFiles; store: HistoryStore }> {
  const files = new MemoryFiles();
  const store = await open(files);
  for (let n = 0; n < 40; n++) {
    const text = Array.from({ length: 40 }, (_, line) => `line ${line} of ${line === n % 40 ? n : 'all'}\n`).join('');
    await store.append([draft(`${n % 4}.txt`, text, { time: 1_000 + n })]);
  }
  await work(store);
  return { files, store };
}

const indexesIn = (files: MemoryFiles): string[] => files.paths().filter((path) => path.endsWith('.lines'));

/** How many contents have the line, by the indexes, and how many these do not know. */
async function narrowed(store: HistoryStore, line: string): Promise<readonly [number, number]> {
  const find = (lines: string): Promise<number[]> =>
    Promise.resolve(lines.split('\n').flatMap((each, n) => (each === line ? [n] : [])));
  const { matching, unindexed } = await store.searchable.narrow(find, never);
  return [matching.size, unindexed.length];
}

test('maintenance indexes every segment, and an index knows which contents have a line', async () => {
  const { files, store } = await sealed();
  assert.ok(indexesIn(files).length > 0);
  assert.deepEqual(await narrowed(store, 'line 7 of 7'), [1, 0]);
  assert.deepEqual(await narrowed(store, 'line 7 of all'), [39, 0]);
  assert.deepEqual(await narrowed(store, 'no such line'), [0, 0]);
  await store.append([draft('4.txt', 'line 7 of 7\n', { time: 2_000 })]);
  assert.deepEqual(await narrowed(store, 'line 7 of 7'), [1, 1], 'what is not sealed is to be read');
  await store.close();
});

test('what is binary, of another encoding or has very long lines is left to the search', async () => {
  const store = await open(new MemoryFiles());
  const others = [Buffer.from('a\0b'), Buffer.from('\xe9\n', 'latin1'), Buffer.from('x'.repeat(20_000))];
  for (const [n, bytes] of others.entries()) await store.append([draft(`${n}.bin`, bytes, { time: 1_000 + n })]);
  await store.append([draft('a.txt', `\ufeffa\r\nb\rc ${'noise '.repeat(2_000)}`, { time: 2_000 })]);
  await work(store);
  assert.deepEqual(await narrowed(store, 'a'), [0, 3 + 1]);
  await store.close();
});

test('an index that is damaged or missing is built again, and until then everything is read', async () => {
  const { files, store } = await sealed();
  await store.close();
  const [first = '', ...others] = indexesIn(files);
  const bytes = files.get(first);
  files.put(first, bytes.fill(bytes.readUInt8(60) ^ 1, 60, 61));
  for (const path of others) await files.remove(path);
  const again = await open(files);
  const [matching, unindexed] = await narrowed(again, 'line 7 of 7');
  assert.equal(matching, 0);
  assert.ok(unindexed > 0);
  await work(again);
  assert.deepEqual(await narrowed(again, 'line 7 of 7'), [1, 0]);
  await again.close();
});

test('an index goes with its segment, when something is forgotten, and before any version at the quota', async () => {
  const { files, store } = await sealed();
  const before = indexesIn(files);
  await store.forget({ bytes: [Buffer.from('line 7 of 7\n')] });
  assert.ok(indexesIn(files).every((path) => !before.includes(path)));
  await work(store);
  assert.deepEqual((await narrowed(store, 'line 7 of 7'))[0], 0);
  const { versions, totalBytes } = await store.storage();
  store.setRetention({ ...defaultRetention, keepAllMs: Infinity, keepHourlyMs: Infinity, quotaBytes: totalBytes - 10 });
  await work(store);
  assert.deepEqual(indexesIn(files), []);
  assert.equal((await store.storage()).versions, versions);
  await store.close();
});

test('an index that cannot be written costs nothing but time', async () => {
  const { files, store } = await sealed();
  await store.close();
  for (const path of indexesIn(files)) await files.remove(path);
  const create = files.create.bind(files);
  files.create = (path) => (path.includes('.lines') ? Promise.reject(new Error('no')) : create(path));
  const again = await open(files);
  await again.append([draft('5.txt', 'x\n', { time: 3_000 })]);
  await work(again);
  assert.deepEqual(indexesIn(files), []);
  assert.equal((await again.recent({ limit: 100 })).length, 41);
  await again.close();
});
