import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGitName } from '../../../src/base/gitName';

test('whatever some file system takes for .git is git', () => {
  const names = [
    '.git',
    '.GIT',
    '.Git',
    'git~1',
    'GIT~1',
    '.git.',
    '.git ',
    '.git . .',
    '.git:x',
    '.git::$INDEX_ALLOCATION',
  ];
  for (const name of [...names, '.g\u200cit', '\ufeff.git', '.git\u202e'])
    assert.ok(isGitName(name), JSON.stringify(name));
});

test('other names are not', () => {
  const names = [
    'git',
    '.gitignore',
    '.github',
    '.git-old',
    'x.git',
    'a.git.',
    '',
    '.',
    '..',
    ' ',
    'git~2',
    '.g it',
    '..git',
  ];
  for (const name of names) assert.ok(!isGitName(name), JSON.stringify(name));
});
