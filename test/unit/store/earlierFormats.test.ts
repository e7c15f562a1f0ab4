import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore } from '../../../src/model/historyStore';
import { formatFileName, formatText, storeFormat } from '../../../src/store/format/storeFormat';
import { onlyMe, openTestStore, sha256 } from './fixtures';
import { MemoryFiles } from './memoryFiles';

const dir = '/store';
const portable = '/in.obby';
const sizes = { fullBytes: 4 << 20, minSealBytes: 1 << 10 };

/** What Obby wrote when it wrote this format, and what it said of it: files gzipped in base 64, by their names. */
interface Earlier {
  readonly files: Readonly<Record<string, string>>;
  readonly versions: readonly VersionRecord[];
}

function earlier(format: number): Earlier {
  const packed = readFileSync(`test/unit/store/earlier/format${format}.json.gz`);
  const { files, versions } = JSON.parse(gunzipSync(packed).toString('utf8')) as Earlier;
  return { files, versions: versions.map(underPresentNames) };
}

/** The samples were made when two members of a version had other names. */
function underPresentNames(version: VersionRecord): VersionRecord {
  const { sure, moment, ...rest } = version as VersionRecord & Record<'sure' | 'moment', unknown>;
  return { ...rest, confidence: sure, changeSet: moment } as VersionRecord;
}

function filesOf({ files }: Earlier): MemoryFiles {
  const memory = new MemoryFiles();
  for (const [name, bytes] of Object.entries(files)) {
    memory.put(`${dir}/${name}`, gunzipSync(Buffer.from(bytes, 'base64')));
  }
  return memory;
}

const open = (files: MemoryFiles): Promise<HistoryStore> => openTestStore({ dir, files, processes: onlyMe, sizes });

async function assertWhole(store: HistoryStore, versions: readonly VersionRecord[]): Promise<void> {
  assert.deepEqual(store.problems, []);
  for (const version of versions) {
    assert.deepEqual(await store.version(version.id), version);
    if (version.sha256 === undefined || version.unstored !== undefined) continue;
    assert.equal(sha256(await store.content(version.id)), version.sha256, version.path);
  }
  assert.deepEqual(
    (await store.labels()).map(({ name }) => name),
    ['a label'],
  );
}

for (const format of [2, 3]) {
  test(`a store of format ${format} is read, gone on with and written anew whole`, async () => {
    const sample = earlier(format);
    const files = filesOf(sample);
    assert.equal(files.get(`${dir}/${formatFileName}`).toString('utf8'), formatText(format));
    const store = await open(files);
    await assertWhole(store, sample.versions);
    assert.equal(files.get(`${dir}/${formatFileName}`).toString('utf8'), formatText(storeFormat));
    const { damaged, repairs } = await store.check();
    assert.deepEqual([damaged, repairs], [[], []]);
    const old = files.paths().filter((path) => path.endsWith('.segment'));
    await store.forget({ path: 'same.txt' });
    assert.deepEqual(
      old.filter((path) => files.paths().includes(path)),
      [],
    );
    const left = sample.versions.filter(({ path }) => path !== 'same.txt');
    await assertWhole(store, left);
    await store.close();
    const again = await open(files);
    await assertWhole(again, left);
    await again.close();
  });

  test(`an exported history with a segment of format ${format} gives what is missing`, async () => {
    const sample = earlier(format);
    const files = filesOf(sample);
    const [segment = ''] = files.paths().filter((path) => path.endsWith('.segment'));
    files.put(portable, portableOf(files.get(segment)));
    const store = await open(files);
    await store.forget({ path: 'src/a.ts' });
    const { versions, known } = await store.importFrom(portable);
    assert.deepEqual([versions, known], [6, 54]);
    await assertWhole(
      store,
      // The last of each file stands in the journal.
      sample.versions.slice(0, 60),
    );
    await store.close();
  });
}

/** An exported history of one segment. */
function portableOf(segment: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(1);
  head.writeUInt32LE(segment.length, 4);
  return Buffer.concat([Buffer.from('OBBYHIST'), head, segment, Buffer.alloc(4)]);
}
