import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { lineToAppend, patternOfPath } from '../../../../src/commands/watching/pathPattern';
import { GitOracle } from '../../../support/gitOracle';
import fc from '../../../support/properties';

const git = new GitOracle();
after(() => git.dispose());

/** Names made of what gitignore reads as more than itself. */
const name = fc
  .array(
    fc.constantFrom('a', 'b', ' ', '\\', '*', '?', '[', ']', '!', '#', '$', '{', '}', '-', '^', '\t', '"', 'é', '😀'),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((characters) => characters.join(''));
const filePath = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

test('the pattern of a file matches that file and no other, says git', () => {
  const cases = fc.sample(fc.tuple(filePath, filePath), 2_000).map(([path, other]) => {
    const text = lineToAppend('', patternOfPath(path, false) ?? '', '\n');
    return { ignores: [{ dir: '', text }], folders: [], paths: [path, other, `below/${path}`] };
  });
  const answers = git.ask(cases);
  cases.forEach(({ paths: [path, other = ''], ignores: [rules] }, index) => {
    const found = answers[index]?.map((match) => match !== undefined);
    const isBelow = other === path || other.startsWith(`${path ?? ''}/`);
    assert.deepEqual(found, [true, isBelow, false], JSON.stringify({ path, other, rules }));
  });
});

test('the pattern of a folder matches what is below it, and no file of its name', () => {
  const answers = git.ask([
    {
      ignores: [{ dir: '', text: `${patternOfPath('a [x]', true) ?? ''}\n` }],
      folders: ['a [x]'],
      paths: ['a [x]/b/c.md', 'a x'],
    },
    {
      ignores: [{ dir: '', text: `${patternOfPath('notes', true) ?? ''}\n` }],
      folders: [],
      paths: ['notes', 'x/notes/a'],
    },
  ]);
  assert.deepEqual(
    answers.map((matches) => matches.map((match) => match !== undefined)),
    [
      [true, false],
      [false, false],
    ],
  );
});

test('a name that no line can hold has no pattern', () => {
  assert.equal(patternOfPath('a\nb', false), undefined);
  assert.equal(patternOfPath('a\r', false), undefined);
  assert.equal(patternOfPath('', true), undefined);
});

test('a line is added after what is there, with its line ending', () => {
  assert.equal(lineToAppend('', '/a', '\n'), '/a\n');
  assert.equal(lineToAppend('*.md\n', '/a', '\n'), '/a\n');
  assert.equal(lineToAppend('*.md', '/a', '\r\n'), '\r\n/a\r\n');
});
