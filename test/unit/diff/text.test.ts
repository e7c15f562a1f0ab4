import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { decode, encode, isUnicode, normalizeEol, splitLines, type UnicodeEncoding } from '../../../src/diff/text';

const unicode: readonly UnicodeEncoding[] = ['utf8', 'utf8bom', 'utf16le', 'utf16be'];

/** Bytes that are often ASCII, and often what encodings begin with. */
const bytes = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xff }) },
      { weight: 1, arbitrary: fc.constantFrom(0xef, 0xbb, 0xbf, 0xfe, 0xff, 0xd8, 0xdc) },
    ),
  )
  .chain((tail) =>
    fc.constantFrom([], [0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]).map((mark) => [...mark, ...tail]),
  )
  .map((all) => Buffer.from(all));

describe('no byte is lost', () => {
  test('a text that is encoded and decoded is the same, and so is its encoding', () => {
    const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', ''));
    fc.assert(
      fc.property(text, fc.constantFrom(...unicode), (whole, encoding) => {
        // UTF-8 cannot write half a character, and a text that begins with a mark has one.
        fc.pre(encoding.startsWith('utf16') || !/\p{Cs}/u.test(whole));
        fc.pre(encoding !== 'utf8' || !whole.startsWith('\ufeff'));
        assert.deepEqual(decode(encode(whole, encoding)), { text: whole, encoding });
      }),
      { numRuns: times(2000) },
    );
  });

  test('bytes that are decoded and encoded are the same', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        const decoded = decode(all);
        if (decoded && isUnicode(decoded.encoding)) assert.deepEqual(encode(decoded.text, decoded.encoding), all);
      }),
      { numRuns: times(5000) },
    );
  });

  test('each byte of windows-1252 is a character of its own', () => {
    const upper = Array.from({ length: 0x80 }, (_, index) => 0x80 + index);
    const decoded = decode(Buffer.from(upper));
    assert.equal(decoded?.encoding, 'windows1252');
    assert.equal(new Set(decoded.text).size, upper.length);
    assert.equal(decoded.text.slice(0x20), Buffer.from(upper.slice(0x20)).toString('latin1'));
  });
});

describe('what bytes are', () => {
  const is = (content: Uint8Array | string, expected: readonly [string, string] | 'binary') => {
    const decoded = decode(typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
    assert.deepEqual(decoded ? [decoded.text, decoded.encoding] : 'binary', expected);
  };

  test('UTF-8, with and without a mark', () => {
    is('', ['', 'utf8']);
    is('plain\n', ['plain\n', 'utf8']);
    is('\xc3\xa4', ['ä', 'utf8']);
    is('\xef\xbb\xbfa', ['a', 'utf8bom']);
    is('\xef\xbb\xbf', ['', 'utf8bom']);
    is('\x1b[1m\x01', ['\x1b[1m\x01', 'utf8']);
  });

  test('UTF-16 with a mark', () => {
    is('\xff\xfea\0\x3d\xd8\x00\xde', ['a😀', 'utf16le']);
    is('\xfe\xff\0a\xd8\x3d\xde\x00', ['a😀', 'utf16be']);
    is('\xff\xfe', ['', 'utf16le']);
    is('\xff\xfea', 'binary');
    is('\xff\xfe\0\0a\0\0\0', 'binary');
    is('a\0b\0', 'binary');
  });

  test('windows-1252 where it is not UTF-8', () => {
    is('na\xefve \x93\x80\x94', ['naïve “€”', 'windows1252']);
    is('\xe4\t\r\n\f\x1a', ['ä\t\r\n\f\x1a', 'windows1252']);
    is('\xe4\x01', 'binary');
    is('\xe4\x7f', 'binary');
  });

  test('binary with a NUL where git looks for one', () => {
    is(`${'a'.repeat(7999)}\0`, 'binary');
    is(`${'a'.repeat(8000)}\0`, [`${'a'.repeat(8000)}\0`, 'utf8']);
    is(Buffer.concat([encode('a'.repeat(3999), 'utf16be'), Buffer.of(0, 0)]), 'binary');
  });

  test('the part of a buffer that a view shows', () => {
    const whole = Buffer.from('\0abc\0');
    is(new Uint8Array(whole.buffer, whole.byteOffset + 1, 3), ['abc', 'utf8']);
  });
});

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
