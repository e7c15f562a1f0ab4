import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { times } from '../../../../support/chance';
import fc from '../../../../support/properties';
import { diffBytes } from '../../../../../src/diff/textDiff';
import { splitLines } from '../../../../../src/diff/lines';
import { layouts } from '../../../../../src/webview/protocol';
import { ComparedTexts } from '../../../../../src/webview/diff/comparedTexts';
import { LineText } from '../../../../../src/webview/diff/lineText';
import type { Rows, SideName } from '../../../../../src/webview/diff/rowModel';
import {
  offsetOf,
  selectedPart,
  selectedText,
  touchesLines,
  type RowPoint,
  columnAt,
  movedByRows,
  movedInText,
  unitAt,
  type CaretMove,
} from '../../../../../src/webview/diff/selection/selection';
import { shownText } from '../../../../support/editedText';

const sides: readonly SideName[] = ['old', 'new'];

/** Edits far enough from each other for a fold between them. */
const between = `\n${'same\n\r\n\tsame\n'.repeat(4)}`;
const editedTwice = fc.tuple(shownText, shownText).map(([first, last]) => ({
  before: first.before + between + last.before,
  after: first.after + between + last.after,
}));

function compared(left: string, right: string): ComparedTexts {
  const diff = diffBytes({ path: 'f', bytes: Buffer.from(left) }, { path: 'f', bytes: Buffer.from(right) });
  const { changes, added, removed } = diff;
  return new ComparedTexts({ kind: 'text', left, right, changes, added, removed });
}

function copied(texts: ComparedTexts, rows: Rows, side: SideName, from: RowPoint, to: RowPoint): string {
  const at = (point: RowPoint): number => offsetOf(point, side, rows, texts.side(side));
  return selectedText({ side, anchor: at(from), focus: at(to) }, texts);
}

/** What each row holds of a side, hidden lines included: whole lines with their endings. */
function heldByRows(rows: Rows, lines: readonly string[], side: SideName): { text: string; isFold: boolean }[] {
  return Array.from({ length: rows.count }, (_, index) => {
    const row = rows.at(index);
    const line = row?.[side];
    const count = row?.kind === 'fold' ? row.count : 1;
    const text = line === undefined ? '' : lines.slice(line, line + count).join('');
    return { text, isFold: row?.kind === 'fold' };
  });
}

describe('what is copied', () => {
  test('is the text of one side between two places in any rows', () => {
    const revealed = fc
      .record({ start: fc.nat(40), length: fc.nat(5) })
      .map(({ start, length }) => ({ start, end: start + length }));
    const shown = fc.record({
      layout: fc.constantFrom(...layouts),
      context: fc.constantFrom(0, 1, 3, Infinity),
      revealed: fc.array(revealed, { maxLength: 3 }),
    });
    const point = fc.record({ row: fc.nat(1000), character: fc.nat(12) });
    const folds = { copied: 0 };
    fc.assert(
      fc.property(editedTwice, shown, fc.constantFrom(...sides), point, point, (edited, options, side, ...points) => {
        const texts = compared(edited.before, edited.after);
        const rows = texts.rows(options);
        if (rows.count === 0) return;
        const held = heldByRows(rows, splitLines(side === 'old' ? edited.before : edited.after), side);
        const [from, to] = points.map(({ row, character }) => ({ row: row % rows.count, character }));
        assert(from && to);
        const before = ({ row, character }: RowPoint): string => {
          const { text = '', isFold } = held[row] ?? {};
          const above = held.slice(0, row).map((one) => one.text);
          const content = text.replace(/(\r\n?|\n)$/, '');
          return above.join('') + (isFold ? (character > 0 ? text : '') : content.slice(0, character));
        };
        const [shorter = '', longer = ''] = [before(from), before(to)].sort((a, b) => a.length - b.length);
        assert.equal(copied(texts, rows, side, from, to), longer.slice(shorter.length));
        const [first, last] = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
        if (held.slice(first + 1, last).some(({ isFold }) => isFold)) folds.copied++;
      }),
      { numRuns: times(1500) },
    );
    assert(folds.copied > 100, `${folds.copied} selections had a fold inside`);
  });

  test('is all of a side, with the line endings and signs that it has', () => {
    const [left, right] = ['\ufeffa\r\n\r\n\tb\u202e\x1b[0m\n', '\ufeffa\n\n\tb\u202e\x1b[0m'];
    const texts = compared(left, right);
    const all = sides.map((side) =>
      selectedText({ side, anchor: 0, focus: side === 'old' ? left.length : right.length }, texts),
    );
    assert.deepEqual(all, [left, right]);
  });

  test('of 50,000 lines is there at once', () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `const line${index} = ${index};\r\n`).join('');
    const texts = compared(text, `${text}end`);
    const rows = texts.rows({ layout: 'unified', context: 3, revealed: [] });
    const startedAt = performance.now();
    const all = copied(texts, rows, 'old', { row: 0, character: 0 }, { row: rows.count - 1, character: 0 });
    assert(performance.now() - startedAt < 200);
    assert.equal(all, text);
  });

  test('of a line with thousands of characters is not cut', () => {
    const long = `${'x'.repeat(30_000)}a${'y'.repeat(30_000)}`;
    const texts = compared(`${long}\n`, `${long.replace('a', 'b')}\n`);
    const rows = texts.rows({ layout: 'sideBySide', context: 3, revealed: [] });
    assert.equal(copied(texts, rows, 'old', { row: 0, character: 1 }, { row: 0, character: 70_000 }), long.slice(1));
  });
});

describe('what is shown as selected', () => {
  test('is what is copied', () => {
    fc.assert(
      fc.property(shownText, fc.nat(400), fc.nat(400), ({ before }, a, b) => {
        const text = new LineText(before);
        const [start = 0, end = 0] = [a, b].map((at) => Math.min(at, before.length)).sort((x, y) => x - y);
        const parts = Array.from({ length: text.count }, (_, line) => {
          if (!touchesLines({ start, end }, text, line, line + 1)) return '';
          const part = selectedPart({ start, end }, text, line);
          return text.line(line).slice(part.start, part.end) + (part.hasEnding ? text.eol(line) : '');
        });
        // An ending is shown whole, though a selection may end inside CR LF.
        const isInside = (at: number): boolean => before.slice(at - 1, at + 1) === '\r\n';
        if (!isInside(start) && !isInside(end)) assert.equal(parts.join(''), before.slice(start, end));
      }),
      { numRuns: times(1000) },
    );
  });
});

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
