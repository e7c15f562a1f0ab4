import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexText, lineCount } from '../../../src/diff/indexedText';
import { descentOf, lineKey, originOf } from '../../../src/diff/lineDescent';
import { chanceOf, times } from '../../support/chance';

/** For each line of the newer text its line in the older one. */
function origins(old: string, now: string): number[] {
  const [before, after] = [indexText(old), indexText(now)];
  const descent = descentOf(before, after);
  return Array.from({ length: lineCount(after) }, (_, line) => originOf(line, descent));
}

test('lines are known again under edits above them, other white space and other line endings', () => {
  assert.deepEqual(origins('a\nb\nc\n', 'x\na\nb\nc\n'), [-1, 0, 1, 2]);
  assert.deepEqual(origins('a\n b c\n', 'a\n\tb  c\n'), [0, 1]);
  assert.deepEqual(origins('a\nb\n', 'a\r\nb\r\n'), [0, 1]);
  assert.deepEqual(origins('a\nb', 'a\nb\n'), [0, 1]);
  assert.deepEqual(origins('a\rb\r', 'a\nc\nb\n'), [0, -1, 1]);
  assert.deepEqual(origins('', 'a\n'), [-1]);
  assert.deepEqual(origins('a\n', ''), []);
});

test('a statement that is only wrapped in another way is the same', () => {
  const [one, many] = ['call(first, second, third);\n', 'call(\n  first,\n  second,\n  third);\n'];
  assert.deepEqual(origins(`a\n${one}b\n`, `a\n${many}b\n`), [0, 1, 1, 1, 1, 2]);
  assert.deepEqual(origins(`a\n${many}b\n`, `a\n${one}b\n`), [0, 1, 5]);
});

test('a block that moved is followed, a small one that only looks alike is not', () => {
  const block = 'function moved() {\n  return someValue;\n}\n';
  assert.deepEqual(origins(`a\nb\nc\nd\n${block}`, `${block}a\nb\nc\nd\n`), [4, 5, 6, 0, 1, 2, 3]);
  assert.deepEqual(origins('a\nb\nc\nd\n}\n', '}\na\nb\nc\nd\n'), [-1, 0, 1, 2, 3]);
});

test('whatever the texts, a line comes from an equal one, and no two from the same', () => {
  const chance = chanceOf('descent');
  for (let round = 0; round < times(200); round++) {
    const text = (): string =>
      Array.from({ length: chance.integer(0, 12) }, () => chance.pick(['', ' ', 'a', ' a', 'b', 'word'.repeat(6)]))
        .map((line) => line + chance.pick(['\n', '\r\n', '\n']))
        .join('');
    const [before, after] = [indexText(text()), indexText(text())];
    const descent = descentOf(before, after);
    const wrapped = descent.changes.filter(({ isWrapped }) => isWrapped);
    const from = new Set<number>();
    for (let line = 0; line < lineCount(after); line++) {
      const origin = originOf(line, descent);
      if (origin < 0 || wrapped.some(({ newStart, newEnd }) => newStart <= line && line < newEnd)) continue;
      const what = JSON.stringify([before.text, after.text, line, origin]);
      assert.equal(lineKey(after, line), lineKey(before, origin), what);
      assert.ok(!from.has(origin), what);
      from.add(origin);
    }
  }
});
