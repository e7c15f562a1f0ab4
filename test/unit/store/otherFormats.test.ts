import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryStore } from '../../../src/model/historyStore';
import { withTrailer } from '../../../src/store/disk/pageSums';
import { loadSqlite, Sqlite } from '../../../src/store/disk/sqlite';
import { crc32 } from '../../../src/base/crc32';
import { formatFileName, formatText, oldestStoreFormat, storeFormat } from '../../../src/store/format/storeFormat';
import { headerBytes } from '../../../src/store/journal/journalFormat';
import { segmentFormat } from '../../../src/store/segment/segment';
import { draft, onlyMe, openTestStore, sha256, textOf, wasmDir } from './fixtures';
import { MemoryFiles } from './memoryFiles';

const dir = '/store';

function open(files: MemoryFiles): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes: onlyMe });
}

test('a store of another format is read as far as it can be, and not written', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  const [version] = await store.append([draft('a', 'one')]);
  await store.close();
  for (const [format, who] of [
    [storeFormat + 1, 'a newer version of Obby'],
    [oldestStoreFormat - 1, 'a version of Obby before 0.1.0'],
  ] as const) {
    files.put(`${dir}/${formatFileName}`, Buffer.from(formatText(format)));
    await assertReadOnly(files, version?.id ?? '', new RegExp(`store\\.json has format ${format}, .* ${who} `));
  }
});

test('so is one with a journal of a newer format', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  const [version] = await store.append([draft('a', 'one')]);
  await store.close();
  files.put(`${dir}/newer1.someone.journal`, newerHeader('newer1'));
  await assertReadOnly(files, version?.id ?? '', /newer1\.someone\.journal has format 2, /);
});

function newerHeader(id: string): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(`OBBYJRNL\x02\0\0\0${id}`, 'latin1');
  header.writeUInt32LE(crc32(header.subarray(0, 28)), 28);
  return header;
}

async function assertReadOnly(files: MemoryFiles, id: string, message: RegExp): Promise<void> {
  const before = hashes(files);
  const store = await open(files);
  assert.equal(await textOf(store, id), 'one');
  await assert.rejects(store.append([draft('a', 'two')]), { code: 'storeReadOnly', message });
  await store.check();
  await store.writeHeartbeat();
  await store.close();
  assert.deepEqual(hashes(files), before, 'nothing was touched');
}

function hashes(files: MemoryFiles): string[] {
  return files.paths().map((path) => `${path} ${sha256(files.get(path))}`);
}

for (const [format, who] of [
  [segmentFormat + 1, 'a newer version of Obby'],
  [segmentFormat - 1, 'a version of Obby before 0.1.0'],
] as const) {
  test(`a segment of format ${format} is left alone`, async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    await store.append([draft('a', 'one')]);
    const path = `${dir}/0other.segment`;
    files.put(path, await otherSegment('0other', format));
    const before = files.get(path);
    const report = await store.check();
    assert.deepEqual([report.damagedCount, report.repairs], [0, []]);
    while (await store.maintain());
    assert.match(
      store.problems.map(({ message }) => message).join(),
      new RegExp(`^0other\\.segment is not shown: its format is ${format}, .* ${who} `),
    );
    await store.append([draft('a', 'two')]);
    await store.close();
    assert.deepEqual(files.get(path), before);
  });
}

async function otherSegment(id: string, format: number): Promise<Uint8Array> {
  const sqlite = Sqlite.inMemory(await loadSqlite(wasmDir()));
  sqlite.script('CREATE TABLE meta(key TEXT PRIMARY KEY, value); CREATE TABLE nobody_knows(x)');
  const meta = { format, id, made: 0, replaces: '[]', forgets: 0 };
  for (const [key, value] of Object.entries(meta)) sqlite.run('INSERT INTO meta VALUES (?, ?)', key, value);
  const bytes = withTrailer(sqlite.export());
  sqlite.close();
  return bytes;
}

test('an exported history of another format is refused', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  for (const format of [0, 2]) {
    files.put('/in.obby', Buffer.concat([Buffer.from('OBBYHIST'), Buffer.from([format, 0, 0, 0]), Buffer.alloc(4)]));
    const message = new RegExp(`^/in\\.obby cannot be imported: its format is ${format}, `);
    await assert.rejects(store.importFrom('/in.obby'), { code: 'badArgument', message });
  }
  await store.close();
});
