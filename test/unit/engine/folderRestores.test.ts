import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { FolderEngine } from '../../../src/engine/folderEngine';
import { setUp } from './engineFixture';

const three = ['a.md', 'b.md', 'c.md'];

/** Files that have the versions `one` and `two`, and are `two` now. */
async function withFiles(paths: readonly string[] = three) {
  const folder = await setUp();
  const { base, on, engine, store } = folder;
  const items = [];
  for (const path of paths) {
    mkdirSync(dirname(on(path)), { recursive: true });
    for (const text of ['one', 'two']) {
      writeFileSync(on(path), `${text} ${path}`);
      await engine.record([path]);
    }
    const [, first] = await store.versions(path, {});
    items.push({ path, version: first?.id ?? '' });
  }
  const text = (path: string): string => (existsSync(on(path)) ? readFileSync(on(path), 'utf8') : 'missing');
  const journal = join(base, 'store/undo.jsonl');
  /** Closes the engine, and opens another one on the same folder. */
  const reload = async () => {
    await folder.engine.close();
    return (Object.assign(folder, await setUp({ again: base })), folder.engine);
  };
  return { folder, base, on, items, text, journal, reload, texts: () => paths.map(text) };
}

/** Undoes what remains of the last restore; resolves with the paths that failed. */
async function undo(engine: FolderEngine): Promise<string[]> {
  const last = await engine.restores.last();
  if (!last) return ['nothing'];
  return (await engine.restores.undo(last.id, last.remaining)).failed.map(({ path }) => path);
}

const ones = three.map((path) => `one ${path}`);
const twos = three.map((path) => `two ${path}`);

test('a restore is undone after a reload, and the undo is undone after another one', async () => {
  const { folder, items, texts, reload, journal } = await withFiles();
  assert.equal(folder.engine.status.canUndoRestore, undefined);
  await folder.engine.restores.restore(items, 'r-1');
  assert.deepEqual([texts(), folder.engine.status.canUndoRestore], [ones, true]);
  assert.equal(statSync(journal).mode & 0o777, 0o600);
  let engine = await reload();
  assert.equal(engine.status.canUndoRestore, true);
  assert.deepEqual(await undo(engine), []);
  assert.deepEqual([texts(), engine.status.canUndoRestore], [twos, undefined]);
  engine = await reload();
  assert.deepEqual([engine.status.canUndoRestore, (await engine.restores.last())?.isUndone], [undefined, true]);
  assert.deepEqual(await undo(engine), []);
  assert.deepEqual(texts(), ones);
  await engine.close();
});
