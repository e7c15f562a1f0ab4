import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryStore } from '../../../src/model/historyStore';
import { defaultRetention } from '../../../src/model/historyMaintenance';
import { findChangeSet } from '../../../src/query/changeSet';
import { FakeClock } from '../../support/fakeClock';
import { deletion, draft, onlyMe, openTestStore, textOf } from './fixtures';
import { MemoryFiles } from './memoryFiles';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const start = 1_700_000_000_000;

async function setUp() {
  const files = new MemoryFiles();
  const clock = new FakeClock(start);
  const sizes = { fullBytes: 1 << 20, minSealBytes: 1 };
  const open = () => openTestStore({ dir: '/store', files, clock, processes: onlyMe, sizes });
  const store = await open();
  let count = 0;
  const record = async (to: HistoryStore, path: string, content: string) => {
    const [version] = await to.append([
      draft(path, content, { time: clock.now(), changeSet: `${clock.now().toString(36)}-${++count}` }),
    ]);
    assert.ok(version);
    return version;
  };
  return { clock, open, store, record };
}

async function contentsOf(store: HistoryStore, path: string): Promise<string[]> {
  return Promise.all((await store.versions(path, {})).map(({ id }) => textOf(store, id)));
}

async function textAt(store: HistoryStore, path: string, time: number): Promise<string | undefined> {
  const version = await store.versionAt(path, time);
  return version && textOf(store, version.id);
}

async function tidy(store: HistoryStore): Promise<void> {
  while (await store.maintain());
}

for (const [name, aheadMs] of [
  ['an hour', hourMs],
  ['60 days', 60 * dayMs],
] as const) {
  test(`the clock is ${name} ahead, then right: times are right, the order is kept, the present is found`, async () => {
    const { clock, store, open, record } = await setUp();
    await record(store, 'a', 'before');
    clock.setAhead(aheadMs);
    clock.advance(minuteMs);
    await record(store, 'a', 'ahead');
    await record(store, 'only then', 'ahead');
    clock.setAhead(0);
    clock.advance(minuteMs);
    const right = await record(store, 'a', 'right');
    const other = await record(store, 'b', 'another file');
    assert.equal(right.time, clock.now());
    assert.equal(other.time, clock.now());

    const check = async (each: HistoryStore): Promise<void> => {
      assert.deepEqual(await contentsOf(each, 'a'), ['right', 'ahead', 'before']);
      assert.deepEqual(
        (await each.versions('a', {})).map(({ time }) => time - start),
        [2 * minuteMs, aheadMs + minuteMs, 0],
      );
      assert.deepEqual(
        (await each.recent({})).map(({ path }) => path),
        ['b', 'a', 'only then', 'a', 'a'],
        'newest first',
      );
      assert.equal(await textAt(each, 'a', clock.now()), 'right');
      assert.equal(await textAt(each, 'only then', clock.now()), 'ahead');
      assert.equal(await textAt(each, 'a', start + minuteMs), 'before');
      const sets = await each.changeSets({});
      assert.equal(sets.length, 5);
      assert.equal(sets[1]?.since, right.time);
      for (const { newest } of sets) assert.equal((await each.changes(newest.id, {})).length, 1);
      const untilNow = { until: start + 3 * minuteMs };
      assert.deepEqual(
        (await each.changeSets(untilNow)).map(({ id }) => id),
        [0, 1, 4].map((n) => sets[n]?.id),
      );
      assert.deepEqual(
        (await each.recent(untilNow)).map(({ path }) => path),
        ['b', 'a', 'a'],
      );
      assert.equal((await findChangeSet({ store: each }, right.changeSet)).newest.id, right.id);
      assert.equal((await each.planForget({ since: start + 2 * minuteMs, until: start + 3 * minuteMs })).versions, 2);
      assert.equal((await each.head('a'))?.version.time, right.time);
      assert.ok(((await each.lastHeartbeat()) ?? Infinity) <= clock.now(), 'it was not recording in the future');
    };
    await check(store);
    await store.flush();
    await tidy(store);
    await check(store);
    await store.close();
    const again = await open();
    await check(again);
    clock.advance(10 * minuteMs);
    const later = await record(again, 'a', 'later');
    assert.equal(later.time, clock.now());
    assert.equal(await textAt(again, 'a', start + 3 * minuteMs), 'right');
    assert.equal(await textAt(again, 'a', clock.now()), 'later');
    await again.close();
  });
}

test('a label keeps what was recorded while the clock was ahead, and can be removed', async () => {
  const { clock, store, record } = await setUp();
  clock.setAhead(hourMs);
  const version = await record(store, 'a', 'ahead');
  const early = await store.label('made ahead');
  await store.pin(version.id, true);
  clock.setAhead(0);
  clock.advance(minuteMs);
  const label = await store.label('now');
  assert.equal(label.time, clock.now());
  assert.deepEqual((await store.labels()).map(({ name, time }) => [name, time - start]).sort(), [
    ['made ahead', hourMs],
    ['now', minuteMs],
  ]);
  await store.removeLabel(early.id);
  assert.equal((await store.version(version.id)).label, 'now');
  await store.removeLabel(label.id);
  assert.deepEqual(await store.labels(), []);
  assert.equal((await store.pin(version.id, false)).pinned, false);
  await store.close();
});

test('versions that are recorded after the clock was set back are thinned by their own hours and days', async () => {
  const { clock, store, record } = await setUp();
  await record(store, 'a', 'before');
  clock.setAhead(60 * dayMs);
  await record(store, 'a', 'ahead');
  clock.setAhead(0);
  for (let n = 1; n <= 30; n++) {
    clock.advance(dayMs);
    await record(store, 'a', `day ${n}`);
  }
  store.setRetention({ ...defaultRetention, keepAllMs: dayMs, keepHourlyMs: 2 * dayMs });
  for (let days = 0; days < 100; days += 10) {
    clock.advance(10 * dayMs);
    await tidy(store);
  }
  assert.equal((await store.versions('a', {})).length, 32, 'one a day');
  await store.close();
});

test('the clock was set back to 1970 for a while: what is recorded then is not taken for old', async () => {
  const { clock, store, record } = await setUp();
  await record(store, 'a', 'before');
  clock.advance(minuteMs);
  clock.setAhead(-start);
  for (let n = 0; n < 10; n++) {
    clock.advance(1_000);
    await record(store, 'a', `text ${n}`);
    await record(store, `new ${n}`, 'text');
    await record(store, `new ${n}`, 'more text');
  }
  await store.append([deletion('new 0', { time: clock.now() })]);
  clock.setAhead(0);
  store.setRetention(defaultRetention);
  clock.advance(dayMs);
  await tidy(store);
  assert.equal((await store.versions('a', {})).length, 11);
  assert.equal((await store.versions('new 3', {})).length, 2);
  assert.deepEqual(
    (await store.deletedFiles(10)).map(({ path }) => path),
    ['new 0'],
  );
  assert.equal(await textAt(store, 'a', clock.now()), 'text 9');
  await store.close();
});
