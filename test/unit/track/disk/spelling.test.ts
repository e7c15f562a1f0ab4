import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { NodeDisk } from '../../../../src/track/disk/nodeDisk';
import { Spelling, spelledEvents, type NamePort } from '../../../../src/track/disk/spelling';
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
    (
      await new NodeDisk({
        ...parts,
        spelling: { isRight: () => isRight, onDisk: (path) => path, ignoresCase: true },
      }).observe('SECRET.md')
    ).state;
  assert.deepEqual([await state(true), await state(false)], ['file', 'missing']);
});

test('a path in any spelling is that of its file on a disk that ignores case, as far as there is one', () => {
  const { names } = caseBlindDisk('/root/.obbywatch', '/root/Dir/A.md', '/root/b.md');
  const spelling = new Spelling('/root', new FakeClock(1_000), names);
  const spelled = ['Dir/A.md', 'dir/a.MD', 'DIR/new.md', 'B.md', 'New/File.md', 'b.md/x'];
  assert.deepEqual(
    spelled.map((path) => spelling.onDisk(path)),
    ['Dir/A.md', 'Dir/A.md', 'Dir/new.md', 'b.md', 'New/File.md', 'b.md/x'],
  );
});

test('an event for a file in another spelling is one for the file; the reported path may be its former name', () => {
  const { names } = caseBlindDisk('/root/.obbywatch', '/root/a.md');
  const spelling = new Spelling('/root', new FakeClock(1_000), names);
  const save = { type: 'save', path: 'A.md', cause: 'save', confidence: 'certain' } as const;
  const change = { type: 'change', path: 'A.md', kind: 'changed' } as const;
  const move = { type: 'move', from: 'A.md', to: 'a.md' } as const;
  assert.deepEqual(spelledEvents([save, change, move, { type: 'focus' }], spelling), [
    { ...save, path: 'a.md' },
    change,
    { ...change, path: 'a.md' },
    move,
    { type: 'focus' },
  ]);
  const right = [{ ...change, path: 'a.md' }];
  assert.deepEqual(spelledEvents(right, spelling), right);
});

test('a file that was created after its folder was listed is found at once', () => {
  const { state, names } = caseBlindDisk('/root/.obbywatch', '/root/a.md');
  const clock = new FakeClock(1_000);
  const spelling = new Spelling('/root', clock, names);
  assert.ok(spelling.isRight('a.md'));
  state.files = [...state.files, '/root/b.md'];
  clock.advance(1);
  assert.ok(spelling.isRight('b.md'));
  assert.equal(spelling.onDisk('B.md'), 'b.md');
});
