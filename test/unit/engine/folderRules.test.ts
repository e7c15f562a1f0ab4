import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findDeletedFiles } from '../../../src/query/findLosses';
import { setUp } from './engineFixture';

type Folder = Awaited<ReturnType<typeof setUp>>;
type Files = Readonly<Record<string, string>>;

const files: Files = {
  '.obbyignore': '.env\nbuild/\n',
  '.env': 'a secret',
  'build/out.md': 'a secret',
  'a.md': 'text of a',
  'notes/b.md': 'text of b',
  'notes/.obbyignore': 'private\n',
  'notes/private': 'a secret',
};
const watched = ['a.md', 'notes/b.md'];
const ruleFiles = ['.obbyignore', '.obbywatch', 'notes/.obbyignore'];

/** A folder with these files, recorded; `.obbywatch` lists itself or not. */
async function setUpFiles(options: { watch?: string } = {}): Promise<Folder> {
  const folder = await setUp({ watch: '*.md\nprivate\n.env\n', ...options });
  write(folder, files);
  await folder.engine.scan('start');
  folder.clock.advance(5_000);
  await folder.engine.scan('asked');
  return folder;
}

function write({ on }: Folder, contents: Files): void {
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(on(path)), { recursive: true });
    writeFileSync(on(path), text);
  }
}

/** As `find . -mindepth 1 -delete`. */
function wipe({ on }: Folder): void {
  for (const name of readdirSync(on(''))) rmSync(on(name), { recursive: true });
}

/** Lets the scans happen that the engine asks for itself. */
async function pass(folder: Folder, seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    folder.clock.advance(1_000);
    await folder.engine.scan('periodic');
  }
}

async function deleted({ engine }: Folder): Promise<string[]> {
  return (await findDeletedFiles(engine, 100)).map(({ path }) => path).sort();
}

async function recorded({ engine }: Folder): Promise<string[]> {
  const versions = await engine.store.recent({ limit: 1_000 });
  return [...new Set(versions.map(({ path }) => path))].sort();
}

async function texts({ engine }: Folder): Promise<string> {
  const versions = await engine.store.recent({ limit: 1_000 });
  const stored = versions.filter(({ sha256 }) => sha256 !== undefined);
  const contents = await Promise.all(stored.map(({ id }) => engine.store.content(id)));
  return contents.map((bytes) => Buffer.from(bytes).toString()).join('\n');
}

/** Restores the last content of every deleted file. */
async function restoreAll({ engine }: Folder): Promise<void> {
  const deletions = await findDeletedFiles(engine, 100);
  const { failed } = await engine.restores.restore(
    deletions.map(({ path, previous }) => ({ path, ...(previous !== undefined && { version: previous }) })),
    'r',
  );
  assert.deepEqual(failed, []);
}

for (const watch of ['*.md\nprivate\n.env\n', '*\n']) {
  for (const noticed of ['by a scan', 'by events, the rules first', 'by events, the rules last'] as const) {
    test(`files that are deleted with their rules are known to be, noticed ${noticed}: ${JSON.stringify(watch)}`, async () => {
      const folder = await setUpFiles({ watch });
      const { engine, on } = folder;
      wipe(folder);
      const paths = ['notes', 'a.md', '.env'];
      if (noticed === 'by events, the rules last') await engine.record(paths);
      if (noticed !== 'by a scan') await engine.readRules();
      if (noticed === 'by events, the rules first') await engine.record(paths);
      await engine.scan(noticed === 'by a scan' ? 'flush' : 'rules');
      assert.deepEqual(await deleted(folder), [...ruleFiles, ...watched].sort());
      assert.doesNotMatch(await texts(folder), /a secret/);
      const changeSets = new Set((await engine.store.deletedFiles(100)).map(({ changeSet }) => changeSet));
      assert.equal(changeSets.size, 1, 'All of it is one event.');
      await restoreAll(folder);
      for (const path of [...watched, '.obbyignore', 'notes/.obbyignore']) {
        assert.equal(readFileSync(on(path), 'utf8'), files[path]);
      }
      assert.equal(readFileSync(on('.obbywatch'), 'utf8'), watch);
      write(folder, { '.env': 'a secret', 'c.md': 'new' });
      await engine.scan('flush');
      assert.deepEqual(await deleted(folder), []);
      assert.ok((await recorded(folder)).includes('c.md'));
      assert.doesNotMatch(await texts(folder), /a secret/);
      await engine.close();
    });
  }
}

test('a deletion that goes on after the rules are gone is followed to its end, and no further', async () => {
  const folder = await setUpFiles();
  const { engine, on } = folder;
  rmSync(on('.obbywatch'));
  await engine.readRules();
  await engine.scan('rules');
  rmSync(on('a.md'));
  await pass(folder, 3);
  rmSync(on('notes'), { recursive: true });
  await pass(folder, 4);
  assert.deepEqual(await deleted(folder), ['.obbywatch', 'a.md', 'notes/.obbyignore', 'notes/b.md']);
  await pass(folder, 10);
  write(folder, { 'a.md': 'again', 'notes/b.md': 'again' });
  await pass(folder, 2);
  assert.deepEqual((await engine.store.versions('a.md', {})).length, 2, 'Nothing new is recorded.');
  await engine.close();
});

test('when only .obbywatch is deleted, watching stops and no file counts as deleted', async () => {
  const folder = await setUpFiles();
  const { engine, on } = folder;
  rmSync(on('.obbywatch'));
  await engine.scan('flush');
  assert.deepEqual(await deleted(folder), ['.obbywatch']);
  rmSync(on('a.md'));
  write(folder, { 'notes/b.md': 'changed' });
  await engine.scan('flush');
  await pass(folder, 10);
  assert.deepEqual(await deleted(folder), ['.obbywatch']);
  assert.equal((await engine.store.versions('notes/b.md', {})).length, 1);
  assert.deepEqual([engine.status.state, engine.status.canRestoreRules], ['no rules', true]);
  await engine.close();
});

test('an .obbywatch that is emptied stops watching at once, and its rules can be had back', async () => {
  const folder = await setUpFiles();
  const { engine, on } = folder;
  writeFileSync(on('.obbywatch'), '# nothing\n');
  assert.equal((await engine.readRules()).canRestore, true);
  write(folder, { 'a.md': 'changed' });
  await engine.scan('rules');
  rmSync(on('notes'), { recursive: true });
  await engine.scan('flush');
  assert.deepEqual(await deleted(folder), []);
  assert.equal((await engine.store.versions('a.md', {})).length, 1);
  assert.deepEqual(await engine.restoreRules(), ['.obbywatch']);
  assert.equal(readFileSync(on('.obbywatch'), 'utf8'), '*.md\nprivate\n.env\n');
  // What it replaced is in the history.
  assert.match(await texts(folder), /# nothing/);
  await engine.scan('flush');
  assert.equal((await engine.store.versions('a.md', {})).length, 2);
  await assert.rejects(engine.restoreRules(), /in use/);
  await engine.close();
});

test('rules that were deleted with their files while Obby was not running are known at the next start', async () => {
  const before = await setUpFiles();
  await before.engine.close();
  wipe(before);
  const folder = await setUp({ again: before.base, closedSince: 1_000 });
  await folder.engine.scan('start');
  assert.deepEqual(await deleted(folder), [...ruleFiles, ...watched].sort());
  const [{ cause } = {}] = await folder.engine.store.versions('a.md', {});
  assert.equal(cause, 'offline');
  const count = (await folder.engine.store.recent({ limit: 1_000 })).length;
  await folder.engine.close();
  // Once they are, they count no more.
  const later = await setUp({ again: before.base, closedSince: 1_000 });
  await later.engine.scan('start');
  assert.equal((await later.engine.store.recent({ limit: 1_000 })).length, count);
  assert.equal((await later.engine.readRules()).canRestore, true);
  assert.deepEqual(await later.engine.restoreRules(), ['.obbyignore', '.obbywatch']);
  assert.equal(readFileSync(later.on('.obbyignore'), 'utf8'), files['.obbyignore']);
  await later.engine.close();
});

test('a disk that is not there, or another folder at the path, is no deletion', async () => {
  for (const isRunning of [true, false]) {
    const before = await setUpFiles();
    if (!isRunning) await before.engine.close();
    renameSync(before.on(''), join(before.base, 'aside'));
    mkdirSync(before.on(''));
    const folder = isRunning ? before : await setUp({ again: before.base, closedSince: 1_000 });
    await folder.engine.scan('flush');
    await pass(folder, 10);
    assert.deepEqual(await deleted(folder), []);
    rmSync(folder.on(''), { recursive: true });
    await folder.engine.scan('flush');
    assert.deepEqual(await deleted(folder), []);
    renameSync(join(before.base, 'aside'), folder.on(''));
    write(folder, { 'a.md': 'changed' });
    await folder.engine.scan('flush');
    assert.equal((await folder.engine.store.versions('a.md', {})).length, 2);
    await folder.engine.close();
  }
});

test('what an ignore file ignored is not recorded while the files around it are being deleted', async () => {
  for (const gone of ['.obbyignore', 'notes/.obbyignore']) {
    const folder = await setUpFiles();
    const { engine, on } = folder;
    rmSync(on(gone));
    rmSync(on('notes/b.md'));
    await engine.readRules();
    await engine.scan('rules');
    await engine.scan('flush');
    await pass(folder, 2);
    assert.doesNotMatch(await texts(folder), /a secret/, gone);
    wipe(folder);
    await engine.scan('flush');
    await pass(folder, 10);
    assert.doesNotMatch(await texts(folder), /a secret/, gone);
    assert.deepEqual(await deleted(folder), [...ruleFiles, ...watched].sort());
    await engine.close();
  }
});

test('an ignore file that alone is deleted has no say any more once a flush asks, or after a few seconds', async () => {
  for (const isAsked of [true, false]) {
    const folder = await setUpFiles();
    const { engine, on } = folder;
    rmSync(on('.obbyignore'));
    await engine.readRules();
    await engine.scan('rules');
    assert.deepEqual((await recorded(folder)).includes('.env'), false);
    if (isAsked) await engine.scan('flush');
    else await pass(folder, 6);
    assert.ok((await recorded(folder)).includes('.env'));
    assert.deepEqual(await deleted(folder), ['.obbyignore']);
    await engine.close();
  }
});

test('other rules that come while files go, as with a checkout, do not hide that they went', async () => {
  const folder = await setUpFiles();
  const { engine, on } = folder;
  rmSync(on('notes'), { recursive: true });
  write(folder, { '.obbywatch': '/src/\n', 'src/c.md': 'new', 'a.md': 'of the other branch' });
  await engine.scan('flush');
  assert.deepEqual(await deleted(folder), ['notes/.obbyignore', 'notes/b.md']);
  assert.equal((await engine.store.versions('a.md', {})).length, 1, 'It is not watched any more.');
  assert.equal((await engine.store.versions('src/c.md', {})).length, 1);
  await engine.close();
});

test('a rule file that went and is back by other means is not listed as deleted', async () => {
  const folder = await setUpFiles();
  const { engine, on } = folder;
  const text = readFileSync(on('.obbywatch'), 'utf8');
  rmSync(on('.obbywatch'));
  await engine.scan('flush');
  assert.deepEqual(await deleted(folder), ['.obbywatch']);
  writeFileSync(on('.obbywatch'), text);
  await engine.scan('flush');
  assert.deepEqual(await deleted(folder), []);
  await engine.close();
});

test('a rule file that the rules ignore is not in the history, and the last rules have it all the same', async () => {
  const folder = await setUp({ watch: '*.md\n' });
  const { engine, on } = folder;
  write(folder, { '.obbyignore': '.*\n', 'a.md': 'a' });
  await engine.scan('start');
  wipe(folder);
  await engine.scan('flush');
  assert.deepEqual(await deleted(folder), ['a.md']);
  assert.deepEqual(await engine.restoreRules(), ['.obbyignore', '.obbywatch']);
  assert.equal(readFileSync(on('.obbyignore'), 'utf8'), '.*\n');
  await engine.close();
});

test('rules are kept byte for byte, and only those that can be used', async () => {
  const folder = await setUpFiles();
  const { engine, on } = folder;
  const utf16 = Buffer.from('\uFEFF*.md\r\n', 'utf16le');
  writeFileSync(on('.obbywatch'), utf16);
  await engine.readRules();
  writeFileSync(on('.obbyignore'), '[\n');
  assert.deepEqual([...(await engine.readRules()).closed.keys()], ['']);
  await engine.scan('asked');
  rmSync(on('.obbywatch'));
  rmSync(on('.obbyignore'));
  await engine.scan('asked');
  await engine.restoreRules();
  assert.deepEqual(readFileSync(on('.obbywatch')), utf16);
  assert.equal(readFileSync(on('.obbyignore'), 'utf8'), files['.obbyignore']);
  await engine.close();
});

test('a text that is forgotten is in no kept rules', async () => {
  const folder = await setUpFiles();
  const { engine, base, on } = folder;
  writeFileSync(on('.obbyignore'), '.env\nproject-x\n');
  await engine.readRules();
  const kept = (): string => readFileSync(join(base, 'store/rules.json'), 'utf8');
  assert.ok(kept().includes(Buffer.from('.env\nproject-x\n').toString('base64')));
  await engine.forget({ bytes: [Buffer.from('another text')] });
  assert.ok(existsSync(join(base, 'store/rules.json')));
  await engine.forget({ bytes: [Buffer.from('project-x')] });
  assert.equal(existsSync(join(base, 'store/rules.json')), false);
  await engine.close();
});

test('kept rules that are damaged, or cannot be written, cost nothing else', async () => {
  const folder = await setUpFiles();
  const { engine, base, on } = folder;
  await engine.close();
  writeFileSync(join(base, 'store/rules.json'), '{"format":1,"files":[{"path":"../x","base64":""}]');
  const again = await setUp({ again: base, closedSince: 1_000 });
  rmSync(join(base, 'store/rules.json'));
  mkdirSync(join(base, 'store/rules.json'));
  writeFileSync(on('.obbywatch'), '*\n');
  await again.engine.scan('start');
  assert.ok((await recorded(again)).includes('.obbywatch'));
  wipe(again);
  await again.engine.scan('flush');
  assert.ok((await deleted(again)).includes('a.md'));
  rmSync(join(base, 'store/rules.json'), { recursive: true });
  await again.engine.close();
});

test('nothing is looked for while recording is paused', async () => {
  const folder = await setUpFiles();
  const { engine, on, scans, settings } = folder;
  rmSync(on('.obbywatch'));
  await engine.readRules();
  await engine.configure({ ...settings, isPaused: true });
  const count = scans();
  folder.clock.advance(10_000);
  await engine.flush();
  assert.equal(scans(), count);
  await engine.close();
});

test('whatever takes the place of a rule file is met by a scan', async () => {
  const folder = await setUpFiles();
  const { engine, on } = folder;
  rmSync(on('notes/.obbyignore'));
  mkdirSync(on('notes/.obbyignore'));
  write(folder, { 'notes/c.md': 'new' });
  await engine.scan('flush');
  assert.ok(!(await recorded(folder)).includes('notes/c.md'));
  rmSync(on('notes/.obbyignore'), { recursive: true });
  write(folder, { 'notes/.obbyignore': 'private\n' });
  await engine.scan('flush');
  assert.ok((await recorded(folder)).includes('notes/c.md'));
  await engine.close();
});

test('a flood of events reads the rule files a few times, and the last state counts', async (t) => {
  const folder = await setUpFiles();
  const { engine, on, scans } = folder;
  const opened = t.mock.method(fs, 'openSync');
  const reads = (): number => opened.mock.calls.filter((call) => call.arguments[0] === on('.obbywatch')).length;
  const count = scans();
  for (let n = 0; n < 200; n++) {
    writeFileSync(on('.obbywatch'), `*.md\n${n}.txt\n`);
    engine.notify([{ type: 'change', path: '.obbywatch', kind: 'changed' }]);
  }
  await engine.flush();
  // Each load may read twice, and the flush reads, too.
  assert.ok(reads() <= 6, `${reads()} reads`);
  assert.ok(scans() - count <= 3, `${scans() - count} scans`);
  write(folder, { '199.txt': 'new' });
  await engine.scan('flush');
  assert.ok((await recorded(folder)).includes('199.txt'));
  await engine.close();
});
