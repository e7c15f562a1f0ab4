import assert from 'node:assert/strict';
import { lstatSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { identityIn, identityOf, stampOf, type FileTimes } from '../../../src/model/stamp';

const now = Date.UTC(2026, 0, 1);
const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const year = 365 * 86_400_000;

/** A file by how many ms ago it was modified and changed. */
function file(modified: number, changed: number): FileTimes {
  const [mtimeNs, ctimeNs] = [ns(now - modified), ns(now - changed)];
  return { size: 5n, mtimeNs, ctimeNs, ino: 7n, birthtimeNs: ns(now - year) };
}

test('a file that was just changed has no stamp, whatever its modification time is', () => {
  for (const modified of [0, 1_000, year, -year]) {
    assert.equal(stampOf(file(modified, 0), now), undefined);
    assert.equal(stampOf(file(modified, 1_999), now), undefined);
  }
});

test('a file that rests has a stamp, also with a modification time in the future', () => {
  for (const modified of [2_000, year, -year, 0]) assert.notEqual(stampOf(file(modified, 2_000), now), undefined);
});

test('a disk whose clock is ahead is fresh for a minute, and not for ever', () => {
  assert.equal(stampOf(file(-30_000, -30_000), now), undefined);
  assert.notEqual(stampOf(file(-year, -year), now), undefined);
});

test('where there is no change time, the modification time counts', () => {
  const fresh = { ...file(500, 0), ctimeNs: 0n };
  assert.equal(stampOf(fresh, now), undefined);
  assert.notEqual(stampOf(fresh, now + 2_000), undefined);
});

test('each of size, times and inode makes another stamp', () => {
  const rest = file(10_000, 10_000);
  const others = [{ size: 6n }, { mtimeNs: 1n }, { ctimeNs: 1n }, { ino: 8n }, { birthtimeNs: 1n }];
  const stamps = [rest, ...others.map((other) => ({ ...rest, ...other }))].map((times) => stampOf(times, now));
  assert.equal(new Set(stamps).size, 6);
});

test('a real file that was given a date in the future has a stamp once it rests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'obby-stamp-'));
  const path = join(folder, 'a');
  writeFileSync(path, 'a');
  const future = new Date(Date.now() + year);
  utimesSync(path, future, future);
  const stats = lstatSync(path, { bigint: true });
  rmSync(folder, { recursive: true });
  assert.equal(stampOf(stats, Date.now()), undefined);
  const stamp = stampOf(stats, Date.now() + 3_000);
  assert.notEqual(stamp, undefined);
  assert.equal(identityIn(stamp ?? ''), identityOf(stats));
});
