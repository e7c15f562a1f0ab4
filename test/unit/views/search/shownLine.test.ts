import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownLine } from '../../../../src/views/search/shownLine';

function marked(text: string, ...ranges: [number, number][]): string {
  const { label, highlights } = shownLine(text, ranges);
  return [...highlights]
    .reverse()
    .reduce((shown, [from, to]) => `${shown.slice(0, from)}[${shown.slice(from, to)}]${shown.slice(to)}`, label);
}

test('a row shows the line without its indentation, and what matches', () => {
  assert.equal(marked('\t  const a = a;', [9, 10], [13, 14]), 'const [a] = [a];');
  assert.equal(marked('  x', [0, 2]), '[  ]x');
  assert.equal(marked('    ', [0, 0]), '[]    ');
  assert.equal(marked('nothing is marked'), 'nothing is marked');
});

test('the first match is near the start of a row, and a long line is cut', () => {
  const text = `${'long '.repeat(20)}needle ${'more '.repeat(100)}`;
  assert.match(marked(text, [100, 106], [500, 504]), /^….{8}\[needle\] more/);
  assert.ok(shownLine(text, [[100, 106]]).label.length < 210);
});

test('invisible characters are escaped, and the marks stay where they belong', () => {
  const { label, highlights } = shownLine('a\u202eb\0c needle', [[6, 12]]);
  assert.ok(!label.includes('\u202e') && !label.includes('\0'));
  assert.deepEqual(
    highlights.map(([from, to]) => label.slice(from, to)),
    ['needle'],
  );
});
