import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { GitFiles } from '../../../../src/track/git/gitFiles';
import { failingGit } from '../failingGit';

function folder(t: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'obby-git-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

test('whatever `.git` is, it is the repository, none, or what the folder above has', (t) => {
  const root = folder(t);
  const above = join(root, '.git');
  mkdirSync(above);
  const cases: Record<string, { readonly make: (path: string) => void; readonly gitDir: string | undefined }> = {
    folder: { make: (path) => mkdirSync(path), gitDir: 'its own' },
    'file of a linked tree': { make: (path) => writeFileSync(path, 'gitdir: ../there\n'), gitDir: join(root, 'there') },
    garbage: { make: (path) => writeFileSync(path, Buffer.alloc(500, 0xff)), gitDir: undefined },
    empty: { make: (path) => writeFileSync(path, ''), gitDir: undefined },
    huge: {
      make(path) {
        writeFileSync(path, 'gitdir: ../there\n');
        truncateSync(path, 2 ** 40);
      },
      gitDir: undefined,
    },
    'link in a circle': { make: (path) => symlinkSync('.git', path), gitDir: above },
    'link to nowhere': { make: (path) => symlinkSync('nowhere', path), gitDir: above },
    pipe: { make: (path) => execFileSync('mkfifo', [path]), gitDir: above },
    missing: { make: () => undefined, gitDir: above },
    'another machine': { make: (path) => writeFileSync(path, 'gitdir: //host/share/x.git\n'), gitDir: undefined },
    'another machine, as Windows has it': {
      make: (path) => writeFileSync(path, 'gitdir: \\\\host\\share\\x.git\n'),
      gitDir: undefined,
    },
  };
  for (const [name, { make, gitDir }] of Object.entries(cases)) {
    const tree = join(root, name);
    mkdirSync(tree);
    make(join(tree, '.git'));
    assert.equal(new GitFiles().gitDirOf(tree), gitDir === 'its own' ? join(tree, '.git') : gitDir, name);
  }
});

test('a linked tree whose objects are on another machine has none but its own', (t) => {
  const gitDir = folder(t);
  for (const [text, expected] of [
    ['../..\n', join(gitDir, '../..')],
    ['//host/share\n', gitDir],
    ['\\\\host\\share\n', gitDir],
    ['', gitDir],
  ] as const) {
    writeFileSync(join(gitDir, 'commondir'), text);
    assert.equal(new GitFiles().commonDirOf(gitDir), expected, text);
  }
});

test('of a large log the end is read, of a large file nothing, of what is no file neither', (t) => {
  const root = folder(t);
  const log = join(root, 'log');
  writeFileSync(log, 'the end');
  const files = new GitFiles();
  assert.deepEqual(files.tail(log, 100), { text: 'the end', from: 0 });
  assert.deepEqual(files.tail(log, 3), { text: 'end', from: 4 });
  assert.equal(files.text(log, 7), 'the end');
  assert.equal(files.text(log, 6), undefined);
  execFileSync('mkfifo', [join(root, 'pipe')]);
  for (const name of ['pipe', 'missing', '.', 'log/below']) {
    assert.equal(files.tail(join(root, name), 100), undefined, name);
    assert.equal(files.text(join(root, name), 100), undefined, name);
  }
});

test('what may not be read is thrown, and nothing is left open', (t) => {
  const root = folder(t);
  writeFileSync(join(root, '.git'), 'gitdir: .\n');
  for (const call of ['stat', 'open', 'fstat', 'read'] as const) {
    const { files, opened } = failingGit((name) => name === call);
    assert.throws(() => files.gitDirOf(root), /EACCES/, call);
    assert.equal(opened.size, 0, call);
  }
});
