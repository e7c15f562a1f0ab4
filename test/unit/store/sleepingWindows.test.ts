/** Windows that sleep at some point of their work, are taken for dead, and wake. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore } from '../../../src/model/historyStore';
import { defaultSizes } from '../../../src/store/format/storeFormat';
import { draft, textOf } from './fixtures';
import { SharedFolder, type SharedWindow, type Sleeper } from './sharedFolder';

const minute = 60_000;
/** Everything is sealed at once. */
const sizes = { ...defaultSizes, minSealBytes: 1 };
const [mine, other] = [
  { machine: 'one boot', sizes },
  { machine: 'two boot', sizes },
];
const secret = 'hunter2 is the password';

async function maintained(folder: SharedFolder, store: HistoryStore): Promise<void> {
  while (await folder.finish(store.maintain(), minute));
}

/**
 * Lets a window sleep before each file operation of its work in turn, as long as `meanwhile` takes, and then finish it.
 * Returns at how many points it slept.
 */
async function sleepAtEachPoint<P extends Sleeper, T>(
  begin: (folder: SharedFolder) => Promise<P>,
  work: (process: P) => Promise<T>,
  meanwhile: (folder: SharedFolder) => Promise<void>,
  check: (folder: SharedFolder, process: P, result: PromiseSettledResult<T>) => Promise<void>,
): Promise<number> {
  for (let point = 0; ; point++) {
    const folder = new SharedFolder();
    const window = await begin(folder);
    const asleep = window.sleepAfter(point);
    const settling = Promise.allSettled([work(window)]);
    await folder.finish(Promise.race([asleep, settling]), minute);
    const isAsleep = window.isAsleep;
    if (isAsleep) {
      await folder.pass(2 * minute);
      await meanwhile(folder);
    }
    window.wake();
    const [result] = await folder.finish(settling, 3 * minute);
    await check(folder, window, result);
    if (!isAsleep) return point;
  }
}

/** All that was acknowledged is there once, to whoever asks. */
async function assertThere(store: HistoryStore, versions: readonly VersionRecord[], texts: readonly string[]) {
  for (const [n, { id, path }] of versions.entries()) {
    const found = await store.versions(path, {});
    assert.deepEqual(
      found.map((version) => version.id).filter((each) => each === id),
      [id],
    );
    assert.equal(await textOf(store, id), texts[n]);
  }
}

async function assertWhole(store: HistoryStore): Promise<void> {
  assert.deepEqual(store.problems, []);
  const { damaged, repairs } = await store.check();
  assert.deepEqual([damaged, repairs], [[], []]);
}

for (const isShared of [false, true]) {
  const how = isShared ? 'beside another window' : 'alone';
  test(`a window that sleeps at any point of recording ${how} acknowledges only what others find`, async (context) => {
    let second: SharedWindow | undefined;
    const points = await sleepAtEachPoint(
      async (folder) => {
        const window = await folder.open(mine);
        await window.store.append([draft('old', 'the same text'), draft('b', 'one')]);
        second = isShared ? await folder.open(other) : undefined;
        await folder.pass(10_000);
        return window;
      },
      // Another version has the text of the first already.
      ({ store }) => store.append([draft('a', 'the same text'), draft('b', 'two'), draft('c', 'three')]),
      async (folder) => {
        second ??= await folder.open(other);
        await maintained(folder, second.store);
        assert.equal((await folder.finish(second.store.forget({ path: 'old' }), minute)).versions, 1);
        await folder.finish(second.store.append([draft('d', 'four')]), 5_000);
        await maintained(folder, second.store);
      },
      async (folder, window, result) => {
        if (result.status === 'rejected') throw result.reason;
        const texts = ['the same text', 'two', 'three'];
        const later = await folder.finish(window.store.append([draft('e', 'five')]), minute);
        for (const versions of [result.value, later]) assert.ok(versions.length > 0);
        const third = await folder.open();
        await assertThere(third.store, [...result.value, ...later], [...texts, 'five']);
        assert.deepEqual(
          (await third.store.recent({})).map(({ id }) => id).length,
          new Set((await third.store.recent({})).map(({ path, sha256 }) => `${path} ${sha256 ?? ''}`)).size,
          'each is there once',
        );
        await folder.pass(5_000);
        for (const { store } of [window, third]) await assertWhole(store);
        if (second) await assertThere(second.store, [...result.value, ...later], [...texts, 'five']);
        for (const each of [window, second, third]) if (each) await folder.finish(each.store.close(), minute);
        assert.deepEqual(folder.names('.owner'), []);
        second = undefined;
      },
    );
    context.diagnostic(`${points} points`);
    assert.ok(points > 5);
  });
}

test('a window that sleeps at any point of its upkeep brings nothing back that was forgotten meanwhile', async (context) => {
  let isForgotten = false;
  const points = await sleepAtEachPoint(
    async (folder) => {
      isForgotten = false;
      const window = await folder.open(mine);
      await window.store.append([draft('kept', 'harmless'), draft('gone', secret)]);
      return window;
    },
    async ({ store }) => {
      while (await store.maintain());
    },
    async (folder) => {
      const { store } = await folder.open(other);
      assert.equal((await folder.finish(store.forget({ bytes: [Buffer.from(secret)] }), minute)).versions, 1);
      await folder.finish(store.close(), minute);
      isForgotten = true;
    },
    async (folder, window, result) => {
      if (result.status === 'rejected') throw result.reason;
      await folder.pass(5_000);
      await folder.finish(window.store.append([draft('later', 'text')]), minute);
      await maintained(folder, window.store);
      await folder.finish(window.store.close(), minute);
      const later = await folder.open();
      const rows = await later.store.recent({});
      assert.deepEqual(rows.map(({ path }) => path).sort(), ['gone', 'kept', 'later']);
      const left = folder.files.paths().filter((path) => folder.files.get(path).includes(secret));
      const row = rows.find(({ path }) => path === 'gone');
      if (isForgotten) assert.deepEqual([left, row?.unstored], [[], 'forgotten']);
      else assert.equal(await textOf(later.store, row?.id ?? ''), secret);
      await assertWhole(later.store);
      await later.store.close();
    },
  );
  context.diagnostic(`${points} points`);
  assert.ok(points > 20);
});

test('what a window forgets that sleeps at any point of it is gone when it says so, and nothing else is', async (context) => {
  let recorded: VersionRecord[] = [];
  const points = await sleepAtEachPoint(
    async (folder) => {
      recorded = [];
      const window = await folder.open(mine);
      await window.store.append([draft('kept', 'harmless'), draft('gone', secret)]);
      return window;
    },
    ({ store }) => store.forget({ path: 'gone' }),
    async (folder) => {
      const { store } = await folder.open(other);
      recorded = await folder.finish(store.append([draft('meanwhile', secret), draft('kept', 'still')]), minute);
      await maintained(folder, store);
      await folder.finish(store.close(), minute);
    },
    async (folder, window, result) => {
      await folder.pass(5_000);
      await assertThere(window.store, recorded, [secret, 'still']);
      await folder.finish(window.store.close(), minute);
      const { store } = await folder.open();
      await assertThere(store, recorded, [secret, 'still']);
      const left = (await store.versions('gone', {})).length;
      if (result.status === 'fulfilled') assert.equal(left, 0);
      else assert.match(String(result.reason), /ObbyError/);
      await assertWhole(store);
      await store.close();
    },
  );
  context.diagnostic(`${points} points`);
  assert.ok(points > 20);
});

test('a window that sleeps at any point of its opening opens all the same', async (context) => {
  let recorded: VersionRecord[] = [];
  const points = await sleepAtEachPoint(
    async (folder) => {
      const { store } = await folder.open(other);
      recorded = await store.append([draft('a', 'one'), draft('b', 'two')]);
      await store.close();
      return folder.process(mine);
    },
    (process) => process.open(),
    async (folder) => {
      const { store } = await folder.open(other);
      recorded.push(...(await folder.finish(store.append([draft('c', 'three')]), minute)));
      await maintained(folder, store);
    },
    async (folder, _process, result) => {
      if (result.status === 'rejected')
        throw new Error(
          String((result.reason as Error).stack) + String(((result.reason as Error).cause as Error).stack),
        );
      const { store } = result.value;
      recorded.push(...(await folder.finish(store.append([draft('d', 'four')]), minute)));
      const third = await folder.open();
      const texts = ['one', 'two', ...(recorded.length > 3 ? ['three'] : []), 'four'];
      for (const each of [store, third.store]) await assertThere(each, recorded, texts);
      await assertWhole(third.store);
    },
  );
  context.diagnostic(`${points} points`);
  assert.ok(points > 20);
});
