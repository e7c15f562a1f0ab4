import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../src/base/clock';
import { EngineHost } from '../../../src/engine/engineHost';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import { folderSettings } from '../../support/folderSettings';
import { ListLog, temporaryFolder, wasmDir } from '../store/fixtures';

const nameOf = (folder: string): string => `${folder}-0123456789abcdef`;

/** A folder of histories, and workspace folders beside it. */
function setUp() {
  const base = temporaryFolder();
  const dir = join(base, 'histories');
  const log = new ListLog();
  const newEngine = () =>
    new EngineHost({
      ...{ clock: systemClock, log, files: nodeFilePort, emit: () => undefined },
      openStore: (storeDir) =>
        openStore({ dir: storeDir, files: nodeFilePort, clock: systemClock, log, wasmDir: wasmDir() }),
    });
  const engine = newEngine();
  const rootOf = (folder: string): string => join(base, folder);
  const open = async (folder: string, storeName = nameOf(folder)): Promise<void> => {
    mkdirSync(rootOf(folder), { recursive: true });
    writeFileSync(join(rootOf(folder), '.obbywatch'), '*\n');
    const options = { root: rootOf(folder), storeDir: join(dir, storeName), settings: folderSettings() };
    await engine.open(folder, options);
    await engine.flush(folder);
  };
  const facts = async () =>
    (await engine.histories(dir)).map(({ name, root, isRootThere, isOpen }) => [name, root, isRootThere, isOpen]);
  return { dir, engine, newEngine, log, rootOf, open, facts };
}

test('all histories are listed, the last used first, with what became of their folders', async () => {
  const { dir, engine, rootOf, open, facts } = setUp();
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

test('what is no history is neither listed nor removed', async () => {
  const { dir, engine } = setUp();
  mkdirSync(join(dir, nameOf('empty')), { recursive: true });
  mkdirSync(join(dir, 'photos'));
  for (const name of ['photos/store.json', 'store.json', nameOf('file')]) writeFileSync(join(dir, name), '{}');
  assert.deepEqual(await engine.histories(dir), []);
  const others = [nameOf('empty'), nameOf('file'), 'photos', '', '.', '..', `../${nameOf('x')}`, nameOf('never')];
  for (const name of others) await assert.rejects(engine.removeHistory(dir, name), { code: 'notFound' });
  assert.deepEqual(readdirSync(dir).sort(), [nameOf('empty'), nameOf('file'), 'photos', 'store.json'].sort());
});

test('a history is removed as a whole, unless a window has it open', async () => {
  const { dir, engine, newEngine, open, rootOf } = setUp();
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

test('a history without a note of its folder is listed by its name, and gets one when it is opened', async () => {
  const { dir, engine, open, facts, rootOf, log } = setUp();
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
