import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalizeEol, splitLines } from '../../../src/diff/lines';
import fc from '../../support/properties';

const text = fc.array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n', '\u2028')).map((parts) => parts.join(''));

test('lines make the text again, and each ends with its only line feed', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const lines = splitLines(whole) ?? [];
      assert.equal(lines.join(''), whole);
      lines.forEach((line, at) => assert.match(line, at < lines.length - 1 ? /^[^\n]*\n$/ : /^([^\n]*\n|[^\n]+)$/));
    }),
  );
});

test('more lines than allowed are refused', () => {
  assert.deepEqual(splitLines('a\nb', 2), ['a\n', 'b']);
  assert.deepEqual(splitLines('a\nb\n', 2), ['a\n', 'b\n']);
  assert.equal(splitLines('a\nb\nc', 2), undefined);
});

test('every line ending counts as a line feed', () => {
  assert.equal(normalizeEol('a\r\nb\rc\nd\r\r\n\n\r'), 'a\nb\nc\nd\n\n\n\n');
});
