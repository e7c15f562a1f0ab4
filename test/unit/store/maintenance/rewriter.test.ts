import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Head, HistoryStore } from '../../../../src/model/historyStore';
import type { VersionRecord } from '../../../../src/model/version';
import { isLong } from '../../../support/chance';
import { FakeClock } from '../../../support/fakeClock';
import { deletion, draft, onlyMe, openTestStore, sha256, textOf } from '../fixtures';
import { MemoryFiles } from '../memoryFiles';

const sizes = { fullBytes: 1 << 20, minSealBytes: 1 };
const dayMs = 86_400_000;
const start = Math.ceil(1_700_000_000_000 / dayMs) * dayMs;

function open(files: MemoryFiles, clock = new FakeClock(start)): Promise<HistoryStore> {
  return openTestStore({ dir: '/store', files, clock, processes: onlyMe, sizes });
}

async function tidy(store: HistoryStore): Promise<void> {
  while (await store.maintain());
}

async function textsOf(store: HistoryStore, path: string): Promise<string[]> {
  const versions = await store.versions(path, { limit: 1_000 });
  return Promise.all(
    versions.map(({ id, kind }) => (kind === 'deleted' ? Promise.resolve('deleted') : textOf(store, id))),
  );
}

test('versions whose contents are all in other segments outlive sealing and merging', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await store.append([draft('a', 'one'), draft('a', 'two')]);
  await tidy(store);
  for (let n = 0; n < 6; n++) {
    await store.append([draft('a', n % 2 === 0 ? 'one' : 'two', { time: 2_000 + n }), draft(`b${n}`, 'one')]);
    await tidy(store);
  }
  await store.append([deletion('a', { time: 9_000 })]);
  await tidy(store);
  await store.close();
  const again = await open(files);
  assert.deepEqual(await textsOf(again, 'a'), ['deleted', 'two', 'one', 'two', 'one', 'two', 'one', 'two', 'one']);
  for (let n = 0; n < 6; n++) assert.deepEqual(await textsOf(again, `b${n}`), ['one']);
  assert.equal((await again.check()).damagedCount, 0);
  await again.close();
});

/** Lets other work run `turns` times. */
async function wait(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
}

test('a version that is pinned, or whose content comes again, while it is dropped stays', async () => {
  let [dropped, stayed, rounds] = [0, 0, 0];
  for (let turns = 0; turns < 60; turns += isLong ? 1 : 4) {
    rounds++;
    const files = new MemoryFiles();
    const clock = new FakeClock(start);
    const store = await open(files, clock);
    const drafts = Array.from({ length: 40 }, (_, n) => draft('a', `text ${n}`, { time: start + n * 60_000 }));
    const [pinned, reused] = await store.append(drafts);
    assert.ok(pinned && reused);
    await tidy(store);
    store.setRetention({ quotaBytes: 1 << 30, keepAllMs: dayMs, keepHourlyMs: dayMs });
    clock.advance(10 * dayMs);
    const dropping = tidy(store);
    await wait(turns);
    const pin = store.pin(pinned.id, true).then(
      () => true,
      () => false,
    );
    await store.append([draft('b', 'text 1', { time: clock.now() })]);
    const isPinned = await pin;
    await dropping;
    assert.deepEqual(await textsOf(store, 'b'), ['text 1']);
    const left = await store.versions('a', { limit: 100 });
    if (isPinned) {
      stayed++;
      assert.equal(await textOf(store, pinned.id), 'text 0');
    }
    if (left.length < 40) dropped++;
    assert.equal((await store.check()).damagedCount, 0);
    await store.close();
  }
  assert.ok(dropped > rounds / 2 && stayed > rounds / 6, `${dropped} dropped, ${stayed} pinned, of ${rounds}`);
});

test('a content that a version comes to need while it is dropped stays, whenever that is', async () => {
  let [atOnce, retried] = [0, 0];
  for (let turns = 0; turns < 40; turns += isLong ? 1 : 4) {
    const files = new MemoryFiles();
    const clock = new FakeClock(start);
    const store = await open(files, clock);
    await store.append(Array.from({ length: 12 }, (_, n) => draft('a', `text ${n}`, { time: start + n * 60_000 })));
    await tidy(store);
    store.setRetention({ quotaBytes: 1 << 30, keepAllMs: dayMs, keepHourlyMs: dayMs });
    clock.advance(10 * dayMs);
    const dropping = tidy(store);
    await wait(turns);
    await store.append([draft('b', 'text 1', { time: clock.now() })]);
    const wasLeft = (await store.versions('a', { limit: 100 })).length > 1;
    await dropping;
    if (wasLeft) retried++;
    else atOnce++;
    assert.deepEqual(await textsOf(store, 'b'), ['text 1'], `after ${turns} turns`);
    assert.equal((await store.check()).damagedCount, 0, `after ${turns} turns`);
    await store.close();
  }
  assert.ok(retried > 0, `${atOnce} too late`);
});

test('after its newest versions were deleted, a file goes on from the one that is left', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await store.append(['one', 'two', 'three'].map((text, n) => draft('a', text, { time: 1_000 * (n + 1) })));
  await tidy(store);
  await store.forget({ path: 'a', since: 2_500 });
  const head = await store.head('a');
  assert.equal(head && (await textOf(store, head.version.id)), 'two');
  const listed = async (heads: Promise<readonly Head[]>) => (await heads).map(({ version }) => version.id);
  assert.deepEqual(await listed(store.heads('')), [head?.version.id]);
  assert.deepEqual(await listed(store.headsOf(sha256(Buffer.from('two')), 9)), [head?.version.id]);
  assert.deepEqual(await listed(store.headsOf(sha256(Buffer.from('three')), 9)), []);
  const [next] = await store.append([draft('a', 'four', { time: 9_000 })]);
  assert.equal(next?.previous, head?.version.id);
  await store.close();
  const again = await open(files);
  assert.deepEqual(await textsOf(again, 'a'), ['four', 'two', 'one']);
  await again.close();
});

test('after its deletion was forgotten a file exists again; with its deletion alone left, it has no last content', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  const hash = sha256(Buffer.from('one'));
  await store.append([draft('a', 'one', { time: 1_000 }), draft('b', 'one', { time: 1_000 })]);
  await store.append([deletion('a', { time: 5_000 }), deletion('b', { time: 2_000 })]);
  await tidy(store);
  const deleted = async (versions: Promise<readonly VersionRecord[]>) =>
    (await versions).map(({ path }) => path).sort();
  assert.deepEqual(await deleted(store.deletionsOf(hash, 0, 9)), ['a', 'b']);
  await store.forget({ path: 'a', since: 4_000 });
  assert.deepEqual(await deleted(store.deletedFiles(9)), ['b']);
  assert.deepEqual(
    (await store.heads('')).map(({ version }) => version.path),
    ['a'],
  );
  await store.append([draft('c', 'one', { time: 1_000 }), deletion('c', { time: 2_000 })]);
  await store.append([draft('c', 'two', { time: 6_000 })]);
  await store.forget({ path: 'c', since: 4_000 });
  assert.deepEqual(await deleted(store.deletionsOf(hash, 0, 9)), ['b', 'c'], 'its last content is the one before');
  await store.forget({ path: 'c' });
  await store.forget({ path: 'b', until: 1_500 });
  assert.deepEqual(await deleted(store.deletedFiles(9)), ['b']);
  assert.deepEqual(await deleted(store.deletionsOf(hash, 0, 9)), []);
  await store.close();
});
