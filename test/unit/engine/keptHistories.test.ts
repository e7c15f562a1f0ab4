import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../../src/base/clock';
import { EngineHost } from '../../../src/engine/engineHost';
import { readerOf } from '../../../src/engine/historyCalls';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { formatText } from '../../../src/store/format/storeFormat';
import { openStore } from '../../../src/store/openStore';
import { patternProgram } from '../../support/patternProgram';
import { folderSettings } from '../../support/folderSettings';
import { ListLog, temporaryFolder, wasmDir } from '../store/fixtures';

const nameOf = (folder: string): string => `${folder}-0123456789abcdef`;

/** A folder of histories, and workspace folders beside it. */
function setUp(t: TestContext) {
  const base = temporaryFolder();
  const dir = join(base, 'histories');
  const log = new ListLog();
  const newEngine = () =>
    new EngineHost({
      patternProgram,
      ...{ clock: systemClock, log, files: nodeFilePort, emit: () => undefined },
      openStore: (storeDir) =>
        openStore({ dir: storeDir, files: nodeFilePort, clock: systemClock, log, wasmDir: wasmDir() }),
    });
  const engine = newEngine();
  const opened = new Set<string>();
  const rootOf = (folder: string): string => join(base, folder);
  const open = async (folder: string, storeName = nameOf(folder)): Promise<void> => {
    mkdirSync(rootOf(folder), { recursive: true });
    writeFileSync(join(rootOf(folder), '.obbywatch'), '*\n');
    const options = { root: rootOf(folder), storeDir: join(dir, storeName), settings: folderSettings() };
    opened.add(folder);
    await engine.open(folder, options);
    await engine.flush(folder);
  };
  const write = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(rootOf(folder), path)), { recursive: true });
      writeFileSync(join(rootOf(folder), path), text);
    }
    await engine.flush(folder);
  };
  t.after(() => Promise.all([...opened].map((key) => engine.close(key))));
  const facts = async () =>
    (await engine.histories(dir)).map(({ name, root, isRootThere, isOpen }) => [name, root, isRootThere, isOpen]);
  return { dir, engine, newEngine, log, rootOf, open, write, facts };
}

test('all histories are listed, the last used first, with what became of their folders', async (t) => {
  const { dir, engine, rootOf, open, facts } = setUp(t);
  assert.deepEqual(await engine.histories(dir), []);
  for (const folder of ['here', 'gone']) {
    await open(folder);
    await engine.close(folder);
  }
  rmSync(rootOf('gone'), { recursive: true });
  await open('open');
  assert.deepEqual(await facts(), [
    [nameOf('open'), rootOf('open'), true, true],
    [nameOf('gone'), rootOf('gone'), false, false],
    [nameOf('here'), rootOf('here'), true, false],
  ]);
  const [kept] = await engine.histories(dir);
  assert.ok(kept && kept.bytes > 0 && Math.abs(kept.lastUsed - Date.now()) < 600_000);
  await engine.close('open');
});

test('what is no history is neither listed nor removed', async (t) => {
  const { dir, engine } = setUp(t);
  mkdirSync(join(dir, nameOf('empty')), { recursive: true });
  mkdirSync(join(dir, 'photos'));
  for (const name of ['photos/store.json', 'store.json', nameOf('file')]) writeFileSync(join(dir, name), '{}');
  assert.deepEqual(await engine.histories(dir), []);
  const others = [nameOf('empty'), nameOf('file'), 'photos', '', '.', '..', `../${nameOf('x')}`, nameOf('never')];
  for (const name of others) await assert.rejects(engine.removeHistory(dir, name), { code: 'notFound' });
  assert.deepEqual(readdirSync(dir).sort(), [nameOf('empty'), nameOf('file'), 'photos', 'store.json'].sort());
});

test('a history is removed as a whole, unless a window has it open', async (t) => {
  const { dir, engine, newEngine, open, rootOf } = setUp(t);
  await open('a');
  for (const each of [engine, newEngine()]) {
    await assert.rejects(each.removeHistory(dir, nameOf('a')), { code: 'storeFailed' });
  }
  await engine.close('a');
  // What an earlier removal left, because the machine was turned off.
  mkdirSync(join(dir, `${nameOf('b')}.removed`));
  await engine.removeHistory(dir, nameOf('a'));
  assert.deepEqual(readdirSync(dir), []);
  assert.ok(existsSync(join(rootOf('a'), '.obbywatch')));
});

test('a window on another machine is judged by the clock of the disk, whatever the clock of this machine says', async (t) => {
  const { dir, engine, open, facts } = setUp(t);
  await open('a');
  await engine.close('a');
  const owner = join(dir, nameOf('a'), 'abcdefghij.owner');
  writeFileSync(owner, JSON.stringify({ pid: 1, machine: 'elsewhere boot', beatMs: 15_000 }));
  const isOpen = async (): Promise<unknown> => (await facts())[0]?.[3];
  const now = Date.now();
  const clock = t.mock.method(Date, 'now', () => now + 7_200_000);
  assert.equal(await isOpen(), true);
  await assert.rejects(engine.removeHistory(dir, nameOf('a')), { code: 'storeFailed' });
  clock.mock.mockImplementation(() => now - 7_200_000);
  utimesSync(owner, now / 1_000 - 7_200, now / 1_000 - 7_200);
  assert.equal(await isOpen(), false);
  assert.deepEqual(
    readdirSync(dir).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

/** What is recorded of `a.md`, oldest first. */
async function storyOf(engine: EngineHost, folder: string): Promise<string[]> {
  const history = readerOf(engine, folder);
  const versions = (await history.versions('a.md', {})).reverse();
  return Promise.all(versions.map(({ id }) => history.text(id)));
}

test('a folder that was renamed is offered its history, continues it, and loses nothing', async (t) => {
  const { dir, engine, rootOf, open, write } = setUp(t);
  await open('a');
  await write('a', { 'a.md': 'one' });
  await engine.close('a');
  renameSync(rootOf('a'), rootOf('b'));
  await open('b');
  await write('b', { 'a.md': 'two' });
  await write('b', { 'a.md': 'three' });
  assert.deepEqual(
    (await engine.formerHistories('b')).map(({ name }) => name),
    [nameOf('a')],
  );
  await assert.rejects(engine.replaceHistory(dir, nameOf('b'), nameOf('a')), { code: 'storeFailed' });
  await engine.close('b');
  await assert.rejects(engine.replaceHistory(dir, nameOf('b'), nameOf('never')), { code: 'notFound' });
  await engine.replaceHistory(dir, nameOf('b'), nameOf('a'));
  await open('b');
  assert.deepEqual(await storyOf(engine, 'b'), ['one', 'three']);
  assert.deepEqual(await engine.formerHistories('b'), []);
  await engine.close('b');
  const kept = (await engine.histories(dir)).find(({ name }) => name !== nameOf('b'));
  assert.match(kept?.name ?? '', /^b-[0-9a-f]{16}$/);
  await open('b', kept?.name);
  assert.deepEqual(await storyOf(engine, 'b'), ['one', 'two', 'three']);
  await engine.close('b');
});

test('a link to a folder is offered the history of the folder', async (t) => {
  const { engine, rootOf, open } = setUp(t);
  await open('a');
  await engine.close('a');
  symlinkSync(rootOf('a'), rootOf('link'));
  await open('link');
  assert.deepEqual(
    (await engine.formerHistories('link')).map(({ name }) => name),
    [nameOf('a')],
  );
  await engine.close('link');
});

test('a folder with the name and most files of one that is gone is offered its history, another is not', async (t) => {
  const files = { 'a.md': 'one', 'b.md': 'two', 'deep/c.md': 'three', 'd.md': 'four' };
  const { engine, rootOf, open, write } = setUp(t);
  for (const folder of ['gone', 'there']) {
    await open(folder);
    await write(folder, files);
    await engine.close(folder);
  }
  for (const copy of ['moved/gone', 'copy']) cpSync(rootOf('gone'), rootOf(copy), { recursive: true });
  rmSync(rootOf('gone'), { recursive: true });
  writeFileSync(join(rootOf('moved/gone'), 'a.md'), 'changed');
  await open('moved/gone', nameOf('moved'));
  assert.deepEqual(
    (await engine.formerHistories('moved/gone')).map(({ name }) => name),
    [nameOf('gone')],
  );
  await engine.close('moved/gone');
  await open('copy');
  assert.deepEqual(await engine.formerHistories('copy'), []);
  await engine.close('copy');
  await open('other/gone', nameOf('other'));
  await write('other/gone', { 'a.md': 'one', 'b.md': 'another' });
  assert.deepEqual(await engine.formerHistories('other/gone'), []);
  await engine.close('other/gone');
});

test('the history of another version of Obby is listed, and no note is written to it', async (t) => {
  const { dir, open, engine, facts } = setUp(t);
  await open('a');
  await engine.close('a');
  rmSync(join(dir, nameOf('a'), 'folder.json'));
  writeFileSync(join(dir, nameOf('a'), 'store.json'), formatText(99));
  await open('a');
  await engine.close('a');
  assert.deepEqual(await facts(), [[nameOf('a'), undefined, false, false]]);
});

test('a history without a note of its folder is listed by its name, and gets one when it is opened', async (t) => {
  const { dir, engine, open, facts, rootOf, log } = setUp(t);
  await open('a');
  await engine.close('a');
  const note = join(dir, nameOf('a'), 'folder.json');
  for (const damaged of ['', '[', '{"format":1,"root":5}', '{"format":2,"root":"/a"}']) {
    writeFileSync(note, damaged);
    assert.deepEqual(await facts(), [[nameOf('a'), undefined, false, false]]);
  }
  rmSync(note);
  await open('a');
  await engine.close('a');
  assert.deepEqual(await facts(), [[nameOf('a'), rootOf('a'), true, false]]);
  renameSync(rootOf('a'), rootOf('b'));
  await open('b', nameOf('a'));
  assert.deepEqual(await facts(), [[nameOf('a'), rootOf('b'), true, true]]);
  await engine.close('b');
  assert.deepEqual(
    log.lines.filter((line) => line.includes('folder.json')),
    [],
  );
});
