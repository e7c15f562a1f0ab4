import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { historyActions } from '../../../src/engine/historyActions';
import { historyQuestions } from '../../../src/query/historyQuestions';
import { mountCaseBlind, type TestMount } from '../../support/mounts';
import { setUp as setUpEngine } from './engineFixture';

let disk: TestMount;
let count = 0;

before(() => {
  disk = mountCaseBlind();
});
after(() => disk.unmount());

/** An engine for a folder on a real disk that ignores case. */
async function setUp(watch = '*\n') {
  const folder = join(disk.path, `folder${count++}`);
  mkdirSync(folder);
  const { engine, on, store, clock } = await setUpEngine({ folder, watch });
  /** What was listed before is old by then. */
  const flush = async (): Promise<void> => {
    clock.advance(200);
    await engine.flush();
  };
  const write = async (path: string, text: string): Promise<void> => {
    writeFileSync(on(path), text);
    await flush();
  };
  const texts = async (path: string): Promise<string[]> => {
    const versions = await historyQuestions.versions(engine, path, {});
    const stored = versions.filter(({ sha256 }) => sha256 !== undefined);
    return Promise.all(stored.map(({ id }) => historyQuestions.text(engine, id)));
  };
  return { engine, on, store, write, texts, flush };
}

test('the disk ignores case', async () => {
  const { on, write } = await setUp();
  await write('Foo.ts', 'text');
  assert.equal(readFileSync(on('FOO.TS'), 'utf8'), 'text');
});

test('a path in any spelling has the history of its file, also after its deletion', async () => {
  const { engine, on, write, texts, flush } = await setUp();
  mkdirSync(on('src'));
  await write('src/foo.ts', 'one');
  await write('src/foo.ts', 'two');
  for (const path of ['src/foo.ts', 'SRC/Foo.ts', 'src/FOO.TS']) {
    assert.deepEqual(await texts(path), ['two', 'one'], path);
    assert.equal((await historyQuestions.hash(engine, path)).size, 3);
    assert.equal((await engine.explain(path)).watched, true);
    assert.equal((await historyQuestions.versionAt(engine, path, Date.now() + 1_000_000))?.path, 'src/foo.ts');
  }
  writeFileSync(on('src/foo.ts'), 'three');
  await engine.record(['SRC/FOO.ts']);
  assert.deepEqual(await texts('src/foo.ts'), ['three', 'two', 'one']);
  rmSync(on('src/foo.ts'));
  await flush();
  assert.deepEqual(await texts('Src/Foo.ts'), ['three', 'two', 'one']);
  await engine.close();
});

test('a restore over a file in another spelling keeps what it replaces, and its undo brings that back', async () => {
  const { engine, on, write, texts, flush } = await setUp();
  await write('foo.ts', 'old');
  const [old] = await historyQuestions.versions(engine, 'foo.ts', {});
  writeFileSync(on('foo.ts'), 'not yet recorded');
  const { restored, failed } = await engine.restores.restore([{ path: 'Foo.TS', version: old?.id ?? '' }], 'request');
  assert.deepEqual([restored.map(({ path }) => path), failed], [['foo.ts'], []]);
  assert.equal(readFileSync(on('foo.ts'), 'utf8'), 'old');
  assert.deepEqual(readdirSync(on('')).sort(), ['.obbywatch', 'foo.ts']);
  await flush();
  assert.deepEqual(await texts('foo.ts'), ['old', 'not yet recorded', 'old']);
  const last = await engine.restores.last();
  await engine.restores.undo(last?.id ?? '', [{ path: 'foo.ts' }]);
  assert.equal(readFileSync(on('foo.ts'), 'utf8'), 'not yet recorded');
  await engine.close();
});

test('a deleted file comes back into its folder in the spelling of today', async () => {
  const { engine, on, write, flush } = await setUp();
  mkdirSync(on('docs'));
  await write('docs/a.md', 'text');
  const [version] = await historyQuestions.versions(engine, 'docs/a.md', {});
  rmSync(on('docs/a.md'));
  await flush();
  const { restored, failed } = await engine.restores.restore([{ path: 'DOCS/a.md', version: version?.id ?? '' }], 'r');
  assert.deepEqual([restored.map(({ path }) => path), failed], [['docs/a.md'], []]);
  assert.equal(readFileSync(on('docs/a.md'), 'utf8'), 'text');
  await engine.close();
});

test('a rename in case only, and one over another file, go on as one history', async () => {
  const { engine, on, write, texts, flush } = await setUp();
  await write('readme.md', 'one');
  renameSync(on('readme.md'), on('README.md'));
  await flush();
  await write('README.md', 'two');
  assert.deepEqual(await texts('Readme.md'), ['two', 'one']);
  assert.deepEqual(await historyQuestions.deletedFiles(engine, 10), []);
  await engine.close();
});

test('a save that an editor reports in another spelling becomes a version of the file', async () => {
  const { engine, on, write, texts, flush } = await setUp();
  await write('foo.ts', 'one');
  writeFileSync(on('foo.ts'), 'two');
  engine.notify([{ type: 'save', path: 'Foo.ts', cause: 'save', confidence: 'certain', saved: { text: 'two' } }]);
  await flush();
  assert.deepEqual(await texts('foo.ts'), ['two', 'one']);
  const [newest] = await historyQuestions.versions(engine, 'FOO.ts', {});
  assert.equal(newest?.cause, 'save');
  await engine.close();
});

test('rules apply whatever the case of their lines, of the names, and of the rule files themselves', async () => {
  const { engine, on, write, store, flush } = await setUp('*.MD\n*.ts\n!Private/\n');
  mkdirSync(on('private'));
  mkdirSync(on('secret'));
  writeFileSync(on('.ObbyIgnore'), 'SECRET/\n');
  for (const path of ['a.md', 'b.ts', 'private/c.md', 'secret/d.md']) writeFileSync(on(path), 'text');
  await flush();
  assert.deepEqual(
    (await store.heads('')).map(({ version }) => version.path),
    ['a.md', 'b.ts'],
  );
  writeFileSync(on('.OBBYIGNORE'), 'secret/\nB.TS\n');
  engine.notify([{ type: 'change', path: '.OBBYIGNORE', kind: 'changed' }]);
  await flush();
  assert.equal((await engine.explain('b.ts')).reason, 'ignored');
  await write('b.ts', 'hidden');
  assert.ok(existsSync(on('B.ts')));
  assert.equal((await store.versions('b.ts', {})).length, 1);
  await engine.close();
});

test('what is forgotten or exported is named in any spelling', async () => {
  const { engine, write, texts } = await setUp();
  await write('foo.ts', 'one');
  const plan = await historyActions.planForget(engine, { path: 'FOO.ts' });
  assert.deepEqual(plan.files, [{ path: 'foo.ts', versions: 1 }]);
  assert.equal((await historyActions.exportTo(engine, 'Foo.ts', join(disk.path, 'x.obby'))).versions, 1);
  await historyActions.forget(engine, { path: 'FOO.ts' });
  assert.deepEqual(await texts('foo.ts'), []);
  await engine.close();
});
