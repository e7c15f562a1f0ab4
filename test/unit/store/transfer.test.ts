import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTrailer } from '../../../src/store/database/pageSums';
import { loadSqlite } from '../../../src/store/database/sqlite';
import { draft, sha256, wasmDir } from './fixtures';
import { MemoryFiles } from './memoryFiles';
import { open } from './upkeepSample';

const exported = '/out.obby';
/** Behind the magic, the format and the length of the first segment. */
const firstSegmentAt = 16;

function textOf(n: number): string {
  return Array.from({ length: 60 }, (_, line) => `line ${line} of version ${line === n ? n : 0}\n`).join('');
}

async function exportedFiles(): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const store = await open(files);
  for (let n = 0; n < 20; n++) await store.append([draft('a.txt', textOf(n), { time: 1_000 + n })]);
  await store.exportTo(exported, () => true);
  await store.close();
  return files;
}

/** The exported file with its segment changed by a statement, and every checksum of its pages right. */
async function changedBy(statement: string): Promise<Buffer> {
  const bytes = (await exportedFiles()).get(exported);
  const length = bytes.readUInt32LE(firstSegmentAt - 4);
  const { Database } = await loadSqlite(wasmDir());
  const database = new Database(bytes.subarray(firstSegmentAt, firstSegmentAt + length));
  database.run(statement);
  const segment = withTrailer(database.export());
  database.close();
  const size = Buffer.alloc(4);
  size.writeUInt32LE(segment.length);
  return Buffer.concat([bytes.subarray(0, firstSegmentAt - 4), size, segment, Buffer.alloc(4)]);
}

test('a file whose contents are not what their hashes say is refused, and nothing of it is taken', async () => {
  const files = new MemoryFiles();
  files.put(
    exported,
    await changedBy('UPDATE blocks SET contents = CAST(zeroblob(32) || substr(contents, 33) AS BLOB)'),
  );
  const store = await open(files);
  await assert.rejects(store.importFrom(exported), { code: 'badArgument', message: /does not match its checksum/ });
  assert.deepEqual(await store.recent({ limit: 1 }), []);
  await store.close();
});

test('the same file, unchanged, is taken as a whole', async () => {
  const files = new MemoryFiles();
  files.put(exported, await changedBy('UPDATE blocks SET encoding = encoding'));
  const store = await open(files);
  assert.equal((await store.importFrom(exported)).versions, 20);
  for (const { id, sha256: hash } of await store.versions('a.txt', { limit: 20 })) {
    assert.equal(sha256(await store.content(id)), hash);
  }
  await store.close();
});
