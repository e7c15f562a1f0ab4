import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../../src/base/log';
import { type GapFile, GapLedger, gapFileIn } from '../../../src/engine/gapLedger';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { FakeClock, settled } from '../../support/fakeClock';
import { ListLog, temporaryFolder } from '../store/fixtures';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What windows keep, and ledgers of windows on it. */
function setUp(start?: unknown) {
  const kept: { value: unknown; writes: number; failure?: Error } = { value: start, writes: 0 };
  const file: GapFile = {
    read: () => Promise.resolve(kept.value),
    write(value) {
      if (kept.failure) return Promise.reject(kept.failure);
      kept.value = JSON.parse(JSON.stringify(value));
      kept.writes++;
      return Promise.resolve();
    },
  };
  const clock = new FakeClock();
  const log = new ListLog();
  const open = async (by: Log = log): Promise<GapLedger> => {
    const ledger = new GapLedger({ file, clock, log: by });
    await ledger.load();
    return ledger;
  };
  return { kept, clock, open, log };
}

const spans = (gaps: unknown): string[] =>
  (gaps as { kind: string; from: number; to?: number; count: number }[]).map(
    ({ kind, from, to = '…', count }) => `${kind} ${from}–${to} ${count}`,
  );

test('what another version of Obby left is parsed, not trusted', async () => {
  const { open } = setUp([
    { from: 1, to: 2, count: 0 },
    { kind: 'closed', from: 2, to: 1, count: 0 },
    { kind: 'closed', from: 'x', to: 1, count: 0 },
    { kind: 'closed', from: 1, to: 2, count: -1 },
    { kind: 'polling', from: 1, to: 2, count: 0, reason: 'a sentence' },
    { kind: 'polling', from: 1, to: 2, count: 0, reason: { code: 'x', args: [1] } },
    null,
    { kind: 'polling', from: 1, to: 2, count: 3, reason: { code: 'setting', args: [] } },
  ]);
  assert.deepEqual((await open()).all, [
    { kind: 'polling', from: 1, to: 2, count: 3, reason: { code: 'setting', args: [] } },
  ]);
  for (const nonsense of [undefined, null, 'x', { kind: 'closed' }]) {
    assert.deepEqual((await setUp(nonsense).open()).all, []);
  }
});

test('the newest 50 are kept', async () => {
  const { open, kept } = setUp();
  const ledger = await open();
  for (let from = 0; from < 60; from++) ledger.add({ kind: 'watch limit', from, to: from, count: 0 });
  await ledger.close();
  assert.equal(ledger.all.length, 50);
  assert.deepEqual([spans(kept.value).length, spans(kept.value)[0]], [50, 'watch limit 10–10 0']);
});

test('changes of a moment are written together', async () => {
  const { open, kept, clock } = setUp();
  const ledger = await open();
  for (let from = 0; from < 10; from++) ledger.add({ kind: 'watch limit', from, to: from, count: 0 });
  assert.equal(kept.writes, 0);
  clock.advance(250);
  await settled();
  assert.equal(kept.writes, 1);
  clock.advance(10_000);
  await settled();
  assert.equal(kept.writes, 1, 'nothing has changed since');
  ledger.add({ kind: 'closed', from: 1, to: 2, count: 0 });
  clock.advance(250);
  await settled();
  assert.equal(kept.writes, 2);
});

test('two windows on one folder keep the spans of both', async () => {
  const { open, kept } = setUp([{ kind: 'closed', from: 1, to: 2, count: 0 }]);
  const [one, other] = [await open(), await open()];
  one.begin('polling', 10, {});
  other.add({ kind: 'too large', from: 11, to: 12, count: 1 });
  const [closed] = other.all;
  if (closed) other.count(closed, 2);
  await other.close();
  one.end(['polling'], 20);
  await one.close();
  assert.deepEqual(spans(kept.value), ['closed 1–2 2', 'too large 11–12 1', 'polling 10–20 0']);
});

test('a span that goes on here is not ended by a window that opens', async () => {
  const { open, kept, clock } = setUp();
  const one = await open();
  one.begin('polling', 10, {});
  clock.advance(250);
  await settled();
  const other = await open();
  other.end(['polling'], 15);
  await other.close();
  assert.deepEqual(spans(kept.value), ['polling 10–15 0']);
  one.end(['polling'], 30);
  await one.close();
  assert.deepEqual(spans(kept.value), ['polling 10–30 0']);
});

test('what could not be written is reported, and written at the end', async () => {
  const { open, kept, clock, log } = setUp();
  const ledger = await open();
  kept.failure = new Error('the disk is full');
  ledger.add({ kind: 'closed', from: 1, to: 2, count: 0 });
  clock.advance(250);
  await settled();
  assert.match(log.lines.join('\n'), /warn .*the disk is full/);
  delete kept.failure;
  await ledger.close();
  assert.deepEqual(spans(kept.value), ['closed 1–2 0']);
});

test('the file is replaced as a whole, and one that is damaged is begun again', async () => {
  const dir = temporaryFolder();
  const log = new ListLog();
  const file = gapFileIn(dir, nodeFilePort, log);
  assert.equal(await file.read(), undefined);
  await file.write([{ kind: 'closed', from: 1, to: 2, count: 0 }]);
  assert.deepEqual(readdirSync(dir), ['gaps.json']);
  assert.deepEqual(await file.read(), JSON.parse(readFileSync(`${dir}/gaps.json`, 'utf8')));
  writeFileSync(`${dir}/gaps.json`, '[{"kind":');
  assert.equal(await file.read(), undefined);
  assert.match(log.lines.join('\n'), /gaps\.json/);
});
