import assert from 'node:assert/strict';
import { mkdir, readdir, readlink, rename } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { engineUnderTest, rejection, setForTest, TestFolder, until } from './support';

/** Of this process, in which Obby's worker runs too. */
async function openFiles(): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return Promise.all(links);
}

describe('several folders in one window', () => {
  it('each has rules and a history of its own', async () => {
    const left = await TestFolder.open({ '.obbywatch': '*.md\n', 'a.md': 'left', 'a.txt': 'left' });
    const right = await TestFolder.open({ '.obbywatch': '*.txt\n', 'a.md': 'right', 'a.txt': 'right' });
    assert.deepEqual(
      (await left.recorded()).map(({ path }) => path),
      ['a.md'],
    );
    assert.deepEqual(
      (await right.recorded()).map(({ path }) => path),
      ['a.txt'],
    );
    assert.equal((await left.newest('a.md')).uri.fsPath, left.pathOf('a.md'));
    const order = (await left.api.watching.status()).map(({ folder }) => folder.toString());
    assert.deepEqual(
      order,
      vscode.workspace.workspaceFolders?.map(({ uri }) => uri.toString()),
    );
  });

  it('one whose name begins with the name of another is another', async () => {
    const folder = await TestFolder.open();
    await mkdir(`${folder.root}-2`);
    const sibling = vscode.Uri.file(`${folder.root}-2/a.txt`);
    assert.equal((await folder.api.watching.explain(sibling)).verdict, 'outside');
    await folder.run('rmdir', `${folder.root}-2`);
  });

  it('a folder that left the window has no status, no history to ask for, and records nothing', async () => {
    const folder = await TestFolder.open({ '.obbywatch': '*\n', 'a.txt': 'one' });
    const { id } = await folder.newest('a.txt');
    await folder.removeFromWindow();
    await until('the end of its session', async () => {
      const error: unknown = await folder.versions('a.txt').then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return error !== undefined;
    });
    await rejection('noFolder', folder.versions('a.txt'));
    await rejection('noFolder', folder.api.watching.scan(folder.uri));
    await rejection('noFolder', folder.recorded());
    assert.ok(
      !(await folder.api.watching.status()).some((status) => status.folder.toString() === folder.uri.toString()),
    );
    await folder.write('a.txt', 'two');
    await folder.api.flush();
    await folder.addToWindow();
    await folder.api.flush();
    const [offline, before] = await folder.versions('a.txt');
    assert.equal(before?.id, id);
    assert.equal(offline?.cause, 'offline');
    assert.ok((offline.causeDetail?.since ?? Infinity) <= offline.time);
  });

  it('a folder that was renamed is offered its history, and continues it when asked to', async () => {
    const before = await TestFolder.open({ '.obbywatch': '*\n', 'a.txt': 'one' });
    const { api } = before;
    const { id } = await before.newest('a.txt');
    await before.removeFromWindow();
    const renamed = TestFolder.at(api, vscode.Uri.file(`${before.root}-renamed`));
    await rename(before.root, renamed.root);
    await renamed.addToWindow();
    await api.flush();
    const former = await until('an offer', async () => (await api.history.former(renamed.uri))[0]);
    assert.deepEqual([former.root, former.isRootThere], [before.root, false]);
    await renamed.write('a.txt', 'two');
    await api.act.useHistory(former.name, renamed.uri);
    await api.flush();
    const versions = await renamed.versions('a.txt');
    assert.deepEqual(await Promise.all(versions.map((version) => api.history.text(version.id))), ['two', 'one']);
    assert.equal(versions[1]?.id.split('@')[0], id.split('@')[0]);
    assert.deepEqual(await api.history.former(renamed.uri), []);
    const ofFolder = async () => (await api.history.all()).filter(({ root }) => root === renamed.root);
    const [used, kept] = (await ofFolder()).sort((a, b) => Number(b.isOpen) - Number(a.isOpen));
    assert.deepEqual([used?.isOpen, kept?.isOpen], [true, false]);
    await rejection('storeFailed', api.act.removeHistory(used?.name ?? ''));
    await api.act.removeHistory(kept?.name ?? '');
    assert.deepEqual(
      (await ofFolder()).map(({ name }) => name),
      [used?.name],
    );
  });

  it('a folder may leave and return faster than its history closes', async () => {
    const folder = await TestFolder.open({ '.obbywatch': '*\n', 'a.txt': 'one' });
    const listener = folder.listen();
    const names = Array.from({ length: 500 }, (_, index) => `many/${index}.txt`);
    for (let count = 0; count < 2; count++) {
      await until('the session', async () => (await folder.status()).engine !== 'none');
      await folder.eventsArrive();
      const before = listener.heard('file').length;
      await Promise.all(names.map((name) => folder.write(name, `round ${count}`)));
      await until('changes to be recorded', () => listener.heard('file').length > before);
      await folder.removeFromWindow();
      await folder.addToWindow();
    }
    await folder.write('a.txt', 'last');
    await until('its history', async () => {
      const { state, problem } = await folder.status();
      assert.equal(problem, undefined);
      return state === 'watching';
    });
    await folder.api.flush();
    assert.equal(await folder.newestText('a.txt'), 'last');
    assert.equal((await folder.versions('a.txt')).at(-1)?.kind, 'created');
  });

  it('a folder that left the window leaves no open file behind', async function () {
    // Only there the system tells which files are open.
    if (process.platform !== 'linux') this.skip();
    const folder = await TestFolder.open({ '.obbywatch': '*\n', 'a.txt': 'one' });
    const own = async () => (await openFiles()).filter((file) => file.includes(path.basename(folder.root)));
    assert.notDeepEqual(await own(), []);
    for (let count = 0; count < 2; count++) {
      await folder.removeFromWindow();
      await until('its files to be closed', async () => (await own()).length === 0);
      await folder.addToWindow();
      await folder.api.flush();
    }
  });

  it('a folder keeps its history whatever the workspace calls it', async () => {
    const folder = await TestFolder.open({ '.obbywatch': '*\n', 'a.txt': 'one' });
    const { id } = await folder.newest('a.txt');
    await folder.removeFromWindow();
    await folder.addToWindow('Another Name');
    await folder.api.flush();
    assert.equal((await folder.newest('a.txt')).id, id);
  });
});

const polled = { kind: 'polling', count: 0 } as const;

describe('the status of a folder', () => {
  /** Without that of the engine. */
  const gapsOf = async (of: TestFolder) => (await of.status()).gaps.filter(({ kind }) => kind !== 'polling');
  /** Events may come after a flush, and what they name waits once more. */
  const nothingWaits = () =>
    until('a status with nothing that waits', async () => {
      const status = await folder.status();
      return status.queue === 0 && status;
    });

  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.open({ '.obbywatch': '*\n', '.obbyignore': '*.tmp\n', 'a.txt': 'a', 'b.tmp': 'b' });
  });

  it('counts watched files and versions, and in the end nothing waits', async () => {
    const { state, engine, files, versions, lastScan, gaps, unrecorded, problem } = await nothingWaits();
    assert.deepEqual(
      { state, engine, files, versions, gaps, unrecorded, problem },
      {
        state: 'watching',
        engine: engineUnderTest(),
        files: 3,
        versions: 3,
        gaps: engine === 'polling' ? [{ ...polled, from: gaps[0]?.from ?? 0, why: gaps[0]?.why ?? '' }] : [],
        unrecorded: [],
        problem: undefined,
      },
    );
    assert.equal(lastScan?.files, 3);
    assert.ok(Math.abs(lastScan.time - Date.now()) < 60_000);
    await folder.sh('echo 2 > a.txt; echo 3 > c.txt; rm .obbyignore');
    await folder.api.flush();
    const after = await nothingWaits();
    // Without .obbyignore, b.tmp is watched too.
    assert.deepEqual([after.files, after.versions], [4, 7]);
  });

  it('arrives by itself when it changes', async () => {
    await folder.eventsArrive();
    const listener = folder.listen();
    await folder.write('new.txt', 'new');
    await until('a status with the new file', () => listener.heard('status').some(({ status }) => status.files === 4));
    listener.dispose();
  });

  it('paused: nothing is recorded, and the status says so', async () => {
    await folder.eventsArrive();
    await folder.api.watching.pause(folder.uri);
    await folder.write('a.txt', 'while paused');
    await folder.api.flush();
    await folder.api.watching.scan(folder.uri);
    const { state, engine } = await folder.status();
    assert.deepEqual({ state, engine }, { state: 'paused', engine: 'none' });
    assert.deepEqual(
      (await gapsOf(folder)).map(({ kind, to }) => [kind, to]),
      [['paused', undefined]],
    );
    assert.equal((await folder.versions('a.txt')).length, 1);

    const before = Date.now();
    await folder.api.watching.resume(folder.uri);
    await folder.api.flush();
    assert.equal((await folder.status()).state, 'watching');
    assert.equal(await folder.newestText('a.txt'), 'while paused');
    const [gap, ...others] = await gapsOf(folder);
    assert.ok(gap && others.length === 0);
    assert.ok(gap.from <= before && (gap.to ?? 0) >= before, JSON.stringify(gap));
    assert.match(gap.why, /pause/);
    // The change found afterwards says when it happened, and its span is the pause.
    assert.equal(gap.count, 1);
    const found = await folder.newest('a.txt');
    assert.equal(found.cause, 'offline');
    const since = found.causeDetail?.since ?? 0;
    assert.ok(since >= gap.from && since <= found.time && found.time <= (gap.to ?? 0), JSON.stringify({ gap, found }));
    const listener = folder.listen();
    await folder.eventsArrive();
    await folder.write('a.txt', 'after the pause');
    await until('a version', () => listener.versions[0]);
    listener.dispose();
  });

  it('pausing twice and resuming twice is pausing and resuming', async () => {
    const { watching } = folder.api;
    await Promise.all([watching.pause(folder.uri), watching.pause(folder.uri)]);
    await Promise.all([watching.resume(folder.uri), watching.resume(folder.uri)]);
    assert.equal((await folder.status()).state, 'watching');
    assert.equal((await gapsOf(folder)).length, 1);
  });

  it('what is recorded on request while paused is recorded', async () => {
    await folder.api.watching.pause(folder.uri);
    await folder.write('a.txt', 'asked for');
    assert.equal((await folder.api.tracking.record(folder.uriOf('a.txt')))?.path, 'a.txt');
    await folder.api.watching.resume(folder.uri);
  });

  it('all folders pause and resume at once', async () => {
    await folder.api.watching.pause();
    assert.deepEqual(new Set((await folder.api.watching.status()).map(({ state }) => state)), new Set(['paused']));
    await folder.api.watching.resume();
    assert.ok((await folder.api.watching.status()).every(({ state }) => state !== 'paused'));
  });

  it('a scan finds what no event told of, and says how far it is', async () => {
    await folder.writeAll({ 'x.txt': 'x', 'y.txt': 'y' });
    const listener = folder.listen();
    await folder.api.watching.scan(folder.uri);
    const last = listener.heard('scan').at(-1);
    assert.deepEqual([last?.finished, last?.done, last?.total], [true, 5, 5]);
    assert.equal((await folder.versions('x.txt')).length, 1);
    listener.dispose();
  });

  it('the size limit can be changed while files are watched', async () => {
    await setForTest('obby.maxFileSizeMB', 0.1);
    await folder.write('c.txt', 'c'.repeat(200_000));
    await until('the new limit', async () => {
      await folder.api.tracking.record(folder.uriOf('c.txt'));
      return (await folder.newest('c.txt')).unstored === 'too large';
    });
    await setForTest('obby.maxFileSizeMB', undefined);
    assert.deepEqual(
      (await gapsOf(folder)).map(({ kind, count }) => [kind, count]),
      [['too large', 1]],
    );
    await until('a version with its content', async () => {
      await folder.api.tracking.record(folder.uriOf('c.txt'));
      return (await folder.newest('c.txt')).unstored === undefined;
    });
  });
});
