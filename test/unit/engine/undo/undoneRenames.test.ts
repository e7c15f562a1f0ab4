import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { actionOf } from '../../../../src/query/undo/plannedFile';
import { placed } from '../../../../src/query/undo/placement';
import { plannedFiles } from '../../../../src/query/undo/planUndo';
import { told, withWriters, type Writers } from './undoFixture';

const [one, two] = ['the first file\n'.repeat(5), 'another one\n'.repeat(5)];

async function unsavedTexts({ store }: Writers, path: string): Promise<string[]> {
  const versions = await store.versions(path, {});
  const kept = versions.filter(({ causeDetail }) => causeDetail?.save === 'beforeRestore');
  return Promise.all(kept.map(async ({ id }) => Buffer.from(await store.content(id)).toString()));
}

test('chains and swaps of names are undone, redone and undone again', async () => {
  const writers = await withWriters();
  const { write, change, plan, undo, undoRestore, files, on, engine } = writers;
  await write({ 'a.md': one, 'b.md': two });
  const move = (from: string, to: string): void => renameSync(on(from), on(to));
  for (const [moves, steps] of [
    [
      ['b.md>c.md', 'a.md>b.md'],
      ['rename b.md → a.md', 'rename c.md → b.md'],
    ],
    [
      ['a.md>t.md', 'b.md>a.md', 't.md>b.md'],
      ['rename a.md → b.md', 'rename b.md → a.md'],
    ],
  ] as const) {
    const before = files();
    const set = await change(() => moves.forEach((each) => move(each.slice(0, 4), each.slice(5))));
    const after = files();
    assert.deepEqual(told(await plan({ changeSets: [set] })), steps);
    assert.deepEqual((await undo({ changeSets: [set] })).failed, []);
    for (const expected of [before, after, before]) {
      assert.deepEqual(files(), expected);
      assert.deepEqual((await undoRestore()).failed, []);
    }
    await undoRestore();
    assert.deepEqual(files(), before);
  }
  await engine.close();
});

test('unsaved text of an editor is recorded, also where no file or another one is on disk', async () => {
  const writers = await withWriters();
  const { write, remove, move, plan, undo, files, engine } = writers;
  await write({ 'a.md': one, 'b.md': two, 'gone.md': 'gone\n' });
  const removed = await remove('gone.md');
  const typed = (path: string) => ({ unsaved: [{ path, unsavedText: `typed in ${path}\n` }] });
  const request = { changeSets: [removed], ...typed('gone.md') };
  assert.deepEqual(
    (await plan(request)).steps.map(({ unsaved }) => unsaved),
    [true],
  );
  await undo(request);
  assert.equal(files()['gone.md'], 'gone\n');
  assert.deepEqual(await unsavedTexts(writers, 'gone.md'), ['typed in gone.md\n']);
  const changeSets = [await move('b.md', 'c.md'), await move('a.md', 'b.md')];
  await undo({ changeSets, onConflict: 'theirs', ...typed('b.md') });
  assert.equal(files()['b.md'], two);
  assert.deepEqual(await unsavedTexts(writers, 'b.md'), ['typed in b.md\n']);
  await engine.close();
});

test('where a disk ignores case, a file that changed its spelling is neither renamed nor deleted', async () => {
  const { write, move, change, on, engine } = await withWriters();
  await write({ 'a.md': one, 'b.md': two });
  const moved = await move('a.md', 'A.md');
  // A rename that was not seen as one.
  const [gone, created] = [await change(() => rmSync(on('b.md'))), await write({ 'B.md': 'changed\n' })];
  const planned = await plannedFiles(engine, { changeSets: [moved, gone, created] });
  // As on such a disk.
  const placedThere = await placed(
    {
      observe: (path) => engine.observe(path),
      requireChangeable: (path) => engine.requireChangeable(path),
      spelled: (path) => Promise.resolve(path.replace(/^[ab]/, (name) => name.toUpperCase())),
    },
    planned,
  );
  const message = (path: string, ...names: string[]): string =>
    `${path} was not changed: ${names.join(' and ')} are one name on this disk.`;
  assert.deepEqual(placedThere.map((file) => [actionOf(file), file.detail]).sort(), [
    ['conflict', message('A.md', 'a.md', 'A.md')],
    ['conflict', message('B.md', 'b.md', 'B.md')],
    ['conflict', message('b.md', 'b.md', 'B.md')],
  ]);
  await engine.close();
});

test('a path that a folder or a link took by now is left alone, and the message names it', async () => {
  const { write, move, undo, on, files, engine } = await withWriters();
  await write({ 'd.md': one, 'l.md': two, 't.md': 'third\n' });
  const changeSets = [await move('d.md', 'd2.md'), await move('l.md', 'l2.md'), await move('t.md', 't2.md')];
  mkdirSync(on('d.md'));
  symlinkSync('d2.md', on('l.md'));
  writeFileSync(on('t.md'), 'mine\n');
  const before = files();
  const { failed } = await undo({ changeSets });
  assert.deepEqual(failed.map(({ path, problem }) => `${path}: ${problem.message}`).sort(), [
    'd2.md: d.md was not changed: a folder has its name. Move that away first.',
    'l2.md: l.md was not changed: it is a link to d2.md now. Restore d2.md instead, or move the link away first.',
    't2.md: t2.md was not changed: another file is at t.md, where it would go back to.',
  ]);
  assert.deepEqual(files(), before);
  rmSync(on('l.md'));
  await engine.close();
});

test('of two files that had one path, one after the other, each has its own step', async () => {
  const { write, remove, move, plan, undo, undoRestore, files, engine } = await withWriters();
  await write({ 'a.md': one, 'c.md': two });
  const before = files();
  const changeSets = [await remove('c.md'), await move('a.md', 'c.md')];
  const after = files();
  const { steps } = await plan({ changeSets });
  assert.deepEqual(told({ steps }), ['rename c.md → a.md', 'create c.md']);
  const reviewed = steps.map(({ path, state }) => ({ path, state }));
  assert.deepEqual((await undo({ changeSets, files: reviewed })).failed, []);
  assert.deepEqual(files(), before);
  await undoRestore();
  assert.deepEqual(files(), after);
  const renamed = reviewed.filter((_, at) => steps[at]?.action === 'rename');
  assert.deepEqual((await undo({ changeSets, files: renamed })).failed, []);
  assert.deepEqual(files(), { 'a.md': one });
  await engine.close();
});
