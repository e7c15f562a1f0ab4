import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import type { RetentionPolicy } from '../../../src/model/historyMaintenance';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore, VersionDraft } from '../../../src/model/historyStore';
import type { Processes } from '../../../src/store/sync/owner';
import { deletion, draft, onlyMe, openTestStore } from './fixtures';
import { MemoryFiles } from './memoryFiles';

const dir = '/store';
const kb = 1 << 10;
const mb = 1 << 20;
const sizes = { fullBytes: 256 * kb, minSealBytes: 1 * kb };
const never = Number.MAX_SAFE_INTEGER;
const unlimited: RetentionPolicy = { quotaBytes: never, keepAllMs: never, keepHourlyMs: never };

function open(
  files: MemoryFiles,
  options: { sizes?: typeof sizes; processes?: Processes } = {},
): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes: onlyMe, sizes, ...options });
}

/** Bytes that nothing makes smaller. */
function noise(seed: string, length: number): Buffer {
  const hashes = Array.from({ length: Math.ceil(length / 32) }, (_, n) => createHash('sha256').update(`${seed} ${n}`));
  return Buffer.concat(hashes.map((hash) => hash.digest())).subarray(0, length);
}

async function tidy(store: HistoryStore): Promise<void> {
  while (await store.maintain());
}

/** Does all upkeep with a quota that is smaller than what the store takes now. */
async function shrink(
  store: HistoryStore,
  byBytes: number,
): Promise<{ readonly quota: number; readonly left: number }> {
  await tidy(store);
  const quota = (await store.storage()).totalBytes - byBytes;
  store.setRetention({ ...unlimited, quotaBytes: quota });
  await tidy(store);
  return { quota, left: (await store.storage()).totalBytes };
}

/** Times of a file's versions, newest first. */
async function timesOf(store: HistoryStore, path: string): Promise<number[]> {
  return (await store.versions(path, { limit: 1_000 })).map(({ time }) => time);
}

async function countOf(store: HistoryStore, path: string): Promise<number> {
  return (await timesOf(store, path)).length;
}

test('nothing is dropped while the store takes less than the quota, even one smaller than a journal', async () => {
  const files = new MemoryFiles();
  const store = await openTestStore({ dir, files, processes: onlyMe });
  store.setRetention({ ...unlimited, quotaBytes: 10 * mb });
  for (let n = 0; n < 40; n++) await store.append([draft('a.bin', noise(`a ${n}`, 10 * kb), { time: 1_000 + n })]);
  await tidy(store);
  const { versions, droppings, totalBytes } = await store.storage();
  assert.ok(totalBytes > 400 * kb && totalBytes < mb, `${totalBytes} bytes`);
  assert.deepEqual([versions, droppings], [40, []]);
  await store.close();
});

test('nothing is dropped below the quota while versions are recorded without pause', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  const quotaBytes = mb;
  store.setRetention({ ...unlimited, quotaBytes });
  let recorded = 0;
  for (let most = 0; ; recorded++) {
    const { totalBytes, versions } = await store.storage();
    most = Math.max(most, totalBytes);
    if (most <= quotaBytes) assert.equal(versions, recorded, `${most} bytes`);
    else if (versions < recorded) break;
    assert.ok(recorded < 300);
    await store.append([draft('a.bin', noise(`a ${recorded}`, 10 * kb), { time: 1_000 + recorded })]);
  }
  await store.close();
});

test('above the quota, no more is dropped than it takes', async () => {
  const store = await open(new MemoryFiles());
  for (let n = 0; n < 100; n++) await store.append([draft('a.bin', noise(`a ${n}`, 10 * kb), { time: 1_000 + n })]);
  const { quota, left } = await shrink(store, 50 * kb);
  // A reserve of 1/64, and the version that is the last to go.
  assert.ok(left <= quota && left > quota * (1 - 1 / 64) - 12 * kb, `${left} of ${quota} bytes`);
  const times = await timesOf(store, 'a.bin');
  assert.deepEqual(
    times,
    Array.from({ length: times.length }, (_, n) => 1_099 - n),
    'the oldest went',
  );
  await store.close();
});

test('one noisy file makes room by its own old versions', async () => {
  const store = await open(new MemoryFiles());
  const drafts: VersionDraft[] = [];
  for (let n = 0; n < 20; n++)
    drafts.push(draft('notes.md', `${'a line of notes\n'.repeat(40)}${n}`, { time: 1_000 + n }));
  for (let n = 0; n < 12; n++) drafts.push(draft('picture.bin', noise(`picture ${n}`, 40 * kb), { time: 1_000 + n }));
  for (let n = 0; n < 100; n++) drafts.push(draft('noise.bin', noise(`noise ${n}`, 20 * kb), { time: 2_000 + n }));
  for (const each of drafts) await store.append([each]);
  await shrink(store, mb);
  assert.equal(await countOf(store, 'notes.md'), 20);
  assert.equal(await countOf(store, 'picture.bin'), 12);
  assert.deepEqual((await timesOf(store, 'noise.bin')).at(0), 2_099);
  await shrink(store, 700 * kb);
  assert.equal(await countOf(store, 'notes.md'), 20);
  assert.ok((await countOf(store, 'noise.bin')) > 1, 'no file pays for all');
  assert.ok((await countOf(store, 'picture.bin')) > 1, 'no file pays for all');
  await store.close();
});

test('a large text with small changes costs what the changes do', async () => {
  const store = await open(new MemoryFiles(), { sizes: { fullBytes: 4 * mb, minSealBytes: kb } });
  const lines =
    noise('text', 300 * kb)
      .toString('base64')
      .match(/.{1,60}/g) ?? [];
  for (let n = 0; n < 30; n++) {
    lines[n * 10] = `changed ${n}`;
    await store.append([draft('large.txt', lines.join('\n'), { time: 1_000 + n })]);
  }
  for (let n = 0; n < 40; n++) await store.append([draft('noise.bin', noise(`n ${n}`, 20 * kb), { time: 2_000 + n })]);
  await shrink(store, 500 * kb);
  assert.equal(await countOf(store, 'large.txt'), 30);
  assert.ok((await countOf(store, 'noise.bin')) > 10);
  await store.close();
});

test('what is pinned, labelled, or the last stored content of a file stays under any quota and at any age', async () => {
  const store = await open(new MemoryFiles());
  const content = (path: string, n: number): Buffer => noise(`${path} ${n}`, 10 * kb);
  const kept = new Map<string, Buffer>();
  const tooLarge = { unstored: 'too large', size: 1e9 } as const;
  for (const path of ['grew.bin', 'grew and went.bin', 'went.bin', 'renamed.bin', 'pinned.bin', 'labelled.bin']) {
    for (let n = 0; n < 5; n++) await store.append([draft(path, content(path, n), { time: 1_000 + n })]);
  }
  const withoutContent = (path: string, time: number): VersionDraft => {
    const { content: _content, ...rest } = draft(path, '', { time, ...tooLarge });
    return rest;
  };
  for (const path of ['grew.bin', 'grew and went.bin']) {
    for (const time of [1_100, 1_200]) await store.append([withoutContent(path, time)]);
    kept.set(path, content(path, 4));
  }
  await store.append([deletion('grew and went.bin', { time: 1_300 }), deletion('went.bin', { time: 1_300 })]);
  kept.set('went.bin', content('went.bin', 4));
  const renamed = { kind: 'renamed', renamedFrom: 'renamed.bin', time: 1_300 } as const;
  await store.append([draft('new name.bin', content('renamed.bin', 4), renamed)]);
  kept.set('new name.bin', content('renamed.bin', 4));
  const [, second] = (await store.versions('pinned.bin', {})).reverse();
  await store.pin(second?.id ?? '', true);
  await store.label('here', 1_002);
  kept.set('pinned.bin', content('pinned.bin', 1));
  kept.set('labelled.bin', content('labelled.bin', 2));
  await tidy(store);
  for (const policy of [
    { ...unlimited, quotaBytes: 1 },
    { ...unlimited, keepAllMs: 1, keepHourlyMs: 1 },
  ]) {
    store.setRetention(policy);
    await tidy(store);
    for (const [path, expected] of kept) {
      const stored = (await store.versions(path, { limit: 100 })).filter(
        ({ sha256, unstored }) => sha256 !== undefined && unstored === undefined,
      );
      const contents = await Promise.all(stored.map(({ id }) => store.content(id)));
      assert.ok(
        contents.some((each) => expected.equals(each)),
        path,
      );
    }
  }
  assert.equal(await countOf(store, 'grew.bin'), 3, 'the label and the last copy, and the newest row');
  await store.close();
});

test('a version whose content is needed by one that stays is not dropped in vain', async () => {
  const store = await open(new MemoryFiles());
  for (let n = 0; n < 10; n++) {
    const content = noise(`moved ${n}`, 50 * kb);
    await store.append([draft(`old ${n}.bin`, content, { time: 1_000 + n })]);
    await store.append([
      draft(`new ${n}.bin`, content, { time: 2_000 + n, kind: 'renamed', renamedFrom: `old ${n}.bin` }),
    ]);
  }
  for (let n = 0; n < 80; n++) {
    await store.append([draft(`${n % 40}.bin`, noise(`${n}`, 10 * kb), { time: 3_000 + n })]);
  }
  await shrink(store, 100 * kb);
  for (let n = 0; n < 10; n++) assert.equal(await countOf(store, `new ${n}.bin`), 2);
  await store.close();
});

test('a content that versions in two segments had becomes free with the last of them', async () => {
  const store = await open(new MemoryFiles());
  const large = noise('large', 200 * kb);
  await store.append([draft('a.bin', large, { time: 1_000 })]);
  await tidy(store);
  await store.append([draft('a.bin', noise('small', 5 * kb), { time: 1_001 })]);
  await store.append([draft('a.bin', large, { time: 1_002 })]);
  await store.append([draft('a.bin', noise('last', 5 * kb), { time: 1_003 })]);
  const { quota, left } = await shrink(store, 150 * kb);
  assert.ok(left <= quota, `${left} of ${quota} bytes`);
  assert.deepEqual(await timesOf(store, 'a.bin'), [1_003, 1_001]);
  await store.close();
});

test('the journal of another window costs this one nothing', async () => {
  const files = new MemoryFiles();
  const processes: Processes = { pid: process.pid, machine: 'here', isRunning: () => true };
  const shared = { processes, sizes: { fullBytes: 2 * mb, minSealBytes: kb } };
  const [store, other] = [await open(files, shared), await open(files, shared)];
  for (let n = 0; n < 20; n++) await store.append([draft('a.bin', noise(`a ${n}`, 10 * kb), { time: 1_000 + n })]);
  await tidy(store);
  for (let n = 0; n < 20; n++) await other.append([draft('b.bin', noise(`b ${n}`, 20 * kb), { time: 2_000 + n })]);
  store.setRetention({ ...unlimited, quotaBytes: 300 * kb });
  await tidy(store);
  assert.ok((await store.storage()).totalBytes > 500 * kb);
  assert.equal(await countOf(store, 'a.bin'), 20);
  await other.close();
  await store.close();
});

interface Written {
  readonly path: string;
  readonly bytes: number;
  readonly isStored: boolean;
  readonly isDeletion: boolean;
}

const aWrite: fc.Arbitrary<Written> = fc.record({
  path: fc.constantFrom('a', 'b', 'c/d'),
  bytes: fc.constantFrom(0, 10, 3_000, 20_000),
  isStored: fc.boolean(),
  isDeletion: fc.constantFrom(false, false, false, true),
});

/** What must be there whatever the quota: of each file the newest version, and the newest with content. */
function mustStay(versions: readonly VersionRecord[]): VersionRecord[] {
  const hasContent = ({ sha256, unstored }: VersionRecord): boolean => sha256 !== undefined && unstored === undefined;
  return [...new Set(versions.map(({ path }) => path))].flatMap((path) => {
    const own = versions.filter((version) => version.path === path);
    return [own.at(-1), own.filter(hasContent).at(-1)].filter((version) => version !== undefined);
  });
}

test('any history, any quota: it is kept, or only what must stay is left; below it nothing goes', async () => {
  const writes = fc.array(aWrite, { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(writes, fc.double({ min: 0, max: 1.2, noNaN: true }), async (list, share) => {
      const store = await open(new MemoryFiles());
      const versions: VersionRecord[] = [];
      for (const [n, { path, bytes, isStored, isDeletion }] of list.entries()) {
        const time = 1_000 + n;
        const { content, ...rest } = draft(path, noise(`${n % 7}`, bytes), { time });
        const written = isStored
          ? { ...rest, ...(content && { content }) }
          : { ...rest, unstored: 'too large' as const };
        versions.push(...(await store.append([isDeletion ? deletion(path, { time }) : written])));
        if (n % 9 === 8) await tidy(store);
      }
      await tidy(store);
      const before = await store.storage();
      const quotaBytes = Math.round(before.totalBytes * share);
      store.setRetention({ ...unlimited, quotaBytes });
      await tidy(store);
      const after = await store.storage();
      if (before.totalBytes <= quotaBytes) assert.equal(after.versions, versions.length);
      if (after.totalBytes > quotaBytes) assert.equal(after.overQuotaBytes, after.totalBytes - quotaBytes);
      for (const { id, sha256, unstored } of mustStay(versions)) {
        assert.equal((await store.version(id)).id, id);
        if (sha256 !== undefined && unstored === undefined) await store.content(id);
      }
      assert.equal((await store.check()).damagedCount, 0);
      await store.close();
    }),
    { numRuns: times(25) },
  );
});
