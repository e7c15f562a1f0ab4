import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Restoration } from '../../../../src/engine/engine';
import { chanceOf, seed, times } from '../../../support/chance';
import { setUp } from '../engineFixture';
import { undo } from './restoresFixture';

interface Work {
  readonly base: string;
  readonly items: readonly Restoration[];
}

const work = process.env['OBBY_RESTORE_WORK'];
const trials = times(8);
/** About as long as some restores and undos take. */
const maxLifeMs = 600;
const size = 900;
const present = ['a.md', 'b.md', 'linked.md', 'c.md'];
const deleted = ['x/d.md', 'x/y/e.md'];
const textOf = (name: string, path: string): string => `${name} ${path} `.padEnd(size, name);

/** Restores and undoes until it is killed. */
async function restoreUntilKilled({ base, items }: Work): Promise<void> {
  const { engine } = await setUp({ again: base });
  console.log('ready');
  for (let count = 0; ; count++) {
    await engine.restores.restore(items, `r-${count}`);
    await undo(engine);
  }
}

/** Some files that changed and some that were deleted, each with an older version to restore. */
async function setUpFiles(): Promise<Work> {
  const { base, engine, on, store } = await setUp();
  mkdirSync(on('x/y'), { recursive: true });
  const items: Restoration[] = [];
  for (const path of [...present, ...deleted]) {
    for (const name of ['one', 'two']) {
      writeFileSync(on(path), textOf(name, path));
      await engine.record([path]);
    }
    const [, first] = await store.versions(path, {});
    items.push({ path, version: first?.id ?? '' });
  }
  rmSync(on('x'), { recursive: true });
  linkSync(on('linked.md'), join(base, 'other name'));
  await engine.record(deleted);
  await engine.close();
  return { base, items };
}

/** Every file and folder, and what is in a file. */
function treeOf(root: string, folder = ''): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const isFolder = lstatSync(join(root, path)).isDirectory();
    tree[path] = isFolder ? 'folder' : readFileSync(join(root, path), 'utf8');
    if (isFolder) Object.assign(tree, treeOf(root, path));
  }
  return tree;
}

async function killAfter(ms: number, given: Work): Promise<void> {
  // With a seed, it prints nothing before it is ready.
  const env = { ...process.env, OBBY_RESTORE_WORK: JSON.stringify(given), OBBY_SEED: String(seed) };
  const child = spawn(process.execPath, [__filename], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  await delay(ms);
  child.kill('SIGKILL');
  await ended;
}

if (work !== undefined) void restoreUntilKilled(JSON.parse(work) as Work);
else {
  test(`${trials} times killed while it restores or undoes, the engine leaves no half of a file, and can undo`, async (context) => {
    const chance = chanceOf('killed restores');
    const states = new Set<string>();
    for (let trial = 0; trial < trials; trial++) {
      const given = await setUpFiles();
      const root = join(given.base, 'folder');
      const before = treeOf(root);
      await killAfter(chance.below(maxLifeMs), given);
      const { engine, on, store } = await setUp({ again: given.base });
      for (const path of [...present, ...deleted]) {
        const was = before[path];
        const text = existsSync(on(path)) ? readFileSync(on(path), 'utf8') : undefined;
        assert.ok(text === was || text === textOf('one', path), `${path} is ${text ?? 'missing'}`);
      }
      const last = await engine.restores.last();
      states.add(last === undefined ? 'new' : last.isUndone ? 'undone' : String(last.remaining.length));
      if (last?.isUndone === false) assert.deepEqual(await undo(engine), []);
      assert.deepEqual(treeOf(root), before);
      const [newest] = await store.versions('linked.md', {});
      assert.equal(Buffer.from(await store.content(newest?.id ?? '')).toString(), before['linked.md']);
      assert.equal(lstatSync(on('linked.md')).nlink, 2);
      await engine.close();
    }
    context.diagnostic(`Found: ${[...states].join(', ')}`);
  });
}
