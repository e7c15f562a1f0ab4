import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { splitLines } from '../../../../src/diff/lines';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';
import { columnsOf, LineText } from '../../../../src/webview/diff/lineText';

describe('lines of a text', () => {
  test('are those that the diff counts, whole', () => {
    const text = fc
      .array(fc.constantFrom('a', '\t', '\n', '\r\n', '\r', '\u2028', '😀'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (any) => {
        const lines = new LineText(any);
        const found = Array.from({ length: lines.count }, (_, index) => lines.line(index) + lines.eol(index));
        assert.deepEqual(found, splitLines(any));
      }),
      { numRuns: times(2000) },
    );
  });

  test('are found in a text of many', () => {
    const lines = new LineText(Array.from({ length: 100_000 }, (_, index) => `${index}\n`).join(''));
    assert.deepEqual(
      [lines.count, lines.line(0), lines.line(65_536), lines.line(99_999)],
      [100_000, '0', '65536', '99999'],
    );
  });

  test('are blank outside of the text', () => {
    const lines = new LineText('a\n');
    assert.deepEqual([lines.line(-1), lines.line(1), lines.eol(1)], ['', '', '']);
  });

  test('distinguish their endings', () => {
    const lines = new LineText('a\r\nb\n\r\nc');
    assert.deepEqual(
      [0, 1, 2, 3].map((index) => [lines.line(index), lines.eol(index)]),
      [
        ['a', '\r\n'],
        ['b', '\n'],
        ['', '\r\n'],
        ['c', ''],
      ],
    );
    assert.equal(lines.commonEol, '\n');
    assert.equal(new LineText('a\r\nb\r\nc').commonEol, '\r\n');
    assert.equal(new LineText('a\rb\rc\n').commonEol, '\r');
  });
});

describe('columns of a line', () => {
  test('follow the tab stops', () => {
    assert.deepEqual(
      ['\t', 'abc\tx', 'abcd\tx', '日本'].map((line) => columnsOf(line, 4)),
      [4, 5, 9, 4],
    );
  });

  test('are taken from the widest line, up to a bound', () => {
    const lines = new LineText(`short\n\t\t\t\n${'x'.repeat(11)}\n`);
    assert.equal(lines.widestColumns(4, 1000), 12);
    assert.equal(lines.widestColumns(8, 1000), 24);
    assert.equal(lines.widestColumns(8, 10), 10);
  });
});
