import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { chanceOf, isLong } from '../../support/chance';
import type { FolderEngine } from '../../../src/engine/folderEngine';
import { ListLog } from '../store/fixtures';
import { setUp } from './engineFixture';

const three = ['a.md', 'b.md', 'c.md'];

/** Files that have the versions `one` and `two`, and are `two` now. */
async function withFiles(paths: readonly string[] = three) {
  /** Once the engine is killed, no call of a port does anything. `calls`: how many it lives on; `count`: all so far. */
  const life = { calls: Infinity, count: 0 };
  const log = new ListLog();
  const fault = (_port: string, call: string): void => {
    // The system closes files.
    if (call === 'close') return;
    life.count++;
    if (life.calls-- <= 0) throw new Error('killed');
  };
  const folder = await setUp({ fault, log });
  const { base, on } = folder;
  const items: { path: string; version: string }[] = [];
  for (const path of paths) {
    mkdirSync(dirname(on(path)), { recursive: true });
    for (const text of ['one', 'two']) {
      writeFileSync(on(path), `${text} ${path}`);
      await folder.engine.record([path]);
    }
    const [, first] = await folder.store.versions(path, {});
    items.push({ path, version: first?.id ?? '' });
  }
  const start = async (): Promise<FolderEngine> => {
    Object.assign(folder, await setUp({ again: base, fault, log }));
    return folder.engine;
  };
  const reload = async (): Promise<FolderEngine> => {
    await folder.engine.close();
    return start();
  };
  /** Begins the engine again after it was killed. */
  const revive = async (): Promise<FolderEngine> => {
    const dead = folder.engine;
    await folder.store.close();
    life.calls = Infinity;
    await dead.close().catch(() => undefined);
    return start();
  };
  const text = (path: string): string => (existsSync(on(path)) ? readFileSync(on(path), 'utf8') : 'missing');
  const journal = join(base, 'store/undo.jsonl');
  return { folder, on, items, text, journal, log, life, reload, revive, texts: () => paths.map(text) };
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

/** The calls after which a restore of three files, or its undo, is killed: some of them, or all. */
async function callsToLive(name: string, during: 'restore' | 'undo'): Promise<number[]> {
  const { folder, items, life } = await withFiles();
  if (during === 'undo') await folder.engine.restores.restore(items, 'r-1');
  const before = life.count;
  await (during === 'restore' ? folder.engine.restores.restore(items, 'r-1') : undo(folder.engine));
  const all = Array.from({ length: life.count - before }, (_, call) => call);
  await folder.engine.close();
  const chance = chanceOf(name);
  return isLong ? all : all.filter(() => chance.below(all.length) < 20);
}

test('a restore that is killed at any step is undone after the next start: what it changed, and nothing else', async () => {
  const counts = new Set<number>();
  for (const calls of await callsToLive('killed restores', 'restore')) {
    const { folder, items, life, revive, texts, text, on } = await withFiles();
    life.calls = calls;
    await folder.engine.restores.restore(items, 'r-1').catch(() => undefined);
    const killed = texts();
    const engine = await revive();
    assert.deepEqual(texts(), killed, `killed after ${calls} calls`);
    const untouched = three.filter((path) => text(path) !== `one ${path}`);
    counts.add(untouched.length);
    for (const path of untouched) writeFileSync(on(path), `later ${path}`);
    assert.equal(engine.status.canUndoRestore ?? false, untouched.length < three.length, `killed after ${calls} calls`);
    if (untouched.length < three.length) assert.deepEqual(await undo(engine), []);
    assert.deepEqual(
      texts(),
      three.map((path) => `${untouched.includes(path) ? 'later' : 'two'} ${path}`),
      `killed after ${calls} calls`,
    );
    await engine.close();
  }
  assert.ok(counts.size > 2);
});

test('an undo that is killed at any step is continued, and is undone as a whole', async () => {
  for (const calls of await callsToLive('killed undos', 'undo')) {
    const { folder, items, life, revive, texts } = await withFiles();
    await folder.engine.restores.restore(items, 'r-1');
    life.calls = calls;
    await undo(folder.engine).catch(() => undefined);
    const engine = await revive();
    const last = await engine.restores.last();
    if (!last?.isUndone) assert.deepEqual(await undo(engine), [], `killed after ${calls} calls`);
    assert.deepEqual([texts(), engine.status.canUndoRestore], [twos, undefined], `killed after ${calls} calls`);
    assert.deepEqual(await undo(engine), []);
    assert.deepEqual(texts(), ones, `killed after ${calls} calls`);
    await engine.close();
  }
});
