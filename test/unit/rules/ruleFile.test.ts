import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  maxPatternLength,
  maxRuleFileLength,
  maxRulesCost,
  parseRuleFile,
  ruleText,
} from '../../../src/rules/ruleFile';

const patternsOf = (text: string) => parseRuleFile(text, 'f').rules.map(({ source }) => source.pattern);

describe('rule files', () => {
  test('lines are read as git reads them', () => {
    const { rules, problems } = parseRuleFile(
      '\uFEFF# comment\r\n\r\n  \n*.md  \r\n!/drafts/\n\\#x\n a\\  \r\n',
      '.obbywatch',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      rules.map(({ source, negated, directoryOnly }) => ({ ...source, negated, directoryOnly })),
      [
        { file: '.obbywatch', line: 4, pattern: '*.md', negated: false, directoryOnly: false },
        { file: '.obbywatch', line: 5, pattern: '!/drafts/', negated: true, directoryOnly: true },
        { file: '.obbywatch', line: 6, pattern: '\\#x', negated: false, directoryOnly: false },
        { file: '.obbywatch', line: 7, pattern: ' a\\ ', negated: false, directoryOnly: false },
      ],
    );
  });

  test('of spaces at the end, only one after a backslash that is no character itself belongs to the pattern', () => {
    assert.deepEqual(patternsOf('a\\\\  \nb\\\\\\  \nc\t \nd \r \n#\n #'), ['a\\\\', 'b\\\\\\ ', 'c\t', 'd \r', ' #']);
    assert.deepEqual(patternsOf('a\r\r\nb\r'), ['a\r', 'b']);
  });

  test('a line that can match nothing is a problem that names the part to blame, and the others keep working', () => {
    const lines = ['*.md', 'a[b', '!é/[[:big:]]x', 'a\\', '[/]', 'a//b', './a', '../a', '/', '!', 'a\0b', '*.txt'];
    const { rules, problems } = parseRuleFile(lines.join('\n'), 'f');
    assert.deepEqual(
      rules.map(({ source }) => source.line),
      [1, 12],
    );
    assert.deepEqual(
      problems.map(({ line, pattern, start, end, message }) => [line, pattern.slice(start, end), message.slice(0, 22)]),
      [
        [2, '[b', 'This `[` has no matchi'],
        [3, '[:big:]', 'There is no such class'],
        [4, '\\', 'Nothing follows this `'],
        [5, '[/]', 'This character class m'],
        [6, 'a//b', 'No path has an empty n'],
        [7, './a', 'No path has an empty n'],
        [8, '../a', 'No path has an empty n'],
        [9, '/', 'This line names no fil'],
        [10, '!', 'This line names no fil'],
        [11, '\0', 'No name has the charac'],
      ],
    );
  });

  test('a line that is too long is not used, one that just fits is', () => {
    const { rules, problems } = parseRuleFile(
      `${'a'.repeat(maxPatternLength)}\n${'b'.repeat(maxPatternLength + 9)}\nc`,
      'f',
    );
    assert.deepEqual([rules.length, rules[1]?.source.line], [2, 3]);
    assert.deepEqual(
      problems.map(({ line, pattern, start, end }) => [line, pattern.length, start, end]),
      [[2, maxPatternLength, maxPatternLength, maxPatternLength + 9]],
    );
  });

  test('a file that is too long is used as far as its last whole line', () => {
    const line = `# ${'x'.repeat(997)}\n`;
    const { rules, problems } = parseRuleFile(`a\n${line.repeat(maxRuleFileLength / 1000 + 1)}b`, 'f');
    assert.deepEqual(
      rules.map(({ source }) => source.pattern),
      ['a'],
    );
    assert.deepEqual([problems.length, problems[0]?.line], [1, Math.floor((maxRuleFileLength - 2) / 1000) + 2]);
  });

  test('rules beyond what may be spent on one path are not used, in one file or in several', () => {
    const { rules, problems } = parseRuleFile('a\n'.repeat(maxRulesCost + 5), 'f');
    assert.deepEqual([rules.length, problems.map(({ line }) => line)], [maxRulesCost, [maxRulesCost + 1]]);
    const costly = `${'**/*a'.repeat(200)}\n`.repeat(100);
    assert.ok(parseRuleFile(costly, 'f').rules.length < 20);
    const budget = { left: maxRulesCost };
    parseRuleFile(costly, 'f', budget);
    assert.deepEqual(parseRuleFile('a', 'g', budget).rules, []);
  });
});

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
