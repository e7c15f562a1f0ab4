import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maxPatternLength, maxRuleFileLength, maxRulesCost, parseRuleFile } from '../../../src/rules/ruleFile';

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
