import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxPatterns, proposeWatch } from '../../../../src/commands/proposal/watchProposal';
import { Rules } from '../../../../src/rules/rules';

test('what is there is listed: folders, kinds of files, and files of no kind by their names', () => {
  const files = ['README.md', 'NOTES.md', 'a.ts', 'esbuild.mjs', 'x.cjs', 'y.mts', 'z.cts', 'Dockerfile', 'Makefile'];
  const { patterns, leftOut } = proposeWatch({
    folders: ['src', '.github', 'docs [old]'],
    files: [...files, '.gitignore', '.editorconfig', '.eslintrc.json', 'obby.1', 'ends. '],
    isRepository: true,
  });
  assert.deepEqual(patterns, [
    ...['/.github/', '/docs \\[old]/', '/src/', '/.editorconfig', '/*.json', '/.gitignore', '/Dockerfile', '/Makefile'],
    ...['/*.md', '/*.ts', '/ends.\\ ', '/*.mjs', '/obby.1', '/*.cjs', '/*.mts', '/*.cts'],
  ]);
  assert.deepEqual(leftOut, []);
});

test('outside of a repository, hidden folders are left out and named', () => {
  const top = { folders: ['.config', 'notes'], files: ['.bashrc'], isRepository: false };
  assert.deepEqual(proposeWatch(top), { patterns: ['/notes/', '/.bashrc'], leftOut: ['.config'] });
});

test('in an empty folder, what comes is listed', () => {
  assert.deepEqual(proposeWatch({ folders: [], files: [], isRepository: true }).patterns, ['*']);
  const { patterns } = proposeWatch({ folders: ['.config'], files: [], isRepository: false });
  const rules = new Rules({ watch: patterns.join('\n'), ignores: [] });
  assert.deepEqual(
    ['a.md', 'b/.c/d', '.config/token', '.bashrc'].filter((path) => rules.isWatched(path)),
    ['a.md', 'b/.c/d', '.bashrc'],
  );
});

test('a name that no line can hold, and names beyond the bound, are told', () => {
  const files = Array.from({ length: maxPatterns + 5 }, (_, index) => `file${String(index).padStart(4, '0')}`);
  const { patterns, leftOut } = proposeWatch({ folders: ['a\nb'], files, isRepository: true });
  assert.equal(patterns.length, maxPatterns);
  assert.deepEqual(leftOut, ['a\nb', ...files.slice(maxPatterns)]);
});
