import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alignChange, type Budget } from '../../../../../src/webview/diff/words/align';

/** Pairs of lines that are beside each other: `old|new`, or one alone; similar ones with `~`. */
function aligned(before: readonly string[], after: readonly string[], budget: Budget = { pairs: 1e6 }): string[] {
  const change = { oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length };
  const runs = alignChange(
    change,
    (line) => before[line] ?? '',
    (line) => after[line] ?? '',
    budget,
  );
  return runs.flatMap((run) =>
    Array.from({ length: Math.max(run.oldCount, run.newCount) }, (_, at) => {
      const old = at < run.oldCount ? before[run.old + at] : '';
      const now = at < run.newCount ? after[run.new + at] : '';
      return `${old ?? '?'}${run.similar ? '~' : '|'}${now ?? '?'}`;
    }),
  );
}

describe('aligning the lines of a change', () => {
  test('finds what a line became among lines that are new', () => {
    assert.deepEqual(
      aligned(
        ['const size = 1;', 'run(size);'],
        ['// says how big', 'const size = 2;', 'check(1);', 'run(size, true);'],
      ),
      ['|// says how big', 'const size = 1;~const size = 2;', '|check(1);', 'run(size);~run(size, true);'],
    );
  });

  test('sets lines that have nothing in common beside each other, but not as edits', () => {
    assert.deepEqual(aligned(['alpha beta', 'gamma'], ['one two', 'three']), ['alpha beta|one two', 'gamma|three']);
    assert.deepEqual(aligned(['a b c d', 'x'], ['a n o p', 'y']), ['a b c d|a n o p', 'x|y']);
  });

  test('takes one line for one line as an edit', () => {
    assert.deepEqual(aligned(['a'], ['b']), ['a~b']);
  });

  test('leaves room where a side has nothing', () => {
    assert.deepEqual(aligned([], ['new', 'lines']), ['|new', '|lines']);
    assert.deepEqual(aligned(['gone'], []), ['gone|']);
  });

  test('goes in order when comparing would cost more than there is left', () => {
    const budget = { pairs: 5 };
    assert.deepEqual(aligned(['x', 'y'], ['one', 'x', 'y'], budget), ['x~one', 'y~x', '|y']);
    assert.equal(budget.pairs, 5);
  });

  test('spends no more than it was given over all changes', () => {
    const budget = { pairs: 10 };
    assert.deepEqual(aligned(['x', 'y'], ['one', 'x', 'y'], budget), ['|one', 'x~x', 'y~y']);
    assert.equal(budget.pairs, 4);
  });
});
