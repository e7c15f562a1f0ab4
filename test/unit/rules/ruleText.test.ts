import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRuleFile } from '../../../src/rules/ruleFile';
import { ruleText } from '../../../src/rules/ruleText';

const rules = 'secret.env\r\n# für später\r\n*.schlüssel\r\n私人/\r\n';
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf16be = (text: string): Buffer => utf16le(text).swap16();

/** The patterns that are used, and the lines that are not. */
function read(...parts: (Buffer | string)[]): { patterns: string[]; unusable: number[] } {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const file = parseRuleFile(ruleText(bytes), 'f');
  return {
    patterns: file.rules.map(({ source }) => source.pattern),
    unusable: file.problems.map(({ line }) => line),
  };
}

test('UTF-8 and UTF-16 with a byte order mark are read', () => {
  const expected = { patterns: ['secret.env', '*.schlüssel', '私人/'], unusable: [] };
  for (const bytes of [
    Buffer.from(rules),
    Buffer.from(`\uFEFF${rules}`),
    utf16le(`\uFEFF${rules}`),
    utf16be(`\uFEFF${rules}`),
  ]) {
    assert.deepEqual(read(bytes), expected);
  }
});

test('each line with bytes that are no text is known, and no other', () => {
  const latin1 = Buffer.from('a\n# für\nschlüssel\nb\n', 'latin1');
  assert.deepEqual(read(latin1), { patterns: ['a', 'b'], unusable: [3] });
  assert.deepEqual(read('\uFFFD\n'), { patterns: [], unusable: [1] });
  assert.deepEqual(read(Buffer.from([0xff])), { patterns: [], unusable: [1] });
  // A lone half of a pair of units.
  assert.deepEqual(read(utf16le('\uFEFFa\n\uD800\nb\n')), { patterns: ['a', 'b'], unusable: [2] });
});

test('UTF-16 and UTF-32 that do not say so are known by their NULs', () => {
  for (const bytes of [utf16le('a\nb\n'), utf16be('a\nb\n'), utf16le('\uFEFF\0a\0')]) {
    const { patterns, unusable } = read(bytes);
    assert.deepEqual([patterns, unusable.length > 0], [[], true]);
  }
});

test('what another program appended in its own encoding is known', () => {
  const start = utf16le('\uFEFFa\r\n');
  for (const appended of ['*.key\n', '*.keys\n', 'secret\nsecret\n', '.env\r\n', '.env']) {
    const { patterns, unusable } = read(start, appended);
    assert.deepEqual([patterns, unusable.length], [['a'], 1], appended);
    assert.equal(read(utf16be('\uFEFFa\r\n'), appended).unusable.length, 1, appended);
  }
  assert.deepEqual(read('a\n', utf16le('b\r\n')).patterns, ['a']);
  assert.ok(read('a\n', utf16le('b\r\n')).unusable.length > 0);
  assert.ok(read('a\n', utf16le('\uFEFFb\r\n')).unusable.length > 0);
});
