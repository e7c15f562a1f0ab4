import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestMomentMs } from '../../../src/model/moment';
import type { VersionRecord } from '../../../src/model/version';
import { Succession } from '../../../src/track/succession';

/** Records paths at a time and resolves with the moment that they are part of. */
function recording() {
  const succession = new Succession();
  let count = 0;
  const record = (now: number, ...paths: string[]): string => {
    const moment = succession.momentOf(paths, now) ?? `moment ${++count}`;
    succession.note(
      moment,
      paths.map((path) => ({ path, moment }) as VersionRecord),
      now,
    );
    return moment;
  };
  return { succession, record };
}

const burst = Array.from({ length: 100 }, (_, n) => `${n}.md`);

test('other files that follow at once are one moment, however slowly they come', () => {
  const { record } = recording();
  const moments = Array.from({ length: 500 }, (_, n) => record(n * 900, `a${n}.md`, `b${n}.md`));
  assert.deepEqual(new Set(moments), new Set(['moment 1']));
});

test('what comes later, or changes again, is another moment', () => {
  const { record } = recording();
  assert.equal(record(0, 'a.md'), 'moment 1');
  assert.equal(record(1_000, 'b.md'), 'moment 2');
  assert.equal(record(1_500, 'b.md', 'c.md'), 'moment 3');
  assert.equal(record(1_900, 'b.md'), 'moment 4');
});

test('what a burst writes again is part of it, and does not make it longer', () => {
  const { record } = recording();
  assert.equal(record(0, ...burst), 'moment 1');
  assert.equal(record(600, '7.md'), 'moment 1');
  assert.equal(record(1_200, '7.md'), 'moment 2');
});

test('what changed nothing makes nothing longer', () => {
  const { succession, record } = recording();
  record(0, 'a.md');
  succession.note('moment 1', [], 900);
  succession.note('moment 1', [{ path: 'git.md', moment: 'of git' } as VersionRecord], 900);
  assert.equal(succession.momentOf(['b.md'], 1_100), undefined);
});

test('none goes on for more than the longest', () => {
  const { record } = recording();
  const moments = new Map<string, number[]>();
  for (let now = 0; now < 3 * longestMomentMs; now += 500) {
    const moment = record(now, `${now}.md`);
    moments.set(moment, [...(moments.get(moment) ?? []), now]);
  }
  const lengths = [...moments.values()].map((times) => Math.max(...times) - Math.min(...times));
  assert.equal(lengths.length, 3);
  assert.ok(lengths.every((length) => length < longestMomentMs));
});

test('it ends when it is told to', () => {
  const { succession, record } = recording();
  record(0, ...burst);
  succession.end();
  assert.equal(record(1, 'more.md'), 'moment 2');
});
