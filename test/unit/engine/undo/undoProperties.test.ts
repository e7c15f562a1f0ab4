import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import type { Random } from '../../../model/random';
import { chanceOf, times } from '../../../support/chance';
import { withWriters, type Writers } from './undoFixture';

/** What one writer did: a change set. */
interface Change {
  readonly id: string;
  /** The tag of its lines, which no other change has. */
  readonly tag: string;
  /** The files after it. */
  readonly files: Readonly<Record<string, string>>;
}

const names = ['a.md', 'b.md', 'c.md', 'in/d.md', 'in/e.md'];

/** Lines without the indentation that a formatter gave them, and without empty ones, which every file has. */
function linesOf(files: Readonly<Record<string, string>>): string[] {
  const lines = Object.values(files).flatMap((text) => text.split('\n').map((line) => line.trim()));
  return lines.filter((line) => line !== '');
}

/** One random change of a writer; undefined if it is none. */
function write(writers: Writers, chance: Random, tag: string): (() => void) | undefined {
  const { on, writing, files } = writers;
  const there = Object.keys(files());
  const path = there[chance.integer(0, there.length - 1)];
  const free = names.filter((name) => !existsSync(on(name)));
  const target = free[chance.integer(0, free.length - 1)];
  const fresh = (count: number): string[] => Array.from({ length: count }, (_, index) => `${tag} ${index}`);
  const kind = chance.integer(0, 9);
  if (path === undefined || (kind === 0 && target !== undefined)) {
    return target === undefined ? undefined : () => writing(target, `${fresh(6).join('\n')}\n`);
  }
  if (kind === 1) return () => rmSync(on(path));
  if (kind === 2 && target !== undefined) {
    return () => {
      mkdirSync(on('in'), { recursive: true });
      renameSync(on(path), on(target));
    };
  }
  const lines = readFileSync(on(path), 'utf8').split('\n');
  if (kind === 3) return () => writing(path, lines.map((line) => (line === '' ? line : `  ${line}`)).join('\n'));
  lines.splice(chance.integer(0, lines.length - 1), chance.integer(0, 2), ...fresh(1 + chance.integer(0, 2)));
  return () => writing(path, lines.join('\n'));
}

/** A folder with files, and what three writers did to it in turn. */
async function history(chance: Random, length: number): Promise<{ writers: Writers; changes: Change[] }> {
  const writers = await withWriters();
  const start = Object.fromEntries(
    names.slice(0, 3).map((name) => [name, Array.from({ length: 30 }, (_, at) => `${name} ${at}\n`).join('')]),
  );
  const changes: Change[] = [{ id: await writers.write(start), tag: 'start', files: writers.files() }];
  while (changes.length < length) {
    const tag = `w${chance.integer(0, 2)}-${changes.length}`;
    const act = write(writers, chance, tag);
    if (act) changes.push({ id: await writers.change(act), tag, files: writers.files() });
  }
  return { writers, changes };
}

test('of random changes of three writers, any are undone: the others stay, and the undo of the undo is exact', async () => {
  const chance = chanceOf('undo of any changes');
  let [done, refused] = [0, 0];
  for (let round = 0; round < times(12); round++) {
    const { writers, changes } = await history(chance, 8);
    const undone = changes.slice(1).filter(() => chance.integer(0, 2) === 0);
    if (undone.length > 0) {
      const before = writers.files();
      const request = { changeSets: undone.map(({ id }) => id) };
      const { steps } = await writers.plan(request);
      const { failed } = await writers.undo(request);
      const conflicts = steps.filter(({ action }) => action === 'conflict').map(({ path }) => path);
      const what = JSON.stringify({
        changes,
        undone: undone.map(({ tag }) => tag),
        before,
        after: writers.files(),
        steps,
      });
      assert.deepEqual(failed.map(({ path }) => path).sort(), [...conflicts].sort(), what);
      const after = writers.files();
      const settled = (files: Record<string, string>): Record<string, string> =>
        Object.fromEntries(Object.entries(files).filter(([path]) => !conflicts.includes(path)));
      const tags = new Set(undone.map(({ tag }) => tag));
      const isUndone = (line: string): boolean => tags.has(line.split(' ')[0] ?? '');
      const kept = new Set(linesOf(after));
      for (const line of linesOf(settled(before))) if (!isUndone(line)) assert.ok(kept.has(line), `${line} ${what}`);
      assert.deepEqual(linesOf(settled(after)).filter(isUndone), [], what);
      const changed = steps.filter(({ action }) => action !== 'none' && action !== 'conflict');
      // A file that was deleted may have had the path of one that is there now.
      const left = conflicts.filter((path) => !changed.some((step) => step.path === path));
      for (const path of left) assert.equal(after[path], before[path], what);
      if (changed.length > 0) {
        done++;
        assert.deepEqual((await writers.undoRestore()).failed, []);
        assert.deepEqual(writers.files(), before, what);
      }
      refused += conflicts.length;
    }
    await writers.engine.close();
  }
  assert.ok(done >= 4 && refused > 0, `${done} undone, ${refused} conflicts`);
});

test('the newest changes are undone without a question: every file is as it was', async () => {
  const chance = chanceOf('undo of the newest changes');
  for (let round = 0; round < times(8); round++) {
    const { writers, changes } = await history(chance, 7);
    const from = 1 + chance.integer(0, changes.length - 2);
    const { failed } = await writers.undo({ changeSets: changes.slice(from).map(({ id }) => id) });
    const what = JSON.stringify({ changes, from });
    assert.deepEqual(failed, [], what);
    assert.deepEqual(writers.files(), changes[from - 1]?.files, what);
    await writers.engine.close();
  }
});
