import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryStore } from '../../../../src/model/historyStore';
import { isLong } from '../../../support/chance';
import { FakeClock } from '../../../support/fakeClock';
import { deletion, draft, onlyMe, openTestStore, textOf } from '../fixtures';
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

test('after its newest versions were deleted, a file goes on from the one that is left', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await store.append(['one', 'two', 'three'].map((text, n) => draft('a', text, { time: 1_000 * (n + 1) })));
  await tidy(store);
  await store.forget({ path: 'a', since: 1_500 });
  const head = await store.head('a');
  assert.equal(head && (await textOf(store, head.version.id)), 'one');
  const [next] = await store.append([draft('a', 'four', { time: 9_000 })]);
  assert.equal(next?.previous, head?.version.id);
  await store.close();
  const again = await open(files);
  assert.deepEqual(await textsOf(again, 'a'), ['four', 'one']);
  await again.close();
});
