import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  appendLines,
  commented,
  ignoreText,
  insertPatterns,
  watchText,
} from '../../../../src/commands/watching/rulesTemplate';
import { Rules } from '../../../../src/rules/rules';

/** What a rule file says, without its comments. */
function patternsOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('a new file is comments and the given lines', () => {
  assert.deepEqual(patternsOf(watchText(undefined, ['/src/', '/*.md'])), ['/src/', '/*.md']);
  const sections = [
    { name: 'output', lines: ['dist/'] },
    { name: 'gitignore', lines: [] },
    { name: 'secrets', lines: ['.env*'] },
  ] as const;
  const text = ignoreText(undefined, sections);
  assert.deepEqual(patternsOf(text), ['dist/', '.env*']);
  assert.equal(text.split('\n').filter((line) => line === '').length, 3, 'each kind has a comment of its own');
});

test('lines are added at the end of a file, in its line ends', () => {
  assert.deepEqual(insertPatterns('# a', ['b', 'c'], '\n'), { offset: 3, text: '\nb\nc\n' });
  assert.deepEqual(insertPatterns('# a\r\n', ['b', 'c'], '\r\n'), { offset: 5, text: 'b\r\nc\r\n' });
  assert.deepEqual(insertPatterns('', ['b'], '\n'), { offset: 0, text: 'b\n' });
  assert.deepEqual(insertPatterns('!a\nb\n', ['c'], '\n'), { offset: 5, text: 'c\n' });
});

test('where all rules exclude, lines are added before the first', () => {
  assert.deepEqual(insertPatterns('!a\n!b\n', ['c'], '\n'), { offset: 0, text: 'c\n' });
  assert.equal(watchText('# x\r\n\r\n!a\r\n', ['c']), '# x\r\n\r\nc\n!a\r\n');
});

test('a draft in a file that exists has no effect before a person changes it', () => {
  const text = watchText('# mine\n', ['/src/', '!x', '*'].map(commented));
  assert.equal(text, '# mine\n# /src/\n# !x\n# *\n');
  assert.equal(new Rules({ watch: text, ignores: [] }).isEmpty, true);
});

test('a line is added after what is there, with its line ending', () => {
  assert.equal(appendLines('', ['/a'], '\n').text, '/a\n');
  assert.equal(appendLines('*.md\n', ['/a'], '\n').text, '/a\n');
  assert.equal(appendLines('*.md', ['/a'], '\r\n').text, '\r\n/a\r\n');
});
