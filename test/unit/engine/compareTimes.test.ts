import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { compareTimes } from '../../../src/query/compareTimes';
import { filesAt } from '../../../src/query/filesAt';
import type { Random } from '../../model/random';
import { chanceOf, times } from '../../support/chance';
import { withWriters, type Writers } from './undo/undoFixture';

const names = ['a.md', 'b.md', 'in/c.md', 'in/deep/d.md', 'e.md'];

interface Moment {
  readonly time: number;
  readonly files: Readonly<Record<string, string>>;
}

/** What one of several programs does: writes, deletes or moves one or two files. */
function act(writers: Writers, chance: Random, step: number): void {
  const { on, writing } = writers;
  for (let count = chance.integer(1, 2); count > 0; count--) {
    const there = names.filter((name) => existsSync(on(name)));
    const path = there[chance.integer(0, there.length - 1)];
    const free = names.find((name) => !existsSync(on(name)));
    const kind = chance.integer(0, 3);
    if (path === undefined || kind === 0) writing(chance.pick(names), `step ${step} ${chance.integer(0, 999)}\n`);
    else if (kind === 1) writing(path, `${readFileSync(on(path), 'utf8')}more ${step}\n`);
    else if (kind === 2) rmSync(on(path));
    else if (free !== undefined) {
      mkdirSync(dirname(on(free)), { recursive: true });
      renameSync(on(path), on(free));
    }
  }
}

/** What differs, by the disk alone: `path` was added, deleted or has another content. */
function differences(from: Moment, to: Moment): string[] {
  const paths = new Set([...Object.keys(from.files), ...Object.keys(to.files)]);
  return [...paths].filter((path) => from.files[path] !== to.files[path]).sort();
}

test('a folder at a time is as the disk was then, and two times differ as the disk did', async () => {
  const chance = chanceOf('folder at a time');
  for (let round = 0; round < times(3); round++) {
    const writers = await withWriters();
    const { store, engine, change } = writers;
    const moments: Moment[] = [];
    for (let step = 0; step < 12; step++) {
      const before = JSON.stringify(writers.files());
      act(writers, chance, step);
      if (JSON.stringify(writers.files()) === before) continue;
      await change(() => undefined);
      const [newest] = await store.recent({ limit: 1 });
      moments.push({ time: newest?.time ?? 0, files: writers.files() });
    }
    for (const { time, files } of moments) {
      const found = await filesAt({ store }, '', time);
      const contents = await Promise.all(
        found.map(async ({ path, id }) => [path, Buffer.from(await store.content(id)).toString('latin1')] as const),
      );
      const recorded = Object.fromEntries(contents.filter(([path]) => path !== '.obbywatch'));
      assert.deepEqual(recorded, files);
      assert.deepEqual(
        (await filesAt({ store }, 'in', time)).map(({ path }) => path),
        Object.keys(files).filter((path) => path.startsWith('in/')),
      );
    }
    for (let query = 0; query < 10; query++) {
      const [from, to] = [chance.pick(moments), chance.pick(moments)].sort((a, b) => a.time - b.time);
      if (!from || !to) continue;
      const found = await compareTimes({ store }, '', from.time, to.time);
      const touched = found.flatMap(({ before, after }) => [before?.path, after?.path]);
      assert.deepEqual([...new Set(touched)].filter((path) => path !== undefined).sort(), differences(from, to));
      for (const { change: what, before, after } of found) {
        const isMove = before !== undefined && after !== undefined && before.path !== after.path;
        assert.equal(what, isMove ? 'renamed' : before ? (after ? 'modified' : 'deleted') : 'added');
      }
    }
    await engine.close();
  }
});
