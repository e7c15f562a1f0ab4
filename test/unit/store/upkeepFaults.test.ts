import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import type { VersionRecord } from '../../../src/model/version';
import { catalogFileName, packedCatalogFileName } from '../../../src/store/catalogFile';
import type { HistoryStore } from '../../../src/store/contract';
import { Zstd } from '../../../src/store/zstd';
import { draft, ListLog, onlyMe, openTestStore, sha256, wasmDir } from './fixtures';
import { errnoError, MemoryFiles } from './memoryFiles';

const dir = '/store';
const sizes = { fullBytes: 256 << 10, minSealBytes: 2 << 10 };
const secret = randomBytes(24);
const secretPath = 'secret/path-of-the-secret.bin';

const log = new ListLog();
function open(files: MemoryFiles): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes: onlyMe, sizes, log });
}

/** A closed store with segments and a journal, and what was acknowledged of it. */
interface Sample {
  readonly files: MemoryFiles;
  readonly versions: readonly VersionRecord[];
  readonly pinned: VersionRecord;
  readonly portable: Buffer;
}

let sample: Sample;
let zstd: Zstd;

before(async () => {
  zstd = await Zstd.load(wasmDir());
  sample = await makeSample();
});

function textOf(path: string, n: number): string {
  return Array.from({ length: 30 + n }, (_, i) => `${path}, line ${i} of version ${i % 7 === n ? n : 0}\n`).join('');
}

async function makeSample(): Promise<Sample> {
  const files = new MemoryFiles();
  const versions: VersionRecord[] = [];
  for (let round = 0; round < 3; round++) {
    const store = await open(files);
    for (let n = 0; n < 4; n++) {
      const time = 1_000_000 + round * 10_000 + n * 100;
      const drafts = ['a.txt', 'b.txt', 'c/d.txt'].map((path) => draft(path, textOf(path, round * 4 + n), { time }));
      const bytes = Buffer.concat([randomBytes(200), secret, randomBytes(200)]);
      versions.push(...(await store.append([...drafts, draft(secretPath, bytes, { time })])));
      versions.push(...(await store.append([draft('noise.bin', randomBytes(900), { time })])));
    }
    if (round < 2) while (await store.maintain());
    if (round === 2) {
      await store.label('a label', 1_010_150);
      await store.pin(versions[0]?.id ?? '', true);
      await store.exportTo('/elsewhere/out.obby', () => true);
    }
    await store.close();
  }
  const pinned = versions[0];
  assert.ok(pinned);
  assert.ok(files.paths().filter((path) => path.endsWith('.segment')).length >= 2, files.paths().join());
  return { files, versions, pinned, portable: files.get('/elsewhere/out.obby') };
}

/** Versions that are not as they were. */
async function lostOf(store: HistoryStore, versions: readonly VersionRecord[]): Promise<string[]> {
  const lost: string[] = [];
  for (const { id, path, sha256: hash } of versions) {
    try {
      const version = await store.version(id);
      assert.equal(version.path, path);
      assert.equal(version.sha256, hash);
      if (hash !== undefined) assert.equal(sha256(await store.content(id)), hash);
    } catch (error) {
      lost.push(`${path} ${id}: ${String(error)}`);
    }
  }
  return lost;
}

async function assertSound(files: MemoryFiles, versions: readonly VersionRecord[], where: string): Promise<void> {
  for (const withCatalog of [true, false]) {
    const copy = files.copy();
    if (!withCatalog) for (const name of [packedCatalogFileName, catalogFileName]) await copy.remove(`${dir}/${name}`);
    const store = await open(copy);
    const what = `${where}, ${withCatalog ? 'with' : 'without'} its catalog`;
    assert.deepEqual(await lostOf(store, versions), [], what);
    assert.deepEqual(store.problems, [], what);
    const report = await store.check();
    assert.deepEqual([report.damaged, report.repairs], [[], []], what);
    assert.deepEqual(
      (await store.labels()).map(({ name }) => name),
      ['a label'],
      what,
    );
    assert.equal((await store.version(sample.pinned.id)).pinned, true, what);
    await store.close();
  }
}

const ordinary = () => sample.versions.filter(({ path }) => path !== secretPath);

interface Case {
  readonly name: string;
  readonly run: (store: HistoryStore, files: MemoryFiles) => Promise<unknown>;
  /** What must be there whatever happened. */
  readonly kept: () => readonly VersionRecord[];
  /** After an acknowledged run. */
  readonly done?: (store: HistoryStore, files: MemoryFiles, where: string) => Promise<void>;
}

async function work(store: HistoryStore): Promise<void> {
  while (await store.maintain());
}

async function assertForgotten(_store: HistoryStore, files: MemoryFiles, where: string): Promise<void> {
  await _store.close();
  for (const path of files.paths()) {
    if (!path.startsWith(dir)) continue;
    const bytes = files.get(path);
    const plain = path.endsWith('.zst') ? Buffer.from(zstd.unpack(bytes, 16 << 20)) : bytes;
    assert.ok(!plain.includes(secret), `${where}: the secret is in ${path}`);
    assert.ok(!plain.includes(secretPath), `${where}: its path is in ${path}`);
  }
}

const all = () => sample.versions;
const cases: readonly Case[] = [
  { name: 'sealing and merging', run: work, kept: all },
  {
    name: 'dropping for the quota',
    run: async (store) => {
      store.setRetention({ quotaBytes: sizes.fullBytes + 20_000, keepAllMs: 1e12, keepHourlyMs: 1e12 });
      await work(store);
    },
    kept: () => {
      const newest = new Map(sample.versions.map((version) => [version.path, version]));
      return [...newest.values(), sample.pinned];
    },
  },
  {
    name: 'forgetting a file',
    run: (store) => store.forget({ path: secretPath }),
    kept: ordinary,
    done: assertForgotten,
  },
  {
    name: 'forgetting a text',
    run: async (store) => {
      await store.forget({ bytes: [secret] });
      await store.forget({ path: secretPath });
    },
    kept: ordinary,
    done: assertForgotten,
  },
  { name: 'checking', run: (store) => store.check(), kept: all },
  {
    name: 'exporting',
    run: (store) => store.exportTo('/elsewhere/again.obby', () => true),
    kept: all,
    done: async (_store, files, where) => {
      const fresh = new MemoryFiles();
      fresh.put('/in.obby', files.get('/elsewhere/again.obby'));
      const other = await open(fresh);
      await other.importFrom('/in.obby');
      assert.deepEqual(await lostOf(other, sample.versions), [], where);
      await other.close();
    },
  },
  {
    name: 'importing',
    run: async (store, files) => {
      files.put('/in.obby', sample.portable);
      await store.forget({ path: 'a.txt' });
      await store.importFrom('/in.obby');
    },
    kept: () => sample.versions.filter(({ path }) => path !== 'a.txt'),
    done: async (store, _files, where) => {
      assert.deepEqual(await lostOf(store, sample.versions), [], where);
    },
  },
  { name: 'closing', run: (store) => store.close(), kept: all },
];

/** Places at which a run is disturbed, spread over all its operations; another time others. */
const placesPerCase = Number(process.env['OBBY_FAULT_PLACES'] ?? 8);

/** Lets a run fail at one operation, if it comes so far; returns how it went. */
async function disturbed({ name, run }: Case, at: number): Promise<Disturbed> {
  const files = sample.files.copy();
  const store = await open(files);
  let [operations, failed] = [0, ''];
  files.onOperation = (operation, path) => {
    if (operations++ !== at) return;
    failed = `${operation} ${path}`;
    throw errnoError('EIO');
  };
  const outcome = await run(store, files).then(
    () => 'done',
    (error: unknown) => String(error),
  );
  files.onOperation = () => undefined;
  const where = `operation ${at} (${failed}) of ${name}: ${outcome}`;
  return { files, store, operations, isDone: outcome === 'done', where };
}

interface Disturbed {
  readonly files: MemoryFiles;
  readonly store: HistoryStore;
  readonly operations: number;
  readonly isDone: boolean;
  readonly where: string;
}

async function assertNothingLost(each: Case, { files, store, isDone, where }: Disturbed): Promise<void> {
  const { name, run, kept, done } = each;
  if (name !== 'closing') {
    assert.deepEqual(await lostOf(store, kept()), [], where);
    const after = await store.append([draft('after.txt', 'goes on')]);
    if (!isDone) await run(store, files);
    if (name !== 'dropping for the quota') await work(store);
    assert.deepEqual(await lostOf(store, [...kept(), ...after]), [], where);
  }
  await done?.(store, files, where);
  if (name !== 'closing') await store.close();
  await assertSound(files, kept(), where);
}

for (const each of cases) {
  test(`${each.name}: whichever operation fails, nothing is lost, and the next try works`, async () => {
    const undisturbed = await disturbed(each, Infinity);
    await assertNothingLost(each, undisturbed);
    for (let n = 0; n < placesPerCase; n++) {
      const at = Math.floor(((n + Math.random()) * undisturbed.operations) / placesPerCase);
      await assertNothingLost(each, await disturbed(each, at));
    }
  });
}
