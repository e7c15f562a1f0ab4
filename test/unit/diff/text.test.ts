import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import { decode, decodeAs, encode, isUnicode, type UnicodeEncoding } from '../../../src/diff/text';

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
        assert.deepEqual(decode(encode(whole, encoding)), { text: whole, encoding, isDamaged: false });
      }),
      { numRuns: times(2000) },
    );
  });

  test('bytes that are decoded and encoded are the same', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        const decoded = decode(all);
        if (decoded && !decoded.isDamaged && isUnicode(decoded.encoding))
          assert.deepEqual(encode(decoded.text, decoded.encoding), all);
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
    is('\xff\xfea\0b', ['a\ufffd', 'utf16le']);
    is('\xff\xfe\0\0a\0\0\0', 'binary');
    is('\xff\xfe\0\0a\0\0\0\n\0\0\0', 'binary');
    is('\0\0\xfe\xff\0\0\0a', 'binary');
  });

  test('UTF-16 without a mark', () => {
    is('a\0b\0', ['ab', 'utf16leWithoutBom']);
    is('\0a\0\r\0\n', ['a\r\n', 'utf16beWithoutBom']);
    is(encode('日本語、abc\n', 'utf16le').subarray(2), ['日本語、abc\n', 'utf16leWithoutBom']);
    is('a\0b\0\0c', 'binary');
    is('a\0\x01\0', 'binary');
    is('a\0b\0c', 'binary');
    is('a\0\x00\xd8', 'binary');
    is('a\0\x00\xe0', 'binary');
  });

  test('UTF-8 with wrong bytes, each a replacement character', () => {
    is('\xc3\xa4\xff\n', ['ä\ufffd\n', 'utf8']);
    is('\xff\xc3\xa4\n', ['\ufffdä\n', 'utf8']);
    is('\xe6\x97\xa5\xe6\x97', ['日\ufffd', 'utf8']);
    is('\xf0\x9f\x98\x80\xe9', ['😀\ufffd', 'utf8']);
    is('\xef\xbb\xbfa\xff', ['a\ufffd', 'utf8bom']);
    is('\xc3\xa4\xff\xfe', ['Ã¤ÿþ', 'windows1252']);
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

describe('encodings that are expected', () => {
  const samples: Record<string, readonly [python: string, text: string]> = {
    gbk: ['gbk', '简体中文，ab\n第二行\n'],
    gb18030: ['gb18030', '简体中文😀\n'],
    cp950: ['big5', '繁體中文\n'],
    shiftjis: ['shift_jis', '日本語ソ表\n'],
    eucjp: ['euc_jp', '日本語\n'],
    euckr: ['euc_kr', '한국어\n'],
    windows1250: ['cp1250', 'Žluťoučký kůň\n'],
    windows1251: ['cp1251', 'Русский\n'],
    windows1252: ['cp1252', 'naïve “€”\n'],
    koi8r: ['koi8_r', 'Русский\n'],
    cp866: ['cp866', 'Русский\n'],
    iso88591: ['latin1', 'naïve\x85\n'],
    iso88592: ['iso8859_2', 'Žluť\n'],
    iso885915: ['iso8859_15', 'naïve €\n'],
    macroman: ['mac_roman', 'naïve Ω\n'],
    windows1256: ['cp1256', 'العربية\n'],
    windows874: ['cp874', 'ภาษาไทย\n'],
    utf16le: ['utf_16_le', '日本語\n'],
    utf16be: ['utf_16_be', '日本語\n'],
  };
  const script = 'import sys,json; print(json.dumps([t.encode(e).hex() for e, t in json.load(sys.stdin)]))';
  const encoded = JSON.parse(
    execFileSync('python3', ['-c', script], { input: JSON.stringify(Object.values(samples)), encoding: 'utf8' }),
  ) as string[];

  test('are read as Python writes them', () => {
    Object.entries(samples).forEach(([encoding, [, text]], at) => {
      const content = Buffer.from(encoded[at] ?? '', 'hex');
      assert.equal(decode(content, [encoding])?.text, text, encoding);
      assert.equal(decodeAs(content, encoding)?.text, text, encoding);
    });
  });

  const gbk = Buffer.from(encoded[0] ?? '', 'hex');

  test('are not used where many bytes have no meaning in them', () => {
    assert.equal(decode(Buffer.concat([gbk.subarray(0, 4), Buffer.of(0xd6)]), ['gbk'])?.encoding, 'windows1252');
    assert.equal(decode(Buffer.concat([gbk, Buffer.of(0xd6)]), ['gbk'])?.text, '简体中文，ab\n第二行\n\ufffd');
    assert.equal(decodeAs(Buffer.concat([gbk, Buffer.of(0xd6)]), 'gbk')?.text, '简体中文，ab\n第二行\n\ufffd');
    assert.equal(decode(gbk, ['utf8', 'gbk'])?.encoding, 'gbk');
    assert.equal(decode(Buffer.from('ä'), ['utf8', 'gbk'])?.encoding, 'utf8');
    assert.equal(decodeAs(gbk, 'utf8')?.encoding, 'utf8');
  });

  test('do not count against a mark, a NUL or plain ASCII, nor when they are unknown', () => {
    assert.equal(decode(encode('ä', 'utf8bom'), ['gbk'])?.encoding, 'utf8bom');
    assert.equal(decode(encode('ä', 'utf16le'), ['gbk'])?.encoding, 'utf16le');
    assert.equal(decode(Buffer.of(0x89, 0x50, 0, 0, 1), ['gbk']), undefined);
    assert.equal(decode(Buffer.from('plain'), ['utf16le'])?.encoding, 'utf8');
    assert.equal(decode(Buffer.from('ä'), ['cp437'])?.encoding, 'utf8');
    assert.equal(decodeAs(Buffer.from('ä'), 'cp437')?.encoding, 'utf8');
  });
});
