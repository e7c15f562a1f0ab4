import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import type { EngineEvent } from '../../../src/engine/engine';
import { readerOf } from '../../../src/engine/historyCalls';
import { EngineHost } from '../../../src/engine/engineHost';
import type { WatchSettings } from '../../../src/model/folderSettings';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import { patternProgram } from '../../support/patternProgram';
import { folderSettings } from '../../support/folderSettings';
import { ListLog, temporaryFolder, wasmDir } from '../store/fixtures';

/** Far longer than anything takes, so that only what never happens fails. */
const giveUpMs = 120_000;
const key = 'file:///folder';

/** The engine alone on a folder, without an editor. */
async function setUp(t: TestContext, watching: Partial<WatchSettings> = {}, maxWatches?: number) {
  const base = realpathSync(temporaryFolder());
  const root = join(base, 'folder');
  const storeDir = join(base, 'store');
  const log = new ListLog();
  const events: EngineEvent[] = [];
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('.obbywatch', '*.md\n');
  write('a.md', 'one');
  write('deep/er/b.md', 'one');
  const engine = new EngineHost({
    patternProgram,
    clock: systemClock,
    log,
    files: nodeFilePort,
    emit: (event) => events.push(event),
    openStore: (dir) => openStore({ dir, files: nodeFilePort, clock: systemClock, log, wasmDir: wasmDir() }),
    ...(maxWatches !== undefined && { maxWatches }),
  });
  const open = () => engine.open(key, { root, storeDir, settings: folderSettings({}, { events: 'own', ...watching }) });
  await open();
  t.after(() => engine.close(key));
  const until = async (what: string, fact: () => boolean | Promise<boolean>): Promise<void> => {
    const end = Date.now() + giveUpMs;
    while (!(await fact())) {
      assert.ok(Date.now() < end, `Never happened: ${what}. ${log.lines.join('\n')}`);
      await delay(5);
    }
  };
  const history = readerOf(engine, key);
  const textsOf = async (path: string): Promise<string[]> => {
    const versions = await history.versions(path, {});
    return Promise.all(versions.map(async ({ id, kind }) => (kind === 'deleted' ? kind : history.text(id))));
  };
  /** Writes states one after the other, each once the one before is in the history, without asking for a scan. */
  const recordsEach = async (path: string, states: readonly string[]): Promise<void> => {
    for (const state of states) {
      write(path, state);
      await until(`${state} in ${path}`, async () => (await textsOf(path))[0] === state);
    }
  };
  const scans = (): string[] => events.flatMap((event) => (event.type === 'scanned' ? [event.reason] : []));
  return { engine, history, root, storeDir, log, events, write, until, textsOf, recordsEach, scans, open };
}

/** What the engine records by itself, whichever way it watches. */
async function recordsWhatHappens(t: TestContext, watching: Partial<WatchSettings>): Promise<void> {
  const { history, root, until, textsOf, recordsEach, events, scans } = await setUp(t, watching);
  await until('the first scans', () => scans().length >= (watching.engine === 'polling' ? 1 : 2));
  const before = scans().length;
  await recordsEach('a.md', ['two', 'three']);
  await recordsEach('deep/er/b.md', ['two', 'three']);
  await recordsEach('new/folder/c.md', ['one', 'two']);
  assert.deepEqual(await textsOf('a.md'), ['three', 'two', 'one']);
  renameSync(join(root, 'new/folder'), join(root, 'moved'));
  await until('the move', async () => (await history.versions('moved/c.md', {}))[0]?.kind === 'renamed');
  assert.deepEqual(await textsOf('moved/c.md'), ['two', 'two', 'one']);
  rmSync(join(root, 'deep'), { recursive: true });
  await until('the deletion', async () => (await textsOf('deep/er/b.md'))[0] === 'deleted');
  const changed = events.flatMap((event) => (event.type === 'changes' ? event.changes.map(({ path }) => path) : []));
  assert.ok(
    ['a.md', 'deep/er/b.md', 'new/folder/c.md'].every((path) => changed.includes(path)),
    changed.join(', '),
  );
  assert.equal(scans().length, before, 'No scan had to find any of it.');
}

test('an engine that watches for itself records what happens in a folder', (t) => recordsWhatHappens(t, {}));

test('and so does one that polls', (t) => recordsWhatHappens(t, { engine: 'polling' }));

test('a change of the file that a watched link leads to is one of the link, at once', async (t) => {
  const { root, write, until, textsOf, scans } = await setUp(t);
  write('AGENTS.txt', 'one');
  symlinkSync('AGENTS.txt', join(root, 'CLAUDE.md'));
  await until('the link', async () => (await textsOf('CLAUDE.md'))[0] === 'one');
  const before = scans().length;
  for (const state of ['two', 'three']) {
    write('AGENTS.txt', state);
    await until(state, async () => (await textsOf('CLAUDE.md'))[0] === state);
  }
  renameSync(join(root, 'AGENTS.txt'), join(root, 'other.txt'));
  await until('the end of the link', async () => (await textsOf('CLAUDE.md'))[0] === 'deleted');
  assert.equal(scans().length, before, 'No scan had to find any of it.');
});

test('where it may watch no more folders it polls, and says so', async (t) => {
  const { engine, until, recordsEach } = await setUp(t, {}, 2);
  await until('polling', async () => (await engine.status(key)).engine === 'polling');
  const { engineReason, gaps } = await engine.status(key);
  assert.deepEqual(engineReason, { code: 'watch limit', args: [] });
  assert.deepEqual(
    gaps.map(({ kind }) => kind),
    ['watch limit', 'polling'],
  );
  await recordsEach('deep/er/b.md', ['two', 'three']);
});

test('rules that bring folders in have them watched', async (t) => {
  const { write, until, recordsEach, scans } = await setUp(t);
  write('.obbyignore', 'deep/\n');
  await until('a scan by the new rules', () => scans().filter((reason) => reason === 'rules').length === 1);
  write('.obbyignore', 'shallow/\n');
  await until('another', () => scans().filter((reason) => reason === 'rules').length === 2);
  const before = scans().length;
  await recordsEach('deep/er/b.md', ['two', 'three']);
  assert.equal(scans().length, before);
});

test('gaps outlive the engine, in the words of none', async (t) => {
  const { engine, open } = await setUp(t, { engine: 'polling' });
  await engine.flush(key);
  await engine.close(key);
  await open();
  const { gaps } = await engine.status(key);
  assert.deepEqual(
    gaps.map(({ kind, to, reason }) => [kind, to === undefined, reason?.code]),
    [
      ['polling', false, 'setting'],
      ['closed', false, undefined],
      ['polling', true, 'setting'],
    ],
  );
});

test('a version recorded on request comes back at once, and what is not watched is explained', async (t) => {
  const { engine, write } = await setUp(t);
  write('a.md', 'two');
  const [outcome] = await engine.record(key, ['a.md']);
  assert.equal(outcome?.versions.length, 1);
  assert.equal((await engine.explain(key, 'x.txt')).reason, 'not listed');
  await engine.close(key);
  await assert.rejects(engine.status(key), /is not open/);
});

test('a history goes on when its folder is opened again', async (t) => {
  const { engine, history, open, write, textsOf } = await setUp(t);
  await engine.flush(key);
  const [before] = await history.versions('a.md', {});
  await engine.close(key);
  write('a.md', 'two');
  await open();
  await engine.flush(key);
  const [offline, first] = await history.versions('a.md', {});
  assert.deepEqual([offline?.cause, first?.id], ['offline', before?.id]);
  assert.deepEqual(await textsOf('a.md'), ['two', 'one']);
});
