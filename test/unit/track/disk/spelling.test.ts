import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { NodeDisk } from '../../../../src/track/disk/nodeDisk';
import { Spelling, type NamePort } from '../../../../src/track/disk/spelling';
import { FakeClock } from '../../../support/fakeClock';
import { temporaryFolder } from '../../store/fixtures';

/** A disk on which any spelling leads to a file, and that counts how often it is listed. */
function caseBlindDisk(...files: string[]) {
  const state = { files, lists: 0 };
  const names: NamePort = {
    inoOf: (file) => {
      const found = state.files.findIndex((each) => each.toLowerCase() === file.toLowerCase());
      return found === -1 ? undefined : BigInt(found + 1);
    },
    list: (folder) => {
      state.lists++;
      const inside = state.files.filter((file) => file.toLowerCase().startsWith(`${folder.toLowerCase()}/`));
      return [...new Set(inside.map((file) => file.slice(folder.length + 1).split('/')[0] ?? ''))];
    },
  };
  return { state, names };
}

test('on a disk that is blind to case, a path is right as its file, and each folder above it, is called', () => {
  const { state, names } = caseBlindDisk('/root/.obbywatch', '/root/Dir/A.md', '/root/b.md');
  const clock = new FakeClock(1_000);
  const spelling = new Spelling('/root', clock, names);
  const right = ['Dir/A.md', 'b.md', 'Dir'];
  const wrong = ['Dir/a.md', 'dir/A.md', 'B.md', 'dir'];
  assert.deepEqual(
    [...right, ...wrong].filter((path) => spelling.isRight(path)),
    right,
  );
  assert.ok(state.lists <= 3, 'Each folder is listed once.');

  state.files = ['/root/.obbywatch', '/root/dir/a.md', '/root/b.md'];
  clock.advance(500);
  assert.deepEqual(
    [...right, ...wrong].filter((path) => spelling.isRight(path)),
    ['b.md', 'dir'],
  );
  assert.ok(spelling.isRight('dir/a.md'));
});

test('where case matters nothing is listed', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'dir'));
  for (const name of ['.obbywatch', 'a.md', 'dir/b.md']) writeFileSync(join(root, name), '');
  const spelling = new Spelling(root, new FakeClock(0), {
    inoOf: (file) => (file.endsWith('.obbywatch') ? 1n : undefined),
    list: () => assert.fail('listed'),
  });
  assert.ok(spelling.isRight('dir/b.md'));
  // The disk that the tests run on, as it is.
  assert.ok(new Spelling(root, new FakeClock(0)).isRight('dir/b.md'));
});

test('a file is read under its own name alone, which is what the rules know', async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, 'SECRET.md'), '');
  const parts = {
    root,
    clock: new FakeClock(1_000),
    maxFileBytes: () => 9,
    watchedBelow: () => [],
    mayFollow: () => true,
  };
  const state = async (isRight: boolean) =>
    (await new NodeDisk({ ...parts, spelling: { isRight: () => isRight } }).observe('SECRET.md')).state;
  assert.deepEqual([await state(true), await state(false)], ['file', 'missing']);
});
