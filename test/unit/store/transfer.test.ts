import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTrailer } from '../../../src/store/disk/pageSums';
import { loadSqlite } from '../../../src/store/disk/sqlite';
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

const hostile: Record<string, string> = {
  'a trigger': "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN INSERT INTO marks VALUES ('x'); END",
  'a view': 'CREATE VIEW v AS SELECT * FROM meta',
  'a view in place of a table': `ALTER TABLE meta RENAME TO m; CREATE VIEW meta AS
    WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT 'id' AS key, max(n) AS value FROM r`,
  'an index': 'CREATE INDEX i ON marks(mark)',
  'a column more': 'ALTER TABLE marks ADD COLUMN other',
  'a table less': 'DROP TABLE marks',
};

for (const [what, statement] of Object.entries(hostile)) {
  test(`a file with ${what} is refused before any of it runs`, async () => {
    const files = new MemoryFiles();
    files.put(exported, await changedBy(statement));
    const store = await open(files);
    await assert.rejects(store.importFrom(exported), { code: 'badArgument', message: /tables are not those/ });
    assert.deepEqual(await store.recent({ limit: 1 }), []);
    await store.close();
  });
}

test('a file that says that it unpacks to more than Obby packs is refused before the memory is taken', async () => {
  const bomb = "substr(contents, 1, 32) || CAST(x'0000002c' AS BLOB) || substr(contents, 37)";
  for (const statement of [
    `UPDATE blocks SET contents = CAST(${bomb} AS BLOB)`,
    'UPDATE versions SET size = 700000000',
  ]) {
    const files = new MemoryFiles();
    files.put(exported, await changedBy(statement));
    const store = await open(files);
    const before = process.memoryUsage().rss;
    await assert.rejects(store.importFrom(exported), { code: 'badArgument', message: /more than Obby packs/ });
    assert.ok(process.memoryUsage().rss - before < 300e6);
    await store.close();
  }
});

for (const path of [
  '.git/hooks/pre-commit',
  'sub/.GIT/config',
  'a/git~1/x',
  '.git. /x',
  '.g\u200cit/x',
  '.git::$DATA/x',
]) {
  test(`a file with a version of ${JSON.stringify(path)} is refused`, async () => {
    const source = new MemoryFiles();
    const from = await open(source);
    await from.append([draft(path, 'hostile\n', { time: 1_000 })]);
    await from.exportTo(exported, () => true);
    await from.close();
    const files = new MemoryFiles();
    files.put(exported, source.get(exported));
    const store = await open(files);
    await assert.rejects(store.importFrom(exported), { code: 'badArgument', message: /git's own files/ });
    assert.deepEqual(await store.recent({ limit: 1 }), []);
    await store.close();
  });
}
