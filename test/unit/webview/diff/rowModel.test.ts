import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { normalizeEol } from '../../../../src/diff/lines';
import { diffBytes } from '../../../../src/diff/textDiff';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';
import { ComparedTexts } from '../../../../src/webview/diff/comparedTexts';
import type { LineText } from '../../../../src/webview/diff/lineText';
import { viewPlaceOf } from '../../../../src/webview/diff/place';
import type { LineRange } from '../../../../src/model/lines';
import { Rows, type Row } from '../../../../src/webview/diff/rowModel';
import { layouts, type Layout } from '../../../../src/webview/protocol';
import { gitApply } from '../../../support/diffOracle';
import { shownText } from '../../../support/editedText';

interface RowsOptions {
  readonly layout: Layout;
  readonly context?: number;
  readonly revealed?: readonly LineRange[];
}

function compared(before: string, after: string): ComparedTexts {
  const { changes, added, removed } = diffBytes(
    { path: 'f', bytes: Buffer.from(before) },
    { path: 'f', bytes: Buffer.from(after) },
  );
  return new ComparedTexts({ kind: 'text', left: before, right: after, changes, added, removed });
}

function rowsOf(texts: ComparedTexts, { layout, context = Infinity, revealed = [] }: RowsOptions): Rows {
  const { changes, runs, left, right } = texts;
  return new Rows({ changes, runs, oldCount: left.count, newCount: right.count, layout, context, revealed });
}

function all(rows: Rows): Row[] {
  return Array.from({ length: rows.count }, (_, index) => {
    const row = rows.at(index);
    assert(row);
    return row;
  });
}

/** A short form to compare: `3=4` unchanged, `-3`, `+4`, `-3|+4`, `3~2` for two folded lines. */
function drawn(rows: Rows): string[] {
  return all(rows).map((row) => {
    if (row.kind === 'same') return `${row.old}=${row.new}`;
    if (row.kind === 'fold') return `${row.old}~${row.count}${row.hasAbove ? '^' : ''}${row.hasBelow ? 'v' : ''}`;
    const parts = [row.old !== undefined && `-${row.old}`, row.new !== undefined && `+${row.new}`];
    return parts.filter(Boolean).join('|');
  });
}

function whole(text: LineText, index: number): string {
  return text.line(index) + text.eol(index);
}

/** The patch that a reader of the unified rows sees: folds part its hunks. */
function patchOf(path: string, { left, right }: ComparedTexts, rows: readonly Row[]): string {
  const hunks: { rows: Row[] }[] = [{ rows: [] }];
  for (const row of rows) {
    if (row.kind === 'fold') hunks.push({ rows: [] });
    else hunks.at(-1)?.rows.push(row);
  }
  const written = hunks
    .filter((hunk) => hunk.rows.some(({ kind }) => kind === 'change'))
    .map((hunk) => {
      const lines = hunk.rows.flatMap((row) => {
        if (row.kind === 'fold') return [];
        const [sign, text] =
          row.kind === 'same'
            ? [' ', whole(left, row.old)]
            : row.old !== undefined
              ? ['-', whole(left, row.old)]
              : ['+', whole(right, row.new ?? -1)];
        return [`${sign}${text}${text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`];
      });
      return `${header(hunk.rows)}\n${lines.join('')}`;
    });
  return `--- a/${path}\n+++ b/${path}\n${written.join('')}`;
}

function header(rows: readonly Row[]): string {
  const old = rows.flatMap((row) => (row.kind !== 'fold' && row.old !== undefined ? [row.old] : []));
  const now = rows.flatMap((row) => (row.kind !== 'fold' && row.new !== undefined ? [row.new] : []));
  const range = (lines: readonly number[]): string =>
    `${lines.length === 0 ? 0 : Math.min(...lines) + 1},${lines.length}`;
  return `@@ -${range(old)} +${range(now)} @@`;
}

describe('unified rows', () => {
  for (const context of [3, Infinity]) {
    test(`read as a patch with ${context} lines of context that git applies`, () => {
      // Rows do not show changed line endings of other lines.
      const edited = fc
        .sample(shownText, times(500))
        .map(({ before, after }) => ({ before: normalizeEol(before), after: normalizeEol(after) }))
        .filter(({ before, after }) => before !== after);
      const changes = edited
        .filter(({ before, after }) => before !== '' && after !== '')
        .map(({ before, after }, index) => ({
          path: `f${index}`,
          before: Buffer.from(before),
          after: Buffer.from(after),
        }));
      const patches = changes.map(({ path, before, after }) => {
        const texts = compared(before.toString(), after.toString());
        return patchOf(path, texts, all(rowsOf(texts, { layout: 'unified', context })));
      });
      assert(changes.length > 100);
      assert.deepEqual(
        gitApply(changes, patches.join('')).map(String),
        changes.map(({ after }) => after.toString()),
      );
    });
  }

  test('know what a removed line became, though that is elsewhere', () => {
    const texts = compared('keep\nlet one = 1;\nlet two = 2;\n', 'keep\n// new\nlet one = 10;\nlet two = 20;\n');
    assert.deepEqual(all(rowsOf(texts, { layout: 'unified' })).slice(1), [
      { kind: 'change', change: 0, old: 1, oldMate: 2 },
      { kind: 'change', change: 0, old: 2, oldMate: 3 },
      { kind: 'change', change: 0, new: 1 },
      { kind: 'change', change: 0, new: 2, newMate: 1 },
      { kind: 'change', change: 0, new: 3, newMate: 2 },
    ]);
  });
});

describe('rows side by side', () => {
  test('hold each side whole and in order', () => {
    fc.assert(
      fc.property(shownText, ({ before, after }) => {
        const texts = compared(before, after);
        const rows = all(rowsOf(texts, { layout: 'sideBySide' }));
        const side = (name: 'old' | 'new', text: LineText): string =>
          rows.map((row) => (row[name] === undefined ? '' : whole(text, row[name]))).join('');
        assert.deepEqual([side('old', texts.left), side('new', texts.right)], [before, after]);
      }),
      { numRuns: times(500) },
    );
  });

  test('put an edited line beside its new form and leave room for what came before it', () => {
    const texts = compared('keep\nlet one = 1;\n', 'keep\n// new\nlet one = 10;\n');
    assert.deepEqual(drawn(rowsOf(texts, { layout: 'sideBySide' })), ['0=0', '+1', '-1|+2']);
  });
});

describe('folds', () => {
  const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}\n`);
  const before = lines(40).join('');
  const after = lines(40)
    .map((line, index) => (index === 10 || index === 30 ? `new ${line}` : line))
    .join('');
  const texts = compared(before, after);

  test('hide what is far from a change', () => {
    assert.deepEqual(drawn(rowsOf(texts, { layout: 'sideBySide', context: 2 })), [
      ...['0~8v', '8=8', '9=9', '-10|+10', '11=11', '12=12'],
      ...['13~15^v', '28=28', '29=29', '-30|+30', '31=31', '32=32', '33~7^'],
    ]);
  });

  test('open where lines are revealed, and stay around them', () => {
    const revealed = [
      { start: 26, end: 28 },
      { start: 13, end: 15 },
      { start: 20, end: 21 },
    ];
    const rows = drawn(rowsOf(texts, { layout: 'sideBySide', context: 2, revealed }));
    assert.deepEqual(rows.slice(5, -5), [
      '12=12',
      '13=13',
      '14=14',
      '15~5^v',
      '20=20',
      '21~5^v',
      '26=26',
      '27=27',
      '28=28',
    ]);
  });

  test('are not made for fewer lines than they would save', () => {
    const rows = drawn(rowsOf(texts, { layout: 'sideBySide', context: 9 }));
    assert.deepEqual([rows.length, rows[0], rows[20]], [40, '0=0', '20=20']);
  });

  test('hold all lines that no row shows, in either layout', () => {
    const range = fc
      .record({ start: fc.nat(40), length: fc.nat(5) })
      .map(({ start, length }) => ({ start, end: start + length }));
    const options = fc.record({
      layout: fc.constantFrom(...layouts),
      context: fc.nat(3),
      revealed: fc.array(range, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(shownText, options, (edited, chosen) => {
        const found = compared(edited.before, edited.after);
        const seen = { old: [] as number[], new: [] as number[] };
        for (const row of all(rowsOf(found, chosen))) {
          for (const side of ['old', 'new'] as const) {
            const start = row[side];
            const count = row.kind === 'fold' ? row.count : 1;
            if (start !== undefined) seen[side].push(...Array.from({ length: count }, (_, index) => start + index));
          }
        }
        assert.deepEqual(
          seen.old,
          Array.from({ length: found.left.count }, (_, index) => index),
        );
        assert.deepEqual(
          seen.new,
          Array.from({ length: found.right.count }, (_, index) => index),
        );
      }),
      { numRuns: times(500) },
    );
  });
});

describe('finding the way', () => {
  test('each row is found again by its line', () => {
    fc.assert(
      fc.property(shownText, fc.constantFrom(...layouts), fc.constantFrom(1, Infinity), (edited, layout, context) => {
        const rows = rowsOf(compared(edited.before, edited.after), { layout, context });
        all(rows).forEach((row, index) => {
          const place = viewPlaceOf(row);
          assert.equal(place && rows.rowOfLine(place.side, place.line), index);
        });
      }),
      { numRuns: times(300) },
    );
  });

  test('changes follow each other, from the last on to the first', () => {
    const texts = compared('a\nb\nc\nd\ne\n', 'A\nb\nC\nd\ne\nf\n');
    const rows = rowsOf(texts, { layout: 'unified' });
    assert.deepEqual(drawn(rows), ['-0', '+0', '1=1', '-2', '+2', '3=3', '4=4', '+5']);
    assert.deepEqual(
      [-1, 0, 1, 2, 3, 6, 7].map((row) => rows.changeAfter(row)),
      [0, 1, 1, 1, 2, 2, 0],
    );
    assert.deepEqual(
      [0, 1, 2, 3, 4, 7].map((row) => rows.changeBefore(row)),
      [2, 0, 0, 0, 1, 1],
    );
    assert.deepEqual(
      [0, 1, 2, 3, 5, 7].map((row) => rows.changeAt(row)),
      [0, 0, undefined, 1, undefined, 2],
    );
  });

  test('there is no way where nothing differs', () => {
    const rows = rowsOf(compared('a\nb\n', 'a\nb\n'), { layout: 'unified', context: 3 });
    assert.deepEqual([rows.changeAfter(-1), rows.changeBefore(0), rows.changeAt(0)], [undefined, undefined, undefined]);
  });
});
