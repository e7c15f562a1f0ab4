import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { times } from '../../../../support/chance';
import fc from '../../../../support/properties';
import { diffBytes } from '../../../../../src/diff/textDiff';
import { ComparedTexts } from '../../../../../src/webview/diff/comparedTexts';
import {
  columnAt,
  movedByRows,
  movedInText,
  unitAt,
  type CaretMove,
} from '../../../../../src/webview/diff/selection/caretMoves';
import { LineText } from '../../../../../src/webview/diff/lineText';

/** All places that a move goes through, from one on. */
function stops(text: string, unit: CaretMove['unit'], by: 1 | -1, from = by > 0 ? 0 : text.length): number[] {
  const lines = new LineText(text);
  const found: number[] = [];
  for (let at = from, next; (next = movedInText(lines, at, { unit, by })) !== at; at = next) found.push(next);
  return found;
}

describe('the end of a selection moves', () => {
  test('by what is seen as a character, and over a line ending at once', () => {
    const text = 'é😀👩‍👧\r\n\nx';
    assert.deepEqual(stops(text, 'character', 1), [1, 3, 8, 10, 11, 12]);
    assert.deepEqual(stops(text, 'character', -1), [11, 10, 8, 3, 1, 0]);
  });

  test('by word', () => {
    const text = 'let total_sum = 10;\n\n  next()';
    assert.deepEqual(stops(text, 'word', 1), [3, 13, 15, 18, 19, 20, 21, 27, 29]);
    assert.deepEqual(stops(text, 'word', -1), [27, 23, 21, 20, 19, 18, 16, 14, 4, 0]);
  });

  test('to the ends of the line and of the text', () => {
    const lines = new LineText('one\r\ntwo\n');
    const ends = (['lineEnd', 'textEnd'] as const).flatMap((unit) =>
      ([-1, 1] as const).map((by) => movedInText(lines, 6, { unit, by })),
    );
    assert.deepEqual(ends, [5, 8, 0, 9]);
  });

  test('through a whole text, and never out of it', () => {
    const text = fc
      .array(fc.constantFrom('a', ' ', '\t', '\n', '\r\n', '\r', '😀', 'é', '.'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('character', 'word'), (any, unit) => {
        assert.equal(stops(any, unit, 1).at(-1) ?? 0, any.length);
        assert.equal(stops(any, unit, -1).at(-1) ?? 0, 0);
      }),
      { numRuns: times(1000) },
    );
  });
});

describe('up and down', () => {
  const left = ['head', '\tab', ...Array.from({ length: 20 }, (_, index) => `line ${index}`), 'removed', 'tail', ''];
  const right = left.map((line) => (line === 'removed' ? 'added\nadded too' : line));
  const [before, after] = [left.join('\n'), right.join('\n')];
  const diff = diffBytes({ path: 'f', bytes: Buffer.from(before) }, { path: 'f', bytes: Buffer.from(after) });
  const { changes, added, removed } = diff;
  const texts = new ComparedTexts({ kind: 'text', left: before, right: after, changes, added, removed });
  const rows = texts.rows({ layout: 'unified', context: 2, revealed: [{ start: 0, end: 2 }] });
  const moved = (side: 'old' | 'new', from: string, by: number, column = 0): string => {
    const text = texts.side(side);
    const offset = movedByRows(rows, text, text.text.indexOf(from), { side, by, column, tabSize: 4 });
    return text.text.slice(offset);
  };

  test('go over folded lines and those of the other side', () => {
    assert.match(moved('old', '\tab', 1), /^line 18\n/);
    assert.match(moved('old', 'line 18', -1), /^\tab\n/);
    assert.match(moved('old', 'removed', 1), /^tail\n/);
    assert.match(moved('new', 'line 19', 1), /^added\n/);
    assert.match(moved('new', 'tail', -2), /^added\n/);
  });

  test('keep the column, between characters', () => {
    assert.match(moved('old', 'head', 1, 3), /^ab\n/);
    assert.match(moved('old', 'head', 1, 1), /^\tab\n/);
    assert.match(moved('old', 'head', 1, 5), /^b\n/);
    assert.match(moved('old', '\tab', -1, 6), /^\n/);
    const lines = new LineText('x\n\t\tab\n');
    assert.deepEqual(
      [0, 3, 5].map((at) => columnAt(lines, at, 4)),
      [0, 4, 9],
    );
  });

  test('end at the ends of the text', () => {
    assert.equal(moved('old', 'head', -1), before);
    assert.equal(moved('old', 'tail', 1), '');
    assert.match(moved('old', 'head', 100), /^tail\n$/);
  });
});

describe('a click selects', () => {
  const text = new LineText('let total = 1;\n\n  👍🏽x\n');
  const selected = (offset: number, unit: 'character' | 'word' | 'line'): string => {
    const { start, end } = unitAt(text, offset, unit);
    return text.text.slice(start, end);
  };

  test('a word, blanks or signs', () => {
    assert.deepEqual(
      [0, 3, 5, 13, 14, 15, 17, 22].map((at) => selected(at, 'word')),
      ['let', ' ', 'total', ';', ';', '', '  ', 'x'],
    );
  });

  test('a line with its ending', () => {
    assert.deepEqual(
      [0, 14, 15, 16, 23, 24].map((at) => selected(at, 'line')),
      ['let total = 1;\n', 'let total = 1;\n', '\n', '  👍🏽x\n', '  👍🏽x\n', '  👍🏽x\n'],
    );
    assert.equal(selected(5, 'character'), '');
  });

  test('no more of a word than a bound', () => {
    const long = new LineText('😀'.repeat(3000));
    const { start, end } = unitAt(long, 3001, 'word');
    assert(start >= 1990 && end <= 4010 && start % 2 === 0 && end % 2 === 0, `${start} to ${end}`);
  });
});
