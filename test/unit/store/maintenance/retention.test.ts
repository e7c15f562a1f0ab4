import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetentionPolicy } from '../../../../src/model/historyMaintenance';
import type { VersionRecord } from '../../../../src/model/version';
import type { HistoryStore, VersionDraft } from '../../../../src/model/historyStore';
import { FakeClock } from '../../../support/fakeClock';
import { deletion, draft, ListLog, openTestStore, temporaryFolder, textOf } from '../fixtures';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A whole day, so that hours and days begin at known times. */
const start = Math.ceil(1_700_000_000_000 / dayMs) * dayMs;
const roomy: RetentionPolicy = { quotaBytes: 1 << 30, keepAllMs: 7 * dayMs, keepHourlyMs: 30 * dayMs };

interface Setting {
  readonly store: HistoryStore;
  readonly clock: FakeClock;
  readonly log: ListLog;
}

async function open(dir = temporaryFolder(), clock = new FakeClock(start)): Promise<Setting> {
  const log = new ListLog();
  return { store: await openTestStore({ dir, clock, log }), clock, log };
}

/** Enough that the journal is sealed. */
function filler(time: number): VersionDraft {
  return draft('filler.bin', noiseOf(1, 300_000), { time });
}

async function tidy(store: HistoryStore): Promise<void> {
  while (await store.maintain());
}

async function times(store: HistoryStore, path: string): Promise<number[]> {
  return (await store.versions(path, { limit: 1_000 })).map(({ time }) => (time - start) / hourMs);
}

/** A version every half hour for two days. */
async function writeTwoDays({ store }: Setting): Promise<VersionRecord[]> {
  const drafts = Array.from({ length: 96 }, (_, n) =>
    draft('a.txt', `text ${n}\n`, { time: start + (n * hourMs) / 2 }),
  );
  return store.append([...drafts, filler(start + 2 * dayMs)]);
}

test('every version stays at first, then one an hour, then one a day, and the newest for ever', async () => {
  const setting = await open();
  const { store, clock, log } = setting;
  await writeTwoDays(setting);
  store.setRetention(roomy);
  clock.advance(6 * dayMs);
  await tidy(store);
  assert.equal((await times(store, 'a.txt')).length, 96);

  clock.advance(4 * dayMs);
  await tidy(store);
  assert.deepEqual(
    await times(store, 'a.txt'),
    Array.from({ length: 48 }, (_, n) => 47.5 - n),
    'the last of each hour',
  );
  assert.ok(log.lines.some((line) => /48 versions of 1 files were dropped .* old/.test(line)));
  assert.equal(await textOf(store, (await store.versions('a.txt', {}))[47]?.id ?? ''), 'text 1\n');

  clock.advance(30 * dayMs);
  await tidy(store);
  assert.deepEqual(await times(store, 'a.txt'), [47.5, 23.5]);
  assert.deepEqual((await store.check()).damaged, []);
  const { droppings } = await store.storage();
  assert.deepEqual(
    droppings.map(({ why, versions }) => [why, versions]),
    [
      ['age', 46],
      ['age', 48],
    ],
  );
  await store.close();
});

test('a clock that is far ahead for a while drops nothing, neither when it jumps nor when it is so at the start', async () => {
  const dir = temporaryFolder();
  const setting = await open(dir);
  const { store, clock } = setting;
  await writeTwoDays(setting);
  store.setRetention(roomy);
  clock.advance(2 * dayMs);
  await tidy(store);
  clock.setAhead(60 * dayMs);
  clock.advance(dayMs);
  await tidy(store);
  assert.equal((await times(store, 'a.txt')).length, 96);
  await store.close();

  const { store: again } = await open(dir, clock);
  again.setRetention(roomy);
  clock.advance(dayMs);
  await tidy(again);
  assert.equal((await times(again, 'a.txt')).length, 96);
  clock.setAhead(0);
  clock.advance(7 * dayMs);
  await tidy(again);
  assert.equal((await times(again, 'a.txt')).length, 48, 'what is really old goes');
  await again.close();
});

test('a check that was made in the future does not put off the next one', async () => {
  const { store, clock } = await open();
  await store.append([draft('a.txt', 'text')]);
  clock.setAhead(60 * dayMs);
  await tidy(store);
  clock.setAhead(0);
  await tidy(store);
  assert.equal((await store.storage()).lastCheck?.time, clock.now());
  await store.close();
});

test('pins, labelled states and the last content of a deleted file stay', async () => {
  const setting = await open();
  const { store, clock } = setting;
  const versions = await writeTwoDays(setting);
  await store.append([deletion('a.txt', { time: start + 2 * dayMs })]);
  await store.pin(versions[10]?.id ?? '', true);
  await store.label('before lunch', start + 10.25 * hourMs);
  const gone = await store.label('taken back', start + 12.25 * hourMs);
  await store.removeLabel(gone.id);
  store.setRetention(roomy);
  clock.advance(40 * dayMs);
  await tidy(store);
  assert.deepEqual(await times(store, 'a.txt'), [48, 47.5, 23.5, 10, 5]);
  const kept = await store.versions('a.txt', {});
  assert.deepEqual(
    kept.map(({ pinned, label }) => [pinned, label]),
    [
      [false, undefined],
      [false, undefined],
      [false, undefined],
      [false, 'before lunch'],
      [true, undefined],
    ],
  );
  await store.close();
});

test('the quota is kept by dropping the oldest, and what must stay is named', async () => {
  const { store, clock } = await open();
  const mb = 1 << 20;
  const policy = { ...roomy, quotaBytes: 8 * mb };
  store.setRetention(policy);
  let most = 0;
  for (let n = 0; n < 40; n++) {
    for (let k = 0; k < 6; k++) {
      const content = noiseOf(n * 6 + k);
      await store.append([draft(`f${k}.bin`, content, { time: clock.now(), binary: true })]);
      clock.advance(1_000);
    }
    most = Math.max(most, (await store.storage()).totalBytes);
  }
  await tidy(store);
  most = Math.max(most, (await store.storage()).totalBytes);
  assert.ok(most <= policy.quotaBytes + 6 * mb, `${most} bytes`);
  const facts = await store.storage();
  assert.ok(facts.totalBytes <= policy.quotaBytes);
  assert.ok(facts.droppings.length > 0);
  assert.equal(facts.files, 6);
  assert.equal((await store.check()).damagedCount, 0);

  store.setRetention({ ...roomy, quotaBytes: mb / 5 });
  await tidy(store);
  const full = await store.storage();
  assert.equal(full.versions, 6, 'the newest of each file is left');
  assert.ok((full.overQuotaBytes ?? 0) > 0);
  await store.close();
});

/** Bytes that do not shrink. */
function noiseOf(seed: number, length = 48 << 10): Buffer {
  let value = seed + 1;
  return Buffer.from(
    Array.from({ length }, () => (value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0) >>> 24),
  );
}
