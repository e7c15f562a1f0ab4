import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { historiesIn } from '../../../src/engine/folderParts';
import { temporaryFolder } from '../store/fixtures';

/** Folders of which each exists. */
function setUp(...folders: readonly string[]) {
  const base = temporaryFolder();
  for (const folder of folders) mkdirSync(join(base, folder), { recursive: true });
  return (root: string, store: string): string[] => historiesIn(join(base, root), join(base, store));
}

test('histories outside the workspace folder are none of its files', () => {
  const found = setUp('work', 'work-2/histories/one', 'data/histories/one', 'work/..data');
  assert.deepEqual(found('work', 'data/histories/one'), []);
  assert.deepEqual(found('work', 'work-2/histories/one'), []);
});

test('the folder of all histories and that of its own are left out', () => {
  const found = setUp('work/data/histories/one');
  assert.deepEqual(found('work', 'work/data/histories/one'), ['data/histories', 'data/histories/one']);
});

test('a folder whose name begins with dots is inside all the same', () => {
  const found = setUp('work/..data/one');
  assert.deepEqual(found('work', 'work/..data/one'), ['..data', '..data/one']);
});

test('a history directly in the workspace folder does not leave out the workspace folder itself', () => {
  const found = setUp('work/one');
  assert.deepEqual(found('work', 'work/one'), ['one']);
});

test('a workspace folder that is a history, or in one, is not left out as a whole', () => {
  const found = setUp('histories/one/inner');
  assert.deepEqual(found('histories/one', 'histories/one'), []);
  assert.deepEqual(found('histories/one/inner', 'histories/one'), []);
});

test('links on the way, of either, make no difference', () => {
  const base = temporaryFolder();
  mkdirSync(join(base, 'work/data/one'), { recursive: true });
  symlinkSync(join(base, 'work'), join(base, 'link'));
  symlinkSync(join(base, 'work/data/one'), join(base, 'store'));
  const expected = ['data', 'data/one'];
  assert.deepEqual(historiesIn(join(base, 'link'), join(base, 'work/data/one')), expected);
  assert.deepEqual(historiesIn(join(base, 'work'), join(base, 'store')), expected);
});

test('folders that do not exist are compared by their names', () => {
  const found = setUp();
  assert.deepEqual(found('work', 'work/data/one'), ['data', 'data/one']);
  assert.deepEqual(found('work', 'data/one'), []);
});
