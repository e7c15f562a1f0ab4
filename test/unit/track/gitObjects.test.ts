import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GitObjects } from '../../../src/track/gitObjects';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'obby-objects-')));
after(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: root };
  const who = ['-c', 'user.name=Me', '-c', 'user.email=me@example.org'];
  return execFileSync('git', [...who, ...args], { cwd: root, env, encoding: 'utf8' });
}

function has(text: string, gitDir = join(root, '.git')): boolean {
  const objects = GitObjects.open(gitDir);
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
