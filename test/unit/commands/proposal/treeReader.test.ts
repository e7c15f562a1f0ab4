import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Deadline } from '../../../../src/commands/proposal/deadline';
import { surveyFolder } from '../../../../src/commands/proposal/folderSurvey';
import { repositoryOf, treeOnDisk } from '../../../../src/commands/proposal/treeReader';

let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'obby-tree-'));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/b/c.txt'), 'four');
  writeFileSync(join(root, '.gitignore'), 'x\n');
  symlinkSync('..', join(root, 'a/loop'));
  symlinkSync('self', join(root, 'a/self'));
  symlinkSync('b/c.txt', join(root, 'a/file'));
  symlinkSync('nowhere', join(root, 'a/broken'));
  symlinkSync('../.gitignore', join(root, 'a/.gitignore'));
});
after(() => rmSync(root, { recursive: true, force: true }));

test('a tree on disk is read, and no link to a folder is followed', async () => {
  const deadline = new Deadline({ after: () => () => undefined }, 1_000);
  const options = { fromAbove: [], existing: '', proposesIgnores: true, isReserved: () => Promise.resolve(false) };
  const survey = await surveyFolder({ ...options, reader: treeOnDisk(root), deadline });
  assert.deepEqual([...(survey?.files ?? [])].sort(), ['.gitignore', 'a/.gitignore', 'a/b/c.txt', 'a/file']);
  // Git does not follow a link in its place either.
  assert.deepEqual(survey?.ignoreInput.gitignores, [{ path: '.gitignore', dir: '', text: 'x\n' }]);
  assert.deepEqual(survey.cut, { hasEnded: false, large: [], deep: [], unreadable: [] });
});

test('texts and sizes', async () => {
  const reader = treeOnDisk(root);
  const missing = [undefined, undefined, undefined];
  assert.deepEqual([await reader.size('a/b/c.txt'), await reader.size('a/file')], [4, 4]);
  assert.deepEqual([await reader.size('a/b'), await reader.size('a/loop'), await reader.size('gone')], missing);
  assert.deepEqual([await reader.text('gone'), await reader.text('.gitignore/x'), await reader.text('a/b')], missing);
  writeFileSync(join(root, 'large'), 'x'.repeat(1_000_001));
  await assert.rejects(reader.text('large'), /more than 1000000 bytes/);
});

test('a pipe in the place of an ignore file does not hold the reader up', async () => {
  execFileSync('mkfifo', [join(root, 'a/b/.gitignore')]);
  assert.equal(await treeOnDisk(root).text('a/b/.gitignore'), undefined);
});

test('a repository above counts, up to its root', async () => {
  const folder = join(root, 'a/b');
  assert.equal(await repositoryOf(folder), undefined);
  mkdirSync(join(root, '.git/info'), { recursive: true });
  writeFileSync(join(root, '.git/info/exclude'), '/a/b/excluded\n');
  writeFileSync(join(root, '.gitignore'), 'x\n/a/b/out\n/elsewhere\n');
  rmSync(join(root, 'a/.gitignore'));
  writeFileSync(join(root, 'a/.gitignore'), '!x\nb/*.gen\n');
  assert.deepEqual(await repositoryOf(folder), { linesFromAbove: ['/excluded', 'x', '/out', '!x', '/*.gen'] });
  assert.deepEqual(await repositoryOf(root), { linesFromAbove: [] });
  writeFileSync(join(root, 'a/.gitignore'), 'x\0\n');
  assert.deepEqual(await repositoryOf(folder), { linesFromAbove: undefined });
  mkdirSync(join(folder, '.git'));
  assert.deepEqual(await repositoryOf(folder), { linesFromAbove: [] });
});
