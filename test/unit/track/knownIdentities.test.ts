import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownIdentities } from '../../../src/track/knownIdentities';

const headOf = (id: string, stamp?: string) => ({
  version: { id, path: 'a.md', kind: 'created', time: 1, size: 1, binary: false } as const,
  ...(stamp !== undefined && { stamp }),
});

test('a version is known by the file that it was read from, until it is read without one', () => {
  const known = new KnownIdentities();
  assert.deepEqual([known.noted('v1'), known.noted(undefined)], [undefined, undefined]);
  known.note('v1', '1:1');
  assert.equal(known.noted('v1'), '1:1');
  known.note('v1', undefined);
  assert.equal(known.noted('v1'), undefined);
});

test('a file is elsewhere once it was read for another version', () => {
  const known = new KnownIdentities();
  known.note('v1', '1:1');
  assert.deepEqual(
    [known.isElsewhere('v1'), known.isElsewhere('v2'), known.isElsewhere(undefined)],
    Array(3).fill(false),
  );
  known.note('v2', '1:1');
  assert.deepEqual([known.isElsewhere('v1'), known.isElsewhere('v2')], [true, false]);
});

test('the stamp of a head counts more than what was noted, and says so also where it has no identity', () => {
  const known = new KnownIdentities();
  known.note('v1', '1:1');
  assert.equal(known.of(headOf('v1')), '1:1');
  assert.equal(known.of(headOf('v1', '5:10:10:2:2')), '2:2');
  assert.equal(known.of(headOf('v1', '5:10:10:0:0')), undefined);
  assert.equal(known.of(headOf('v2')), undefined);
});

test('the oldest are dropped in batches, those that were noted again are not the oldest', () => {
  const known = new KnownIdentities();
  for (let n = 0; n < 20_000; n++) known.note(`v${n}`, `${n}:1`);
  known.note('v0', '0:1');
  assert.equal(known.noted('v1'), '1:1');
  known.note('v20000', '20000:1');
  const isKnown = (n: number): boolean => known.noted(`v${n}`) !== undefined;
  assert.deepEqual([0, 1, 2_001, 2_002, 20_000].map(isKnown), [true, false, false, true, true]);
});

test('a version that is dropped does not make another one of its file elsewhere', () => {
  const known = new KnownIdentities();
  known.note('old', '1:1');
  for (let n = 0; n < 19_998; n++) known.note(`v${n}`, `${n}:2`);
  known.note('present', '1:1');
  known.note('newest', '1:3');
  assert.equal(known.noted('old'), undefined);
  assert.deepEqual([known.noted('present'), known.isElsewhere('present')], ['1:1', false]);
});

test('nothing is remembered of a version that is read without a file, or from another one', () => {
  const known = new KnownIdentities();
  for (let n = 0; n < 100; n++) known.note('v1', `${n}:1`);
  assert.equal(known.size, 2);
  known.note('v1', undefined);
  assert.equal(known.size, 0);
});

test('a file that was read again is elsewhere, also when that version is forgotten', () => {
  const known = new KnownIdentities();
  known.note('v1', '1:1');
  known.note('v2', '1:1');
  known.note('v2', undefined);
  assert.equal(known.isElsewhere('v1'), true);
});
