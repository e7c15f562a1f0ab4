import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { draft, sha256 } from './fixtures';
import { MemoryFiles } from './memoryFiles';
import { dir, open, withoutCatalog, work } from './upkeepSample';

/** Bytes that nothing makes smaller. */
function noise(name: string, blocks = 400): Buffer {
  return Buffer.concat(Array.from({ length: blocks }, (_, i) => createHash('sha256').update(`${name} ${i}`).digest()));
}

function segmentsOf(files: MemoryFiles): string[] {
  return files.paths().filter((path) => path.endsWith('.segment'));
}

/** Overwrites what stands in a file in the place of a content. */
function destroy(files: MemoryFiles, path: string, content: Buffer): void {
  const bytes = files.get(path);
  // A content goes on from page to page: its beginning is found as it is.
  const at = bytes.indexOf(content.subarray(0, 64));
  assert.ok(at > 0, path);
  files.put(path, bytes.fill(0, at, at + content.length));
}

test('of a content that stands in two files, the other copy is used when one is damaged', async () => {
  const shared = noise('shared');
  const elsewhere = new MemoryFiles();
  const other = await open(elsewhere);
  await other.append([draft('there.bin', shared)]);
  await other.exportTo('/out.obby', () => true);
  await other.close();

  const files = new MemoryFiles();
  const store = await open(files);
  const [here] = await store.append([draft('here.bin', shared)]);
  await work(store);
  const [segment = ''] = segmentsOf(files);
  files.put('/in.obby', elsewhere.get('/out.obby'));
  await store.importFrom('/in.obby');
  await store.close();
  assert.equal(segmentsOf(files).length, 2);

  destroy(files, segment, shared);
  const again = await open(files);
  const report = await again.check();
  assert.deepEqual(report.damaged, []);
  assert.ok(report.repairs.some((repair) => repair.includes(segment.slice(dir.length + 1))));
  assert.equal(sha256(await again.content(here?.id ?? '')), sha256(shared));
  await again.close();
  await withoutCatalog(files);
  const rebuilt = await open(files);
  assert.equal(sha256(await rebuilt.content(here?.id ?? '')), sha256(shared));
  await rebuilt.close();
});

test('a file of which nothing is left is set aside once, whatever becomes of the others', async () => {
  const files = new MemoryFiles();
  for (const round of [1, 2]) {
    const store = await open(files);
    await store.append([draft(`${round}.bin`, noise(`${round}`), { time: round })]);
    await work(store);
    await store.close();
  }
  const [segment = ''] = segmentsOf(files);
  files.put(segment, files.get(segment).fill(0));
  await withoutCatalog(files);
  const store = await open(files);
  assert.equal(store.problems.length, 1);
  await store.check();
  for (const round of [3, 4, 5, 6]) {
    await store.append([draft(`${round}.bin`, noise(`${round}`), { time: round })]);
    await work(store);
  }
  await store.close();
  assert.ok(files.paths().includes(segment.replace('.segment', '.damaged.segment')));
  await withoutCatalog(files);
  const again = await open(files);
  assert.deepEqual(again.problems, []);
  assert.equal((await again.recent({ limit: 10 })).length, 5);
  await again.close();
});

test('when all is forgotten, no file of a segment is left', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await store.append([draft('a.bin', noise('a'))]);
  await work(store);
  await store.forget({ path: 'a.bin' });
  assert.deepEqual(segmentsOf(files), []);
  await store.close();
});
