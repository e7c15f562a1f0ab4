import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { OptionalWork } from '../../../../src/base/optionalWork';
import { GitObjects } from '../../../../src/track/git/gitObjects';
import { failingGit } from '../failingGit';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'obby-objects-')));
after(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: root };
  const who = ['-c', 'user.name=Me', '-c', 'user.email=me@example.org'];
  return execFileSync('git', [...who, ...args], { cwd: root, env, encoding: 'utf8' });
}

const optional = new OptionalWork((message) => assert.fail(message));

function has(text: string, gitDir = join(root, '.git')): boolean {
  const objects = new GitObjects(gitDir, optional);
  try {
    return objects.has(Buffer.from(text));
  } finally {
    objects.close();
  }
}

test('what git has is found, loose or packed, also from a linked working tree; nothing else is', () => {
  git('init', '-q');
  for (let n = 0; n < 500; n++) writeFileSync(join(root, `${n}.txt`), `content ${n}\n`);
  git('add', '-A');
  git('commit', '-qm', 'all');
  assert.ok(has('content 7\n'));
  git('gc', '-q');
  assert.ok(git('count-objects', '-v').includes('count: 0'));
  for (let n = 0; n < 500; n++) assert.ok(has(`content ${n}\n`), String(n));
  for (let n = 0; n < 500; n++) assert.ok(!has(`other ${n}\n`), String(n));
  writeFileSync(join(root, 'staged.txt'), 'only in the index\n');
  git('add', '-A');
  assert.ok(has('only in the index\n'));
  git('worktree', 'add', '-q', join(root, 'linked'));
  assert.ok(has('content 499\n', join(root, '.git', 'worktrees', 'linked')));
});

test('a list of a pack that is none says nothing', () => {
  const pack = join(root, '.git', 'objects', 'pack');
  writeFileSync(join(pack, 'pack-1.idx'), Buffer.alloc(2_000, 1));
  writeFileSync(join(pack, 'pack-2.idx'), 'short');
  assert.ok(has('content 3\n'));
  assert.ok(!has('other\n'));
  assert.ok(!has('anything', join(root, 'nowhere')));
});

test('a list of a pack, or a folder, that cannot be read costs what is in it, and is logged once', () => {
  const packed = readdirSync(join(root, '.git', 'objects', 'pack')).find((name) => /^pack-.{40}\.idx$/.test(name));
  for (const [fails, call, isFound] of [
    [/pack-1\.idx$/, 'open', true],
    [new RegExp(`${packed ?? ''}$`), 'open', false],
    [new RegExp(`${packed ?? ''}$`), 'read', false],
    [/objects\/pack$/, 'names', false],
    [/objects\/[0-9a-f]{2}\//, 'stat', true],
    [/commondir$/, 'stat', true],
  ] as const) {
    const logged: string[] = [];
    const { files, opened } = failingGit((name, path) => name === call && fails.test(path));
    const objects = new GitObjects(join(root, '.git'), new OptionalWork((message) => logged.push(message)), files);
    for (let n = 0; n < 10; n++) assert.equal(objects.has(Buffer.from(`content ${n}\n`)), isFound, String(fails));
    objects.close();
    assert.equal(opened.size, 0, 'nothing is left open');
    assert.equal(logged.length, 1, String(fails));
    assert.match(logged[0] ?? '', /EACCES/);
  }
});

test('a pipe in the place of a list is not waited for', () => {
  const pipe = join(root, '.git', 'objects', 'pack', 'pack-3.idx');
  execFileSync('mkfifo', [pipe]);
  assert.ok(!has('other\n'));
  // It replaced a file after that was checked.
  const regular = statSync(join(root, '0.txt'));
  const { files } = failingGit(() => false, { stat: (path) => (path === pipe ? regular : undefined) });
  const objects = new GitObjects(join(root, '.git'), optional, files);
  assert.ok(!objects.has(Buffer.from('other\n')));
  objects.close();
  rmSync(pipe);
});
