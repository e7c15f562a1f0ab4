import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import type { LineChange } from '../../../src/model/diff';
import { diffLines } from '../../../src/diff/lineDiff';
import { longestCommon, scattered } from '../../support/textbookDiff';

/** Checks that a script is one, and makes the new lines of the old; returns how many lines it removes and adds. */
function check(oldLines: readonly string[], newLines: readonly string[]): { removed: number; added: number } {
  const changes = diffLines(oldLines, newLines);
  let [oldAt, newAt, removed, added] = [0, 0, 0, 0];
  for (const change of [...changes, endOf(oldLines, newLines)]) {
    const kept = change.oldStart - oldAt;
    assert.equal(change.newStart - newAt, kept);
    // Changes are apart from each other.
    assert.ok(kept > 0 || oldAt + newAt === 0 || change.oldStart === oldLines.length);
    for (let i = 0; i < kept; i++) if (oldLines[oldAt + i] !== newLines[newAt + i]) assert.fail(`line ${newAt + i}`);
    removed += change.oldEnd - change.oldStart;
    added += change.newEnd - change.newStart;
    [oldAt, newAt] = [change.oldEnd, change.newEnd];
  }
  return { removed, added };
}

function endOf(oldLines: readonly string[], newLines: readonly string[]): LineChange {
  const [x, y] = [oldLines.length, newLines.length];
  return { oldStart: x, oldEnd: x, newStart: y, newEnd: y };
}

function lines(count: number, textOf: (index: number) => string | number): string[] {
  return Array.from({ length: count }, (_, index) => `${textOf(index)}\n`);
}

test('a script turns the old lines into the new ones, with as few changes as can be', () => {
  const some = fc.oneof(
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 30 }),
    fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 60 }),
  );
  fc.assert(
    fc.property(some, some, (oldLines, newLines) => {
      const common = longestCommon(oldLines, newLines);
      assert.deepEqual(check(oldLines, newLines), {
        removed: oldLines.length - common,
        added: newLines.length - common,
      });
    }),
    { numRuns: times(5000) },
  );
});

describe('large texts', () => {
  const unique = lines(10_000, (index) => `line ${index}`);

  test('that differ in nothing, in all, or by being empty', () => {
    assert.deepEqual(diffLines(unique, unique), []);
    const others = lines(10_000, (index) => `other ${index}`);
    assert.deepEqual(check(unique, others), { removed: 10_000, added: 10_000 });
    assert.deepEqual(check(unique, []), { removed: 10_000, added: 0 });
    assert.deepEqual(check([], unique), { removed: 0, added: 10_000 });
  });

  test('with half of the lines replaced', () => {
    const edited = unique.map((line, index) => (index % 2 === 0 ? line : `new ${line}`));
    assert.deepEqual(check(unique, edited), { removed: 5000, added: 5000 });
  });

  test('with lines that occur often among lines of one side alone', () => {
    const often = scattered(2000, 5, 1).map(String);
    const strewn = (word: string, seed: number): string[] => {
      const counts = scattered(2000, 4, seed);
      return often.flatMap((line, index) => [...lines(counts[index] ?? 0, (at) => `${word} ${index} ${at}`), line]);
    };
    const [before, after] = [strewn('old', 2), strewn('new', 3)];
    assert.deepEqual(check(before, after), { removed: before.length - 2000, added: after.length - 2000 });
  });

  test('with the halves exchanged', () => {
    const moved = [...unique.slice(5000), ...unique.slice(0, 5000)];
    assert.deepEqual(check(unique, moved), { removed: 5000, added: 5000 });
  });

  test('with every line in another place', () => {
    const order = scattered(10_000, 1 << 30, 1);
    const shuffled = [...unique.keys()]
      .sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0))
      .map((index) => unique[index] ?? '');
    const { removed } = check(unique, shuffled);
    // A longest ascending row of a random order has about twice the square root of its length.
    assert.ok(removed < 10_000 - 150, `${removed} removed`);
  });

  test('of one line over and over', () => {
    const same = lines(100_000, () => 'x');
    assert.deepEqual(check(same, same.slice(50_000)), { removed: 50_000, added: 0 });
    const spread = lines(100_000, (index) => (index % 1000 === 500 ? 'y' : 'x'));
    const elsewhere = lines(100_000, (index) => (index % 990 === 495 ? 'y' : 'x'));
    const { removed, added } = check(spread, elsewhere);
    assert.ok(removed + added < 500, `${removed} removed, ${added} added`);
  });

  test('of few lines in no order, beyond the effort for a shortest script', () => {
    // About a tenth above what git needs.
    for (const { count, kinds, most } of [
      { count: 10_000, kinds: 5, most: 4600 },
      { count: 100_000, kinds: 2, most: 23_000 },
    ]) {
      const [before, after] = [1, 2].map((seed) => scattered(count, kinds, seed).map(String)) as [string[], string[]];
      const { removed } = check(before, after);
      assert.ok(removed < most, `${removed} of ${count} lines of ${kinds} kinds removed`);
    }
  });

  test('with a difficult part leave the rest as it is', () => {
    const difficult = (seed: number): string[] => scattered(20_000, 4, seed).map(String);
    const before = [...unique.slice(0, 5000), ...difficult(1), ...unique.slice(5000)];
    const after = [...unique.slice(0, 5000), 'one more\n', ...difficult(2), ...unique.slice(5000)];
    const changes = diffLines(before, after);
    check(before, after);
    assert.deepEqual(
      changes.filter(({ oldStart, oldEnd }) => oldStart < 5000 || oldEnd > 25_000),
      [],
    );
  });
});

describe('where a change has several possible positions', () => {
  const shown = (before: string, after: string): string[] => {
    const [oldLines, newLines] = [before, after].map((text) => text.split('\n')) as [string[], string[]];
    check(oldLines, newLines);
    return diffLines(oldLines, newLines).flatMap(({ oldStart, oldEnd, newStart, newEnd }) => [
      ...oldLines.slice(oldStart, oldEnd).map((line) => `-${line}`),
      ...newLines.slice(newStart, newEnd).map((line) => `+${line}`),
    ]);
  };

  test('a new function is shown from its first line on', () => {
    const before = 'class A {\n  a() {\n    run();\n  }\n\n  c() {\n    run();\n  }\n}';
    const after = 'class A {\n  a() {\n    run();\n  }\n\n  b() {\n    run();\n  }\n\n  c() {\n    run();\n  }\n}';
    assert.deepEqual(shown(before, after), ['+  b() {', '+    run();', '+  }', '+']);
    assert.deepEqual(shown(after, before), ['-  b() {', '-    run();', '-  }', '-']);
  });

  test('a function at the end of the text comes with the blank line before it', () => {
    const before = 'function a() {\n}';
    const after = 'function a() {\n}\n\nfunction b() {\n}';
    assert.deepEqual(shown(before, after), ['+', '+function b() {', '+}']);
  });

  test('a repeated block is whole', () => {
    const block = '\tfor (;;) {\n\t\trun();\n\t}\n';
    assert.deepEqual(shown(`{\n${block}}`, `{\n${block}${block}}`), ['+\tfor (;;) {', '+\t\trun();', '+\t}']);
  });

  test('it begins with a paragraph', () => {
    assert.deepEqual(shown('x\n\na\nc', 'x\n\na\nb\n\na\nc'), ['+a', '+b', '+']);
  });

  test('it begins where the indent is least, tabs or blanks', () => {
    for (const indent of ['\t', '  ']) {
      const [before, after] = [`top\na:\n${indent}x\n${indent}y`, `top\na:\n${indent}x\na:\n${indent}x\n${indent}y`];
      assert.deepEqual(shown(before, after), ['+a:', `+${indent}x`]);
      assert.deepEqual(diffLines(before.split('\n'), after.split('\n'))[0]?.newStart, 1);
    }
  });

  test('of equally good places it takes the last', () => {
    const [before, after] = [
      ['a', 'x', 'x', 'b'],
      ['a', 'x', 'x', 'x', 'b'],
    ];
    assert.deepEqual(diffLines(before, after), [{ oldStart: 3, oldEnd: 3, newStart: 3, newEnd: 4 }]);
  });

  test('it joins the change beside it', () => {
    assert.deepEqual(diffLines(['a', 'x', 'x', 'b'], ['a', 'x', 'c']), [
      { oldStart: 2, oldEnd: 4, newStart: 2, newEnd: 3 },
    ]);
    assert.deepEqual(diffLines(['b', 'x', 'x', 'a'], ['c', 'x', 'a']), [
      { oldStart: 0, oldEnd: 2, newStart: 0, newEnd: 1 },
    ]);
  });
});
