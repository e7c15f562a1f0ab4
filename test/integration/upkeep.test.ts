import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { rejection, TestFolder } from './support';
import { everythingIn, historyDirOf } from './storeFiles';

const secret = 'hunter2-correct-horse';

/** The files of a history in which a text stands, in their own bytes or in those of a content. */
async function filesWith(folder: TestFolder, text: string): Promise<string[]> {
  const writings = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  const found = await everythingIn(historyDirOf(folder.uri));
  return [...found]
    .filter(([, parts]) => parts.some((part) => writings.some((writing) => part.includes(writing))))
    .map(([name]) => name);
}

/** Records texts of one file, one version each. */
async function record(folder: TestFolder, name: string, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await folder.write(name, text);
    await folder.api.tracking.record(folder.uriOf(name));
  }
}

function lines(...own: string[]): string {
  return [...Array.from({ length: 60 }, (_, index) => `line ${index} of a file`), ...own, ''].join('\n');
}

describe('the upkeep of a history', () => {
  let folder: TestFolder;
  beforeEach(async () => (folder = await TestFolder.open()));

  it('label: names what is on disk now, or was; removing takes it away', async () => {
    const { api } = folder;
    await folder.write('a.md', 'one');
    const heard = folder.listen();
    const [now] = await api.act.label(' before the refactoring ', { folder: folder.uri });
    assert.ok(now && now.name === 'before the refactoring' && now.folder.toString() === folder.uri.toString());
    assert.equal(await folder.newestText('a.md'), 'one', 'What is on disk was recorded first.');
    assert.ok((await folder.newest('a.md')).time <= now.time);
    const past = new Date(now.time - 86_400_000);
    await api.act.label('yesterday', { folder: folder.uri, time: past });
    const names = async (): Promise<string[]> => (await api.history.labels(folder.uri)).map(({ name }) => name);
    assert.deepEqual(await names(), ['before the refactoring', 'yesterday']);
    await api.act.removeLabel(now.id);
    assert.deepEqual(await names(), ['yesterday']);
    assert.deepEqual(
      heard.heard('maintenance').map(({ what }) => what),
      ['label', 'label', 'label'],
    );
    heard.dispose();
    await rejection('notFound', api.act.removeLabel(now.id));
  });

  it('label: all folders of the window get the same moment', async () => {
    await TestFolder.open();
    const labels = await folder.api.act.label('release');
    assert.ok(labels.length >= 2);
    assert.equal(new Set(labels.map(({ time }) => time)).size, 1);
    for (const { id } of labels) await folder.api.act.removeLabel(id);
  });

  it('what is kept is set by the user alone, in no workspace', async () => {
    const obby = vscode.workspace.getConfiguration('obby', folder.uri);
    for (const key of ['storage.quotaMB', 'retention.keepAllDays', 'retention.keepHourlyDays']) {
      const inWorkspace = Promise.resolve(obby.update(key, 1, vscode.ConfigurationTarget.Workspace));
      await assert.rejects(inWorkspace, /written only into User settings/);
    }
  });

  it('pin: is told by the version until it is taken away', async () => {
    await record(folder, 'a.md', 'one', 'two');
    const [, older] = await folder.versions('a.md');
    assert.ok(older);
    assert.equal((await folder.api.act.pin(older.id)).pinned, true);
    const pins = async (): Promise<boolean[]> => (await folder.versions('a.md')).map(({ pinned }) => pinned);
    assert.deepEqual(await pins(), [false, true]);
    assert.equal((await folder.api.act.pin(older.id, false)).pinned, false);
    assert.deepEqual(await pins(), [false, false]);
  });

  it('forget a text: it is in no byte of the store, the rows stay and say so, the rest is untouched', async () => {
    const { api } = folder;
    await record(folder, 'a.md', lines(), lines(`password: ${secret}`), lines('password: removed'));
    await record(folder, 'b.md', lines(), lines('b', `key: ${secret}`), lines('b'));
    await folder.write('wide.txt', Buffer.from(`\ufeffwide ${secret}`, 'utf16le'));
    await api.flush();
    assert.notDeepEqual(await filesWith(folder, secret), [], 'The search finds it while it is there.');

    const plan = await api.act.planForget({ text: secret, folder: folder.uri });
    assert.equal(plan.versions, 3);
    assert.deepEqual(plan.files.map(({ uri, versions }) => [path.basename(uri.path), versions]).sort(), [
      ['a.md', 1],
      ['b.md', 1],
      ['wide.txt', 1],
    ]);
    assert.deepEqual(
      plan.onDisk.map(({ path: file }) => path.basename(file)),
      ['wide.txt'],
      'Only this file still holds it on disk.',
    );
    assert.notDeepEqual(await filesWith(folder, secret), [], 'A plan removes nothing.');

    await folder.write('wide.txt', 'nothing here');
    await api.flush();
    const { versions } = await api.act.forget({ text: secret, folder: folder.uri });
    assert.equal(versions, 3);
    assert.deepEqual(await filesWith(folder, secret), []);
    for (const name of ['a.md', 'b.md']) {
      const [newest, forgotten, first, ...more] = await folder.versions(name);
      assert.ok(newest && forgotten && first && more.length === 0);
      assert.deepEqual([newest.unstored, forgotten.unstored, first.unstored], [undefined, 'forgotten', undefined]);
      assert.equal(await api.history.text(first.id), lines());
      await rejection('notStored', api.history.content(forgotten.id));
      assert.match(await api.history.text(newest.id), /^line 0 of a file/);
    }
    const [check] = await api.act.verify(folder.uri);
    assert.equal(check?.damagedCount, 0);
  });

  it('forget a file: its name and contents are nowhere, and what is on disk is recorded anew', async () => {
    const { api } = folder;
    await record(folder, 'unforgettable-name.md', `one ${secret}`, 'two');
    await record(folder, 'kept.md', 'kept');
    const uri = folder.uriOf('unforgettable-name.md');
    const plan = await api.act.planForget({ uri });
    assert.equal(plan.versions, 2);
    assert.deepEqual(plan.onDisk.map(String), [uri.toString()]);
    await vscode.workspace.fs.delete(uri);
    await api.flush();
    await api.act.forget({ uri });
    assert.deepEqual(await folder.versions('unforgettable-name.md'), []);
    assert.deepEqual(await filesWith(folder, 'unforgettable-name.md'), []);
    assert.deepEqual(await filesWith(folder, secret), []);
    assert.equal(await folder.newestText('kept.md'), 'kept');
  });

  it('forget a pattern and a span of time: what both select goes, and nothing else', async () => {
    const { api } = folder;
    await record(folder, '.env', 'one', 'two');
    await record(folder, 'sub/.env.local', 'three');
    await record(folder, 'env.md', 'four');
    const [newest, first] = await folder.versions('.env');
    assert.ok(newest && first);
    await api.act.forget({ pattern: '.env*', until: newest.time, folder: folder.uri });
    assert.deepEqual(
      (await folder.versions('.env')).map(({ id }) => id),
      [newest.id],
    );
    await api.act.forget({ pattern: '.env*', folder: folder.uri });
    assert.deepEqual(await folder.versions('.env'), []);
    assert.deepEqual(await folder.versions('sub/.env.local'), []);
    assert.equal(await folder.newestText('env.md'), 'four');
  });

  it('forget: what selects nothing is refused, with a text too short never shown', async () => {
    const { act } = folder.api;
    const message = await rejection('badArgument', act.planForget({ text: 'q7x', folder: folder.uri }));
    assert.ok(!message.includes('q7x'), message);
    await rejection('noFolder', act.forget({ uri: vscode.Uri.file('/nowhere/a.md') }));
  });

  it('verify: a flipped bit is named by version and file, and the rest stays readable', async () => {
    const { api } = folder;
    const random = randomBytes(20_000);
    await folder.write('photo.bin', random);
    await record(folder, 'a.md', 'sound');
    await api.flush();
    const version = await folder.newest('photo.bin');
    // What the folder still has would be stored again.
    await folder.write('photo.bin', 'another picture');
    await api.flush();
    const [sound] = await api.act.verify(folder.uri);
    assert.equal(sound?.damagedCount, 0);
    assert.ok(sound.contents >= 2 && sound.bytes > 20_000);

    const name = await flipBit(historyDirOf(folder.uri), random.subarray(10_000, 10_032));
    const [found] = await api.act.verify(folder.uri);
    assert.deepEqual(
      found?.damaged.map(({ id, path: file, file: store }) => [id, file, store]),
      [[version.id, 'photo.bin', name]],
    );
    await rejection('storeFailed', api.history.content(version.id));
    assert.equal(await folder.newestText('a.md'), 'sound');
  });

  it('storage: counts what the folder takes', async () => {
    await record(folder, 'docs/a.md', lines('one'), lines('two'), lines('three'));
    const [facts] = await folder.api.history.storage(folder.uri);
    assert.ok(facts);
    const { versions, files, totalBytes, fullBytes, bytes, folders, oldest = 0, newest = 0 } = facts;
    const recorded = await folder.recorded();
    assert.equal(versions, recorded.length);
    assert.equal(files, 2);
    assert.equal(
      fullBytes,
      recorded.reduce((sum, { size }) => sum + size, 0),
    );
    assert.equal(totalBytes, bytes.journals + bytes.segments + bytes.catalog + bytes.other);
    assert.ok(oldest <= newest && newest <= Date.now());
    assert.ok(folders.some((each) => each.path === 'docs' && each.versions === 3));
  });

  it('exportHistory and importHistory: a file travels with all its versions', async () => {
    const { api } = folder;
    await record(folder, 'docs/a.md', 'one', 'two');
    await record(folder, 'b.md', 'elsewhere');
    const target = vscode.Uri.file(path.join(folder.root, '.git', 'moved.obby'));
    await folder.write('.git/HEAD', 'x');
    const moved = await api.act.exportHistory(folder.uriOf('docs'), target);
    assert.deepEqual([moved.versions, moved.files], [2, 1]);
    const other = await TestFolder.open();
    const taken = await api.act.importHistory(target, other.uri);
    assert.deepEqual([taken.versions, taken.known], [2, 0]);
    const texts = [];
    for (const { id } of await other.versions('docs/a.md')) texts.push(await api.history.text(id));
    assert.ok(texts.includes('one') && texts.includes('two'), texts.join());
    assert.deepEqual(await other.versions('b.md'), []);
    assert.equal((await api.act.importHistory(target, other.uri)).known, 2);
  });
});

/** Flips a bit in the store's file that holds these bytes; resolves with its name. */
async function flipBit(dir: string, inside: Uint8Array): Promise<string> {
  for (const [name, [bytes]] of await everythingIn(dir)) {
    const at = bytes?.indexOf(inside) ?? -1;
    if (at < 0) continue;
    const file = path.join(dir, name);
    const damaged = await readFile(file);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await writeFile(file, damaged, { flag: 'r+' });
    return name;
  }
  return assert.fail('No file holds the content as it is.');
}
