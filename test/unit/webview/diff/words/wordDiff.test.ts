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

describe('more than is compared is marked whole, but for what both lines begin and end with', () => {
  const start = 'same '.repeat(5000);
  const whole = (before: string, after: string): void => {
    const of = (part: string) => (part === '' ? [] : [{ start: start.length, end: start.length + part.length }]);
    assert.deepEqual(wordDiff(`${start}${before} end`, `${start}${after} end`), { old: of(before), new: of(after) });
  };

  test('a long part', () => {
    const long = 'common '.repeat(1500);
    whole(`a ${long}a`, `b ${long}b`);
    whole('', `new ${long}.`);
  });

  test('many words', () => whole(`${'a or '.repeat(250)}a`, `${'b or '.repeat(250)}b`));
});

test('a line of one changed word among a hundred thousand is compared', () => {
  const words = Array.from({ length: 100_000 }, (_, index) => `word${index}`);
  const before = words.join(' ');
  const after = before.replace('word50000', 'new');
  const start = before.indexOf('word50000');
  assert.deepEqual(wordDiff(before, after), { old: [{ start, end: start + 9 }], new: [{ start, end: start + 3 }] });
});
