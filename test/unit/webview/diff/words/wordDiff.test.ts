import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TextRange } from '../../../../../src/webview/diff/words/segments';
import { wordDiff } from '../../../../../src/webview/diff/words/wordDiff';
import { times } from '../../../../support/chance';
import fc from '../../../../support/properties';

/** A line with its marks in brackets. */
function marked(line: string, marks: readonly TextRange[]): string {
  const parts = marks.map(({ start, end }, index) => {
    return `${line.slice(marks[index - 1]?.end ?? 0, start)}[${line.slice(start, end)}]`;
  });
  return parts.join('') + line.slice(marks.at(-1)?.end ?? 0);
}

function shown(before: string, after: string): [string, string] {
  const marks = wordDiff(before, after);
  return [marked(before, marks.old), marked(after, marks.new)];
}

/** The letters and digits of a line outside its marks. */
function unmarkedWords(line: string, marks: readonly TextRange[]): string {
  const rest = marked(line, marks).replace(/\[[^\]]*\]/g, '');
  return rest.replace(/[^\p{L}\p{N}\p{M}_]/gu, '');
}

describe('marks', () => {
  test('are words that changed', () => {
    assert.deepEqual(shown('const foo = bar(baz);', 'const fooBar = bar(qux, baz);'), [
      'const [foo] = bar(baz);',
      'const [fooBar] = bar([qux, ]baz);',
    ]);
    assert.deepEqual(shown('x = 1; y = 2; z = 3', 'x = 4; y = 2; z = 6'), [
      'x = [1]; y = 2; z = [3]',
      'x = [4]; y = 2; z = [6]',
    ]);
    assert.deepEqual(shown('foo bar', 'foo baz bar'), ['foo bar', 'foo [baz ]bar']);
    assert.deepEqual(shown('same', 'same'), ['same', 'same']);
  });

  test('are words in any script', () => {
    assert.deepEqual(shown('добрый привет мир', 'добрый привет дом'), ['добрый привет [мир]', 'добрый привет [дом]']);
    assert.deepEqual(shown('你好世界，今天', '你好中国，今天'), ['你好[世界]，今天', '你好[中国]，今天']);
    assert.deepEqual(shown('v你好1', 'v你坏1'), ['v你[好]1', 'v你[坏]1']);
    assert.deepEqual(shown('let 𝒜𝒷𝒸 = 1', 'let 𝒜𝒷𝒹 = 1'), ['let [𝒜𝒷𝒸] = 1', 'let [𝒜𝒷𝒹] = 1']);
    assert.deepEqual(shown('der größte Teil', 'der größere Teil'), ['der [größte] Teil', 'der [größere] Teil']);
  });

  test('are blanks where only blanks changed', () => {
    assert.deepEqual(shown('  return x;', '    return x;'), ['  return x;', '  [  ]return x;']);
    assert.deepEqual(shown('end', 'end '), ['end', 'end[ ]']);
    assert.deepEqual(shown('\tx', '  x'), ['[\t]x', '[  ]x']);
    assert.deepEqual(shown('  ', '\t'), ['[  ]', '[\t]']);
  });

  test('near to each other become one', () => {
    assert.deepEqual(shown('count to two: one   two', 'count to two: uno   dos'), [
      'count to two: [one   two]',
      'count to two: [uno   dos]',
    ]);
    assert.deepEqual(shown('value of a.b', 'value of c.d'), ['value of [a.b]', 'value of [c.d]']);
    assert.deepEqual(shown('a.b is the value', 'a.c is the value'), ['a.[b] is the value', 'a.[c] is the value']);
  });

  test('are none where lines are hardly alike', () => {
    assert.deepEqual(wordDiff('the quick brown fox', 'a slow red dog'), { old: [], new: [] });
    assert.deepEqual(wordDiff('', 'something'), { old: [], new: [] });
  });

  test('never split what is one character to the eye', () => {
    for (const [before, after] of [
      ['family: 👨‍👩‍👧.', 'family: 👨‍👩‍👦.'],
      ['hand is up: 👍🏻!', 'hand is up: 👍🏿!'],
      ['country: 🇩🇪', 'country: 🇩🇰'],
      ['faces are 😀', 'faces are 😁'],
      ['accent is -\u0301', 'accent is -\u0300'],
    ] as const) {
      const at = before.search(/[^\w :]/);
      const end = /[.!]$/.test(before) ? before.length - 1 : before.length;
      assert.deepEqual(wordDiff(before, after), { old: [{ start: at, end }], new: [{ start: at, end }] }, before);
    }
  });
});

/** Two lines that have parts in common. */
function pairOf(piece: fc.Arbitrary<string>): fc.Arbitrary<[string, string]> {
  const part = fc.array(piece, { maxLength: 15 }).map((pieces) => pieces.join(''));
  return fc
    .tuple(part, part, part, part)
    .map(([start, before, after, end]) => [start + before + end, start + after + end]);
}

test('the words that are not marked are the same on both sides', () => {
  const piece = fc.constantFrom(
    'a',
    'bc',
    'd1',
    '_',
    ' ',
    '  ',
    '\t',
    '(',
    '.',
    ',',
    'é',
    'e\u0301',
    '日',
    '本',
    'ж',
    '😀',
  );
  fc.assert(
    fc.property(pairOf(piece), ([before, after]) => {
      const marks = wordDiff(before, after);
      if (marks.old.length + marks.new.length === 0) return;
      assert.deepEqual(unmarkedWords(before, marks.old), unmarkedWords(after, marks.new));
    }),
    { numRuns: times(3000) },
  );
});

test('marks lie between characters, are not empty, and do not touch', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '.',
    'e\u0301',
    '\u0300',
    '😀',
    '👨\u200d👩\u200d👧',
    '\u200d',
    '🇩',
    '🇪',
    '\ud83d',
    '\r',
  );
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  fc.assert(
    fc.property(pairOf(piece), ([before, after]) => {
      const marks = wordDiff(before, after);
      for (const [line, ranges] of [
        [before, marks.old],
        [after, marks.new],
      ] as const) {
        const between = new Set([line.length, ...Array.from(graphemes.segment(line), ({ index }) => index)]);
        ranges.forEach(({ start, end }, index) => {
          assert.ok(start > (ranges[index - 1]?.end ?? -1) && start < end && end <= line.length);
          assert.ok(between.has(start) && between.has(end), `${start} to ${end} in ${JSON.stringify(line)}`);
        });
      }
    }),
    { numRuns: times(3000) },
  );
});

describe('of a long line', () => {
  /** The parts that are marked, by their places. */
  const markedIn = (line: string, marks: readonly TextRange[]): Record<number, string> =>
    Object.fromEntries(marks.map(({ start, end }) => [start, line.slice(start, end)]));

  test('both ends are compared, though what is between them is long', () => {
    for (const length of [11_000, 160_000, 5_000_000]) {
      const long = 'common(x, 1);'.repeat(length / 13);
      const [before, after] = [`a ${long} b`, `c ${long} d`];
      const marks = wordDiff(before, after);
      assert.deepEqual(markedIn(before, marks.old), { 0: 'a', [before.length - 1]: 'b' });
      assert.deepEqual(markedIn(after, marks.new), { 0: 'c', [after.length - 1]: 'd' });
    }
  });

  test('many words are compared', () => {
    const [before, after] = [`${'a or '.repeat(250)}a`, `${'b or '.repeat(250)}b`];
    assert.equal(wordDiff(before, after).old.length, 251);
  });

  test('each of 200 edits in minified code is marked', () => {
    const statements = Array.from({ length: 20_000 }, (_, n) => `var v${n}=f(${n % 7},"s${n}",{k:${n}})`);
    const edited = statements.map((each, n) => (n % 100 === 3 ? each.replace('f(', 'gg(') : each));
    const marks = wordDiff(statements.join(';'), edited.join(';'));
    assert.equal(marks.old.length, 200);
    assert.deepEqual(new Set(Object.values(markedIn(statements.join(';'), marks.old))), new Set(['f']));
    assert.deepEqual(new Set(Object.values(markedIn(edited.join(';'), marks.new))), new Set(['gg']));
  });

  test('far edits in one long word are apart', () => {
    let state = 1;
    const digits = Array.from({ length: 160_000 }, () => ((state = (state * 48271) % 2147483647) % 16).toString(16));
    const before = digits.join('');
    const after = ['x', ...digits.slice(1, 80_000), 'y', ...digits.slice(80_001, -1), 'z'].join('');
    const { old } = wordDiff(before, after);
    assert.equal(old.length, 3);
    assert.ok(old.every(({ start, end }) => end - start < 300));
    [0, 80_000, 159_999].forEach((at, n) => assert.ok((old[n]?.start ?? 1e9) <= at && (old[n]?.end ?? 0) > at));
  });

  test('what is not marked is the same on both sides', () => {
    const piece = fc.constantFrom('a', 'bc', ' ', ';', '(', '.', 'é', '日', '😀', '{\n', 'の');
    const part = fc.array(piece, { minLength: 1, maxLength: 20 }).map((pieces) => pieces.join(''));
    const parts = fc.array(fc.tuple(part, part, fc.boolean(), fc.integer({ min: 1, max: 600 })), { maxLength: 12 });
    fc.assert(
      fc.property(parts, (all) => {
        const line = (edited: boolean): string =>
          all.map(([same, other, isEdited, count]) => same.repeat(count) + (edited && isEdited ? other : ';')).join('');
        const [before, after] = [line(false), line(true)];
        const marks = wordDiff(before, after);
        if (marks.old.length + marks.new.length === 0) return;
        assert.deepEqual(unmarkedWords(before, marks.old), unmarkedWords(after, marks.new));
      }),
      { numRuns: times(100) },
    );
  });

  test('no more than a thousand marks are made', () => {
    const words = Array.from({ length: 30_000 }, (_, n) => `w${n % 5 === 0 ? 'x' : 'y'}${n};`);
    const after = words.map((each, n) => (n % 9 === 0 ? `other${n};` : each));
    const marks = wordDiff(words.join(''), after.join(''));
    assert.ok(marks.old.length > 100 && marks.old.length <= 1000, `${marks.old.length}`);
  });
});

test('a line of one changed word among a hundred thousand is compared', () => {
  const words = Array.from({ length: 100_000 }, (_, index) => `word${index}`);
  const before = words.join(' ');
  const after = before.replace('word50000', 'new');
  const start = before.indexOf('word50000');
  assert.deepEqual(wordDiff(before, after), { old: [{ start, end: start + 9 }], new: [{ start, end: start + 3 }] });
});
