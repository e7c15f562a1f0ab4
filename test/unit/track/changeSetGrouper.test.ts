import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxChangeSetMs, changeSetId } from '../../../src/model/changeSet';
import { ChangeSetGrouper, type UngroupedChange } from '../../../src/track/changeSetGrouper';

/** Groups changes at a time, each in another call, and returns their change sets. */
function finding() {
  const changeSets = new ChangeSetGrouper();
  let calls = 0;
  const find = (now: number, ...changes: (string | Partial<UngroupedChange>)[]): string[] => {
    const own = changeSetId(now, `call ${++calls}`);
    const whole = changes.map((change) => ({
      ...{ path: '', kind: 'modified', cause: 'external', time: now },
      ...(typeof change === 'string' ? { path: change } : change),
    })) as UngroupedChange[];
    return whole.map((change) => changeSets.changeSetOf(change, own, now).replace(/^.*-call /, ''));
  };
  return { changeSets, find };
}

const burst = Array.from({ length: 100 }, (_, n) => `${n}.md`);
const gone = (path: string): Partial<UngroupedChange> => ({ path, kind: 'deleted' });

test('other files that follow at once are one change set, however slowly they come', () => {
  const { find } = finding();
  const changeSets = Array.from({ length: 500 }, (_, n) => find(n * 900, `a${n}.md`, `b${n}.md`));
  assert.deepEqual(new Set(changeSets.flat()), new Set(['1']));
});

test('a later change is another change set', () => {
  const { find } = finding();
  assert.deepEqual([find(0, 'a.md'), find(1_000, 'b.md')], [['1'], ['2']]);
});

test('the time on disk counts, however late it is reported', () => {
  const { find } = finding();
  const made = (path: string, changedMs: number): Partial<UngroupedChange> => ({ path, changedMs });
  assert.deepEqual([find(10_000, made('a.md', 9_400)), find(12_500, made('b.md', 9_900))], [['1'], ['1']]);
  assert.deepEqual(find(12_600, made('c.md', 8_500), made('d.md', 7_400)), ['1', '3']);
  assert.deepEqual(find(12_700, made('e.md', 10_900)), ['4']);
  assert.deepEqual(find(12_800, made('f.md', 999_000)), ['5']);
});

test('a file that changes again is a change set of its own, and divides none', () => {
  const { find } = finding();
  assert.deepEqual(find(0, 'a.md', 'log'), ['1', '1']);
  assert.deepEqual(find(600, 'log', 'b.md'), ['2', '1']);
  assert.deepEqual(find(1_200, 'c.md', 'log'), ['1', '3']);
});

test('a second pass over the same files is one change set, and other files continue the first', () => {
  const { find } = finding();
  const names = ['a.md', 'b.md', 'c.md', 'd.md'];
  assert.deepEqual(new Set(names.flatMap((name, n) => find(n * 100, name))), new Set(['1']));
  assert.deepEqual(new Set(names.flatMap((name, n) => find(500 + n * 100, name))), new Set(['5']));
  assert.deepEqual(find(1_000, 'e.md'), ['1']);
});

test('what a burst writes again is part of it, and does not make it longer', () => {
  const { find } = finding();
  find(0, ...burst);
  assert.deepEqual([find(600, '7.md'), find(1_200, '7.md')], [['1'], ['3']]);
});

test('deletions are a change set of their own, unless they are found together with other changes or part of a burst', () => {
  const { find } = finding();
  assert.deepEqual(find(0, 'a.md', 'b.md'), ['1', '1']);
  assert.deepEqual([find(500, gone('a.md')), find(900, gone('b.md'), 'c.md')], [['2'], ['2', '1']]);
  const synced = finding();
  assert.deepEqual(synced.find(0, 'a.md', gone('b.md')), ['1', '1']);
  assert.deepEqual(synced.find(500, gone('c.md'), 'd.md'), ['1', '1']);
  const many = finding();
  many.find(0, ...burst);
  assert.deepEqual(many.find(500, gone('0.md'), gone('more.md')), ['1', '1']);
});

test('what a scan finds continues a change set, unless it is older, and starts none', () => {
  const { find } = finding();
  const scanned = (path: string, time: number): Partial<UngroupedChange> => ({ path, time, causeDetail: { since: 0 } });
  assert.deepEqual(find(10_000, scanned('a.md', 9_000)), ['1-0']);
  assert.deepEqual(find(10_100, 'b.md', scanned('c.md', 10_000)), ['2', '2-0']);
  assert.deepEqual(find(10_200, scanned('d.md', 10_000), scanned('e.md', 10_150)), ['3-0', '2']);
});

test('changes with a known cause take no part, and what was not noticed is kept apart', () => {
  const { find } = finding();
  assert.deepEqual(find(0, 'a.md', { path: 'b.md', cause: 'terminal' }), ['1', '1']);
  assert.deepEqual(find(500, { path: 'c.md', cause: 'save' }, { path: 'd.md', cause: 'baseline' }), ['2', '2']);
  assert.deepEqual(find(900, { path: 'e.md', cause: 'offline', causeDetail: { since: 36 } }, 'f.md'), ['3-10', '1']);
  assert.deepEqual(find(1_700, 'g.md', { path: 'h.md', cause: 'terminal' }), ['1', '4']);
});

test('none is longer than the limit, and none spans a clock that is set back', () => {
  const { find } = finding();
  const times = new Map<string, number[]>();
  for (let now = 0; now < 3 * maxChangeSetMs; now += 500) {
    const [changeSet = ''] = find(now, `${now}.md`);
    times.set(changeSet, [...(times.get(changeSet) ?? []), now]);
  }
  const lengths = [...times.values()].map((all) => Math.max(...all) - Math.min(...all));
  assert.equal(lengths.length, 3);
  assert.ok(lengths.every((length) => length < maxChangeSetMs));
  const back = finding();
  assert.deepEqual(
    [back.find(10_000_000, 'a.md'), back.find(5_000, 'b.md'), back.find(5_100, 'c.md')],
    [['1'], ['2'], ['2']],
  );
});

test('a change set ends when asked to', () => {
  const { changeSets, find } = finding();
  find(0, ...burst);
  changeSets.end();
  assert.deepEqual(find(1, 'more.md', gone('less.md')), ['2', '2']);
});
