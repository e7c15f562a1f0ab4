import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { chanceOf, isLong } from '../../../support/chance';
import { beginOf, filesToUndo, three, undo, withFiles } from './restoresFixture';

const ones = three.map((path) => `one ${path}`);
const twos = three.map((path) => `two ${path}`);

test('a restore is undone after a reload, and the undo is undone after another one', async () => {
  const { folder, items, texts, reload, journal } = await withFiles();
  assert.equal(filesToUndo(folder.engine), 0);
  await folder.engine.restores.restore(items, 'r-1');
  assert.deepEqual([texts(), filesToUndo(folder.engine)], [ones, 3]);
  assert.equal(statSync(journal).mode & 0o777, 0o600);
  let engine = await reload();
  assert.ok(filesToUndo(engine) > 0);
  assert.deepEqual(await undo(engine), []);
  assert.deepEqual([texts(), filesToUndo(engine)], [twos, 0]);
  engine = await reload();
  assert.deepEqual([filesToUndo(engine), (await engine.restores.last())?.isUndone], [0, true]);
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
    assert.equal(filesToUndo(engine), three.length - untouched.length, `killed after ${calls} calls`);
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
    assert.deepEqual([texts(), filesToUndo(engine)], [twos, 0], `killed after ${calls} calls`);
    assert.deepEqual(await undo(engine), []);
    assert.deepEqual(texts(), ones, `killed after ${calls} calls`);
    await engine.close();
  }
});

test('an undo that fails halfway continues with what is left, also after a reload, and never restores again', async () => {
  const { folder, items, on, texts, text, reload } = await withFiles();
  await folder.engine.restores.restore(items, 'r-1');
  rmSync(on('b.md'));
  mkdirSync(on('b.md'));
  assert.deepEqual(await undo(folder.engine), ['b.md']);
  assert.deepEqual(await undo(folder.engine), ['b.md']);
  const engine = await reload();
  assert.ok(filesToUndo(engine) > 0);
  writeFileSync(on('a.md'), 'later');
  rmdirSync(on('b.md'));
  assert.deepEqual(await undo(engine), []);
  assert.deepEqual(texts(), ['later', 'two b.md', 'two c.md']);
  assert.deepEqual(await undo(engine), []);
  assert.deepEqual([text('a.md'), text('c.md')], ['one a.md', 'one c.md']);
  await engine.close();
});

test('of two versions of one file the last counts, and a second call of one restore does not change what undoes it', async () => {
  const { folder, items, on, text, texts, reload } = await withFiles();
  writeFileSync(on('a.md'), 'three');
  await folder.engine.record(['a.md']);
  const [, second] = await folder.store.versions('a.md', {});
  const { restored } = await folder.engine.restores.restore(
    [{ path: 'a.md', version: second?.id ?? '' }, ...items],
    'r-1',
  );
  assert.deepEqual([restored.length, texts()], [3, ones]);
  writeFileSync(on('a.md'), 'saved by VS Code');
  await folder.engine.restores.restore(items.slice(0, 1), 'r-1');
  const engine = await reload();
  assert.deepEqual(await undo(engine), []);
  assert.equal(text('a.md'), 'three');
  await engine.close();
});

test('folders that a restore created are deleted by its undo after a kill', async () => {
  const paths = ['x/y/a.md', 'x/b.md', 'z/c.md'];
  for (const calls of await callsToLive('folders of killed restores', 'restore')) {
    const { folder, items, on, life, revive } = await withFiles(paths);
    for (const name of ['x', 'z']) rmSync(on(name), { recursive: true });
    life.calls = calls;
    await folder.engine.restores.restore(items, 'r-1').catch(() => undefined);
    const engine = await revive();
    await undo(engine);
    assert.deepEqual([existsSync(on('x')), existsSync(on('z'))], [false, false], `killed after ${calls} calls`);
    await engine.close();
  }
});

test('folders that a restore created are deleted also when its undo is killed after it deleted the file', async () => {
  const { folder, items, on, journal, start } = await withFiles(['x/y/a.md']);
  const [item] = items;
  await folder.engine.close();
  rmSync(on('x/y/a.md'));
  const header = { format: 1, id: 'r-1', time: 1, writer: { pid: 999_999_999 }, isUndone: false };
  const entry = {
    ...{ path: 'x/y/a.md', undo: { folders: ['x/y', 'x'] } },
    ...{ undone: { version: item?.version }, change: { from: item?.version } },
  };
  writeFileSync(journal, [header, entry].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const engine = await start();
  assert.deepEqual([existsSync(on('x')), filesToUndo(engine)], [false, 0]);
  await engine.close();
});

/** What a kill may leave of `two a.md`, which `one a.md` replaces; what it is after the next start, and if that is undone. */
const left: Record<string, readonly [leave: (file: string) => void, text: string, files: number]> = {
  'was not changed': [() => undefined, 'two a.md', 0],
  'was changed': [(file) => writeFileSync(file, 'one a.md'), 'one a.md', 1],
  'has no name': [(file) => rmSync(file), 'two a.md', 0],
  'is overwritten halfway': [(file) => writeFileSync(file, 'ono a.md'), 'two a.md', 0],
  'was shortened since': [(file) => writeFileSync(file, 'on'), 'on', 1],
  'was edited since': [(file) => writeFileSync(file, 'six a.md'), 'six a.md', 1],
};

for (const [what, [leave, expected, files]] of Object.entries(left)) {
  test(`a file that ${what} when a restore was killed is whole after the next start`, async () => {
    const { folder, items, on, text, texts, journal, start } = await withFiles();
    const begun = await beginOf(folder, items[0]);
    await folder.engine.close();
    writeFileSync(journal, begun);
    leave(on('a.md'));
    const engine = await start();
    assert.deepEqual([text('a.md'), filesToUndo(engine)], [expected, files]);
    if (files > 0) assert.deepEqual(await undo(engine), []);
    assert.deepEqual(texts(), twos);
    await engine.close();
  });
}

test('a folder that was created for a file that was not, is deleted at the next start', async () => {
  const { folder, items, on, journal, start } = await withFiles(['x/y/a.md']);
  rmSync(on('x'), { recursive: true });
  await folder.engine.restores.restore(items, 'r-1');
  const begun = readFileSync(journal, 'utf8').split('\n').slice(0, 2).join('\n');
  rmSync(on('x/y/a.md'));
  await folder.engine.record(['x/y/a.md']);
  await folder.engine.close();
  writeFileSync(journal, `${begun}\n`);
  const engine = await start();
  assert.deepEqual([existsSync(on('x')), filesToUndo(engine)], [false, 0]);
  await engine.close();
});

test('a change that was made before the kill is recorded as a restore', async () => {
  const { folder, items, on, texts, journal, start } = await withFiles();
  const begun = await beginOf(folder, items[0]);
  await folder.engine.close();
  writeFileSync(journal, begun);
  writeFileSync(on('a.md'), 'one a.md');
  const engine = await start();
  const [newest] = await engine.store.versions('a.md', {});
  assert.deepEqual([newest?.cause, newest?.causeDetail], ['restore', { restored: items[0]?.version }]);
  assert.deepEqual([await undo(engine), texts()], [[], twos]);
  await engine.close();
});

test('a restore of a process that is running is left alone, unless it is another one with the same id', async () => {
  const { folder, items, on, text, journal, start, reload } = await withFiles();
  const begun = await beginOf(folder, items[0], { pid: process.ppid });
  const another = await beginOf(folder, items[0], { pid: process.ppid, start: '1' });
  await folder.engine.close();
  writeFileSync(journal, begun);
  rmSync(on('a.md'));
  await start();
  assert.deepEqual([text('a.md'), readFileSync(journal, 'utf8')], ['missing', begun]);
  // Where the system does not say when a process began, it may be the same.
  if (process.platform === 'linux') {
    writeFileSync(journal, another);
    await reload();
    assert.equal(text('a.md'), 'two a.md');
  }
  await folder.engine.close();
});

test('a restore that changes nothing leaves what undoes the one before', async () => {
  const { folder, items, on, texts } = await withFiles();
  await folder.engine.restores.restore(items, 'r-1');
  await folder.engine.restores.restore(items, 'r-2');
  assert.equal((await folder.engine.restores.last())?.id, 'r-1');
  rmSync(on('a.md'));
  mkdirSync(on('a.md'));
  assert.equal((await folder.engine.restores.restore([{ path: 'a.md' }], 'r-3')).failed.length, 1);
  rmdirSync(on('a.md'));
  assert.deepEqual(await undo(folder.engine), []);
  assert.deepEqual(texts(), twos);
  await folder.engine.close();
});

test('a file is not changed if what undoes that cannot be noted', async () => {
  const { folder, items, journal, texts, log } = await withFiles();
  mkdirSync(journal);
  const { failed, undo: undone } = await folder.engine.restores.restore(items, 'r-1');
  assert.deepEqual([failed.map(({ problem }) => problem.code), undone], [three.map(() => 'storeFailed'), []]);
  assert.match(failed[0]?.problem.message ?? '', /a\.md was not restored/);
  assert.deepEqual(texts(), twos);
  assert.match(log.lines.join('\n'), /warn .*undo\.jsonl cannot be used/);
  rmdirSync(journal);
  assert.deepEqual((await folder.engine.restores.restore(items, 'r-2')).failed, []);
  await folder.engine.close();
});

test('a file that was not changed, since its note could not be synced, is not undone', async () => {
  const { folder, items, on, text, texts, fail } = await withFiles();
  for (const failing of ['sync', 'openAppend', 'write']) {
    // The first call of its kind belongs to the first file; `write` and `sync` are of the file as a whole then.
    fail.call = failing;
    fail.at = failing === 'openAppend' ? 1 : 2;
    const { failed } = await folder.engine.restores.restore(items, `r-${failing}`);
    assert.equal(failed.length, 1, failing);
    const path = failed[0]?.path ?? '';
    assert.equal(text(path), `two ${path}`);
    writeFileSync(on(path), 'later');
    assert.deepEqual(await undo(folder.engine), []);
    assert.deepEqual(
      texts(),
      three.map((each) => (each === path ? 'later' : `two ${each}`)),
    );
    writeFileSync(on(path), `two ${path}`);
    await folder.engine.record([path]);
  }
  await folder.engine.close();
});

test('what was deleted from the history is not undone any more', async () => {
  const { folder, items, texts, journal } = await withFiles();
  await folder.engine.restores.restore(items, 'r-1');
  await folder.engine.forget({ path: 'b.md' });
  assert.doesNotMatch(readFileSync(journal, 'utf8'), /b\.md/);
  assert.deepEqual([await undo(folder.engine), texts()], [[], ['two a.md', 'one b.md', 'two c.md']]);
  await folder.engine.close();
});

test('a text that is forgotten is in no path of the journal, and the other files can still be undone', async () => {
  const { folder, items, journal, texts } = await withFiles();
  await folder.engine.restores.restore(items, 'request');
  await folder.engine.restores.forgot([Buffer.from('b.md')]);
  assert.equal(readFileSync(journal, 'utf8').includes('b.md'), false);
  assert.equal(filesToUndo(folder.engine), 2);
  assert.deepEqual(await undo(folder.engine), []);
  assert.deepEqual(texts(), ['two a.md', 'one b.md', 'two c.md']);
  await folder.engine.close();
});
