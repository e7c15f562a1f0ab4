import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import type { VersionRecord } from '../../../src/model/version';
import { catalogFileName } from '../../../src/store/catalog/catalogFile';
import type { HistoryStore } from '../../../src/model/historyStore';
import { pageBytes } from '../../../src/store/disk/pageSums';
import { draft, onlyMe, openTestStore, sha256 } from './fixtures';
import { MemoryFiles } from './memoryFiles';

const dir = '/store';
const exportPath = '/elsewhere/out.obby';
const catalogPath = `${dir}/${catalogFileName}`;
const sizes = { fullBytes: 256 << 10, minSealBytes: 1 << 10 };
const stretchBytes = 4 << 10;

/** A closed store of one segment, and what is in it. */
interface Sample {
  readonly files: MemoryFiles;
  readonly versions: readonly VersionRecord[];
  readonly segment: string;
  readonly portable: Buffer;
}

let sample: Sample;

before(async () => {
  sample = await makeSample();
});

function open(files: MemoryFiles, more: { readonly unsavedCatalogBytes?: number } = {}): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes: onlyMe, sizes, ...more });
}

/** Bytes that cannot be packed, the same each time. */
function noise(n: number, length: number): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`${n} ${i}`).digest(),
  );
  return Buffer.concat(parts).subarray(0, length);
}

function noiseBytes(n: number): number {
  return 1_500 + n * 40;
}

async function makeSample(): Promise<Sample> {
  const files = new MemoryFiles();
  const store = await open(files);
  const ids: string[] = [];
  for (let n = 0; n < 30; n++) {
    const text = Array.from({ length: 40 }, (_, line) => `line ${line} of version ${line === n ? n : 0}\n`).join('');
    const drafts = [draft('a.txt', text), draft(`noise/${n}.bin`, noise(n, noiseBytes(n)))];
    const added = await store.append(drafts.map((each) => ({ ...each, time: 1_000 + n * 10 })));
    ids.push(...added.map(({ id }) => id));
  }
  await store.label('a label', 1_100);
  await store.pin(ids[3] ?? '', true);
  const versions = await Promise.all(ids.map((id) => store.version(id)));
  while (await store.maintain());
  await store.writeHeartbeat();
  await store.exportTo(exportPath, () => true);
  await store.close();
  const [segment = '', ...others] = files.paths().filter((path) => path.endsWith('.segment'));
  assert.deepEqual(others, []);
  assert.ok(!files.paths().some((path) => path.endsWith('.journal')));
  return { files, versions, segment, portable: files.get(exportPath) };
}

function damagedBy(path: string, change: (bytes: Buffer) => Uint8Array, from = sample.files): MemoryFiles {
  const files = from.copy();
  files.put(path, change(files.get(path)));
  return files;
}

function flip(at: number, bit: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const place = at % bytes.length;
    bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << bit), place);
    return bytes;
  };
}

function zero(at: number, length: number): (bytes: Buffer) => Buffer {
  return (bytes) => bytes.fill(0, at % bytes.length, Math.min((at % bytes.length) + length, bytes.length));
}

/** Checks that all versions are there as recorded; returns those whose content cannot be had, which says so. */
async function unreadable(store: HistoryStore, expected = sample.versions): Promise<Set<string>> {
  const recent = await store.recent({ limit: 1_000 });
  assert.deepEqual([...recent].sort(byId), [...expected].sort(byId));
  return unreadableOf(store, recent);
}

async function unreadableOf(store: HistoryStore, versions: readonly VersionRecord[]): Promise<Set<string>> {
  const lost = new Set<string>();
  for (const { id, sha256: hash } of versions) {
    try {
      assert.equal(sha256(await store.content(id)), hash);
    } catch (error) {
      assert.equal(Reflect.get(error as Error, 'code'), 'storeFailed', String(error));
      lost.add(id);
    }
  }
  return lost;
}

const byId = (a: VersionRecord, b: VersionRecord): number => (a.id < b.id ? -1 : 1);
const nameOf = (path: string): string => path.slice(dir.length + 1);

/** Runs a check, after which the damaged file is aside, what is lost is named, and all else is in order for good. */
async function checkAndGoOn(files: MemoryFiles, store: HistoryStore, lost: ReadonlySet<string>): Promise<void> {
  const broken = files.get(sample.segment);
  const report = await store.check();
  assert.deepEqual(new Set(report.damaged.map(({ id }) => id)), lost);
  assert.equal(report.damagedCount, lost.size);
  assert.equal(report.repairs.length, 1);
  assert.ok(report.repairs[0]?.includes(nameOf(sample.segment)), report.repairs[0]);
  assert.deepEqual(files.get(sample.segment.replace('.segment', '.damaged.segment')), broken);
  assert.ok(!files.paths().includes(sample.segment));
  const again = await store.check();
  assert.deepEqual(again.repairs, []);
  assert.deepEqual(new Set(again.damaged.map(({ id }) => id)), lost);
  await store.append([draft('goes on', 'x', { time: 9_000 })]);
  await store.close();
  for (const path of [catalogPath, '']) {
    const reopened = await open(files.copy(path));
    assert.deepEqual(reopened.problems, []);
    const [newest] = await reopened.recent({ limit: 1 });
    assert.equal(newest?.path, 'goes on');
    assert.deepEqual(await unreadable(reopened, [...sample.versions, newest]), lost);
    await reopened.close();
  }
}

test('a bit flipped in a segment is put right, and named by a check', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(7), fc.boolean(), async (at, bit, isCatalogThere) => {
      const damaged = damagedBy(sample.segment, flip(at, bit));
      const files = isCatalogThere ? damaged : damaged.copy(catalogPath);
      const store = await open(files);
      assert.deepEqual(store.problems, []);
      assert.equal((await unreadable(store)).size, 0);
      assert.equal((await store.labels()).length, 1);
      await checkAndGoOn(files, store, new Set());
    }),
    { numRuns: times(5) },
  );
});

test('a stretch of zeros in a segment, or its end cut off, costs no version, and the contents it costs are named', async () => {
  const size = sample.files.get(sample.segment).length;
  const damages = fc.oneof(
    fc.nat(size - 1).map((at) => zero(at, stretchBytes)),
    fc.nat(size - 1).map((left) => (bytes: Buffer) => bytes.subarray(0, left)),
  );
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(damages, async (damage) => {
      const files = damagedBy(sample.segment, damage);
      const store = await open(files);
      const lost = await unreadable(store);
      kept += sample.versions.length - lost.size;
      await checkAndGoOn(files, store, lost);
    }),
    { numRuns: times(5), examples: [[zero(size - 100, 100)]] },
  );
  assert.ok(kept > 0);
});

/** Destroys the parity pages: four, in a segment of this size. */
function withoutParity(bytes: Buffer): Buffer {
  const pages = (bytes.length - 16) / 1028;
  return bytes.fill(0, (pages - 4) * 1024, pages * 1024);
}

test('a block of the disk that is lost anywhere in a segment costs nothing, with a catalog or without', async () => {
  const size = sample.files.get(sample.segment).length;
  const blocks = fc.nat(Math.floor(size / stretchBytes) - 2);
  await fc.assert(
    fc.asyncProperty(blocks, fc.boolean(), async (block, isCatalogThere) => {
      const damaged = damagedBy(sample.segment, zero(block * stretchBytes, stretchBytes));
      const files = isCatalogThere ? damaged : damaged.copy(catalogPath);
      const store = await open(files);
      assert.deepEqual(store.problems, []);
      assert.equal((await unreadable(store)).size, 0);
      await checkAndGoOn(files, store, new Set());
    }),
    { numRuns: times(5), examples: [[0, false]] },
  );
});

test('bytes overwritten in a content cost that content alone, and nothing while there is parity', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(29), fc.boolean(), async (n, isParityThere) => {
      const path = `noise/${n}.bin`;
      // SQLite fills the last page of a long value, so that these stand side by side, away from other rows.
      const at = sample.files.get(sample.segment).indexOf(noise(n, noiseBytes(n)).subarray(-100));
      assert.ok(at > 0);
      const damage = zero(at, 100);
      const files = damagedBy(sample.segment, (bytes) => damage(isParityThere ? bytes : withoutParity(bytes)));
      const store = await open(files);
      const lost = await unreadable(store);
      const touched = sample.versions.flatMap((version) => (version.path === path ? [version.id] : []));
      assert.deepEqual(lost, new Set(isParityThere ? [] : touched));
      await checkAndGoOn(files, store, lost);
    }),
    { numRuns: times(4), examples: [[3, false]] },
  );
});

test('a segment whose page sums are gone loses nothing, with a catalog or without', async () => {
  const { length } = sample.files.get(sample.segment);
  for (const damage of [zero(length - 100, 100), (bytes: Buffer) => bytes.subarray(0, -50)]) {
    for (const except of [catalogPath, '']) {
      const files = damagedBy(sample.segment, damage).copy(except);
      const store = await open(files);
      assert.deepEqual(
        store.problems.map(({ file }) => file),
        except === '' ? [] : [nameOf(sample.segment)],
      );
      assert.equal((await unreadable(store)).size, 0);
      await checkAndGoOn(files, store, new Set());
    }
  }
});

test('without a catalog, what stands elsewhere in a damaged segment is taken in, and nothing wrong is', async () => {
  const { length } = sample.files.get(sample.segment);
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(length - 1), async (at) => {
      const files = damagedBy(sample.segment, zero(at, stretchBytes)).copy(catalogPath);
      const store = await open(files);
      const expected = new Map(sample.versions.map((version) => [version.id, version]));
      const found = await store.recent({ limit: 1_000 });
      for (const { id, path, sha256: hash } of found) {
        assert.deepEqual([path, hash], [expected.get(id)?.path, expected.get(id)?.sha256]);
      }
      const lost = await unreadableOf(store, found);
      kept += found.length - lost.size;
      if (lost.size > 0 || found.length < expected.size) {
        assert.deepEqual(new Set([...store.problems.map(({ file }) => file), nameOf(sample.segment)]).size, 1);
      }
      const report = await store.check();
      assert.deepEqual(new Set(report.damaged.map(({ id }) => id)), lost);
      assert.ok(report.repairs.some((repair) => repair.includes(nameOf(sample.segment))));
      await store.close();
    }),
    { numRuns: times(6), examples: [[length - 100]] },
  );
  assert.ok(kept > 0);
});

test('a bit flipped in a catalog costs nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
      const files = damagedBy(catalogPath, flip(at, bit));
      const store = await open(files);
      assert.ok(store.problems.every(({ file }) => file === catalogFileName));
      assert.equal((await unreadable(store)).size, 0);
      assert.deepEqual((await store.check()).damaged, []);
      await store.append([draft('goes on', 'x', { time: 9_000 })]);
      await store.close();
    }),
    { numRuns: times(8) },
  );
});

test('stretches that are lost of a catalog cost nothing but a reload', async () => {
  const stretches = fc.array(fc.record({ at: fc.nat(), length: fc.integer({ min: 1, max: 12_000 }) }), {
    minLength: 1,
    maxLength: 4,
  });
  const append = (store: HistoryStore) => store.append([draft('goes on', 'x', { time: 9_000 })]);
  const check = (store: HistoryStore) => store.check();
  const work = [
    ...[append, check],
    (store: HistoryStore) => store.recent({ limit: 1_000 }),
    (store: HistoryStore) => store.storage(),
    (store: HistoryStore) => store.planForget({ matches: () => true }),
  ];
  // Opening meets most of them; a check at the latest meets each other one, and closing never saves it as a good one.
  const pages = Array.from({ length: Math.floor(sample.files.get(catalogPath).length / pageBytes) }, (_, page) => page);
  const everyPage = pages.flatMap((page): [{ at: number; length: number }[], typeof work, boolean][] => {
    const lost = [{ at: page * pageBytes, length: pageBytes }];
    return [
      [lost, [check], false],
      [lost, [append], true],
    ];
  });
  let [whole, broken] = [0, 0];
  await fc.assert(
    fc.asyncProperty(stretches, fc.shuffledSubarray(work), fc.boolean(), async (lost, tries, isClosed) => {
      const lose = (bytes: Buffer): Buffer => {
        for (const { at, length } of lost) bytes.subarray(at % bytes.length, (at % bytes.length) + length).fill(0x5a);
        return bytes;
      };
      const files = damagedBy(catalogPath, lose);
      const store = await open(files);
      assert.ok(store.problems.every(({ file }) => file === catalogFileName));
      for (const attempt of tries) {
        await attempt(store).then(
          () => whole++,
          (error: unknown) => {
            broken++;
            assert.match(String(error), /^ObbyError: The list of versions .* Reload the window: /);
          },
        );
      }
      if (isClosed) await store.close();
      const left = isClosed ? files : files.copy();
      const reloaded = await open(left);
      // What nobody met before, this may.
      await reloaded.check().catch((error: unknown) => assert.match(String(error), /Reload the window/));
      await reloaded.close();
      const again = await open(left);
      const recorded = (await again.recent({ limit: 1 }))[0]?.path === 'goes on' ? 1 : 0;
      const recent = await again.recent({ limit: 1_000 });
      assert.deepEqual([...recent.slice(recorded)].sort(byId), [...sample.versions].sort(byId));
      assert.equal((await unreadableOf(again, recent)).size, 0);
      assert.deepEqual((await again.check()).damaged, []);
      await again.close();
    }),
    { numRuns: everyPage.length + times(10), examples: everyPage },
  );
  assert.ok(whole > 0 && broken > 0, `${whole} whole, ${broken} broken`);
});

test('a bit flipped in stamps, notes or the time last seen costs nothing', async () => {
  const files = sample.files.copy(catalogPath);
  const store = await open(files, { unsavedCatalogBytes: 1 << 30 });
  await store.noteStamps([{ path: 'a.txt', stamp: '1 2' }]);
  await store.check();
  const seen = (await store.lastHeartbeat()) ?? 0;
  await store.close();
  const small = ['stamps.json.zst', 'upkeep.json', 'seen'].map((name) => `${dir}/${name}`);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...small), fc.nat(), fc.nat(7), async (path, at, bit) => {
      const reopened = await open(damagedBy(path, flip(at, bit), files), { unsavedCatalogBytes: 1 << 30 });
      assert.deepEqual(reopened.problems, []);
      assert.equal((await unreadable(reopened)).size, 0);
      assert.ok(((await reopened.lastHeartbeat()) ?? 0) <= seen, 'a gap may look longer, never shorter');
      await reopened.append([draft('goes on', 'x', { time: 9_000 })]);
      assert.deepEqual((await reopened.check()).damaged, []);
      await reopened.close();
    }),
    { numRuns: times(16) },
  );
});

test('an exported file with a flipped bit gives exactly what was exported, or is refused', async () => {
  let [taken, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.nat(15), fc.nat()), fc.nat(7), async (at, bit) => {
      const files = new MemoryFiles();
      files.put(exportPath, flip(at, bit)(Buffer.from(sample.portable)));
      const store = await open(files);
      try {
        await store.importFrom(exportPath);
        taken++;
      } catch (error) {
        refused++;
        assert.equal(Reflect.get(error as Error, 'code'), 'badArgument');
        assert.ok(String(error).includes(`${exportPath} cannot be imported: `), String(error));
        assert.deepEqual(await store.recent({ limit: 1 }), []);
        return;
      }
      assert.equal((await unreadable(store)).size, 0);
      assert.deepEqual((await store.check()).damaged, []);
      await store.close();
    }),
    { numRuns: times(16) },
  );
  assert.ok(taken > 0 && refused > 0, `${taken} taken, ${refused} refused`);
});
