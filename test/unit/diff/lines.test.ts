import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineEndingOf, lineStarts, normalizeEol, splitAtLineFeeds, splitLines } from '../../../src/diff/lines';
import fc from '../../support/properties';

const text = fc.array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n', '\u2028', '\x85')).map((parts) => parts.join(''));

test('lines make the text again, and each ends with its only line ending', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const lines = splitLines(whole);
      assert.equal(lines.join(''), whole);
      lines.forEach((line, at) => {
        assert.match(line, at < lines.length - 1 ? /^[^\r\n]*(\r\n|\r|\n)$/ : /^[^\r\n]*(\r\n|\r|\n)$|^[^\r\n]+$/);
      });
      assert.deepEqual(lines.map(normalizeEol), splitAtLineFeeds(normalizeEol(whole)));
      const starts = lineStarts(whole);
      lines.forEach((line, at) => assert.equal(whole.slice(starts[at], starts[at + 1]), line));
    }),
  );
});

test('lines of a patch end with line feeds only', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const lines = splitAtLineFeeds(whole);
      assert.equal(lines.join(''), whole);
      lines.forEach((line, at) => assert.match(line, at < lines.length - 1 ? /^[^\n]*\n$/ : /^([^\n]*\n|[^\n]+)$/));
    }),
  );
});

test('more lines than allowed are refused', () => {
  assert.deepEqual([...(lineStarts('a\nb', 2) ?? [])], [0, 2, 3]);
  assert.deepEqual([...(lineStarts('a\r\nb\r', 2) ?? [])], [0, 3, 5]);
  assert.equal(lineStarts('a\nb\nc', 2), undefined);
  assert.equal(lineStarts('a\rb\rc', 2), undefined);
});

test('every line ending counts as a line feed', () => {
  assert.equal(normalizeEol('a\r\nb\rc\nd\r\r\n\n\r'), 'a\nb\nc\nd\n\n\n\n');
});

test('a text has one line ending, several or none', () => {
  const endings = ['a', 'a\nb', 'a\r\nb\r\n', 'a\rb', 'a\r\nb\n', 'a\nb\r', 'a\u2028b'].map(lineEndingOf);
  assert.deepEqual(endings, [undefined, 'LF', 'CRLF', 'CR', 'mixed', 'mixed', undefined]);
});
