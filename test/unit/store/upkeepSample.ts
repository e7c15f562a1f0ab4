import assert from 'node:assert/strict';
import type { VersionRecord } from '../../../src/model/version';
import { catalogFileName } from '../../../src/store/catalog/catalogFile';
import type { HistoryStore } from '../../../src/model/historyStore';
import { Zstd } from '../../../src/store/format/zstd';
import { draft, ListLog, onlyMe, openTestStore, sha256, wasmDir } from './fixtures';
import { MemoryFiles } from './memoryFiles';
import { chanceOf } from '../../support/chance';

export const dir = '/store';
const sizes = { fullBytes: 256 << 10, minSealBytes: 2 << 10 };
const chance = chanceOf('upkeep sample');
export const secret = chance.bytes(24);
export const secretPath = 'secret/path-of-the-secret.bin';

const log = new ListLog();
export function open(files: MemoryFiles): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes: onlyMe, sizes, log });
}

/** Does all upkeep that there is to do. */
export async function work(store: HistoryStore): Promise<void> {
  while (await store.maintain());
}

/** The disk of a closed store, and what was acknowledged of it. */
export interface Sample {
  readonly files: MemoryFiles;
  readonly versions: readonly VersionRecord[];
  readonly pinned: VersionRecord;
  /** What a check finds damaged, at most. */
  readonly damaged: ReadonlySet<string>;
}

/** A store with segments and a journal; its history is in `/elsewhere/out.obby` too. */
export async function sealedSample(): Promise<Sample> {
  const sample = await makeSample(work);
  assert.ok(sample.files.paths().filter((path) => path.endsWith('.segment')).length >= 2);
  return sample;
}

/** A store of journals only. */
export async function journalsSample(): Promise<Sample> {
  const sample = await makeSample(() => Promise.resolve());
  await withoutCatalog(sample.files);
  return sample;
}

/** A bit is wrong in a segment, and bytes of a content in each of the other files. */
export async function damagedSample({ files: sound, versions, pinned }: Sample): Promise<Sample> {
  const files = sound.copy();
  const [first, ...others] = files.paths().filter((path) => /\.(segment|journal)$/.test(path));
  assert.ok(first !== undefined && others.length > 0);
  const bytes = files.get(first);
  files.put(first, bytes.fill(bytes.readUInt8(5_000) ^ 4, 5_000, 5_001));
  for (const path of others) {
    const damaged = files.get(path);
    files.put(path, damaged.fill(0, damaged.length >> 1, (damaged.length >> 1) + 40));
  }
  const store = await open(files.copy());
  const { damaged } = await store.check();
  await store.close();
  return { files, versions, pinned, damaged: new Set(damaged.map(({ id }) => id)) };
}

async function makeSample(afterRound: (store: HistoryStore) => Promise<void>): Promise<Sample> {
  const files = new MemoryFiles();
  const versions: VersionRecord[] = [];
  for (let round = 0; round < 3; round++) {
    const store = await open(files);
    for (let n = 0; n < 4; n++) {
      const time = 1_000_000 + round * 10_000 + n * 100;
      const drafts = ['a.txt', 'b.txt', 'c/d.txt'].map((path) => draft(path, linesOf(path, round * 4 + n), { time }));
      const bytes = Buffer.concat([chance.bytes(200), secret, chance.bytes(200)]);
      versions.push(...(await store.append([...drafts, draft(secretPath, bytes, { time })])));
      versions.push(...(await store.append([draft('noise.bin', chance.bytes(900), { time })])));
    }
    if (round < 2) await afterRound(store);
    if (round === 2) {
      await store.label('a label', 1_010_150);
      await store.pin(versions[0]?.id ?? '', true);
      await store.exportTo('/elsewhere/out.obby', () => true);
    }
    await store.close();
  }
  const pinned = versions[0];
  assert.ok(pinned);
  return { files, versions, pinned, damaged: new Set() };
}

function linesOf(path: string, n: number): string {
  return Array.from({ length: 30 + n }, (_, i) => `${path}, line ${i} of version ${i % 7 === n ? n : 0}\n`).join('');
}

/** Versions that are not as they were. */
export async function lostOf(store: HistoryStore, versions: readonly VersionRecord[]): Promise<string[]> {
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

/** What the disk of a closed store must still say, with its catalog and without. */
export async function assertSound(
  files: MemoryFiles,
  { pinned, damaged }: Sample,
  versions: readonly VersionRecord[],
  where: string,
): Promise<void> {
  for (const hasCatalog of [true, false]) {
    const copy = files.copy();
    if (!hasCatalog) await withoutCatalog(copy);
    const store = await open(copy);
    const what = `${where}, ${hasCatalog ? 'with' : 'without'} its catalog`;
    assert.deepEqual(await lostOf(store, versions), [], what);
    assert.deepEqual(store.problems, [], what);
    const report = await store.check();
    assert.deepEqual(
      report.damaged.filter(({ id }) => !damaged.has(id)),
      [],
      what,
    );
    assert.deepEqual(report.repairs, [], what);
    const labels = (await store.labels()).map(({ name }) => name);
    assert.deepEqual(labels, ['a label'], what);
    assert.equal((await store.version(pinned.id)).pinned, true, what);
    await store.close();
  }
}

export async function withoutCatalog(files: MemoryFiles): Promise<void> {
  await files.remove(`${dir}/${catalogFileName}`);
}

/** No byte of the secret, nor the path that held it, stands in a file of the store. */
export async function assertForgotten(files: MemoryFiles, where: string): Promise<void> {
  const zstd = await Zstd.load(wasmDir());
  for (const path of files.paths()) {
    if (!path.startsWith(`${dir}/`)) continue;
    const bytes = files.get(path);
    const plain = path.endsWith('.zst') ? Buffer.from(zstd.unpack(bytes, 16 << 20)) : bytes;
    assert.ok(!plain.includes(secret), `${where}: the secret is in ${path}`);
    assert.ok(!plain.includes(secretPath), `${where}: its path is in ${path}`);
  }
}
