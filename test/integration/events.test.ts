import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { appendFile, rename, rm, unlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import { setForTest, TestFolder, until, type Listener } from './support';

describe('versions arrive by themselves, from what VS Code reports:', () => {
  let folder: TestFolder;
  let listener: Listener;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': '*\n', '.obbyignore': '*.tmp\n' });
    await folder.eventsArriveAlone();
  });
  after(() => folder.close());
  beforeEach(() => (listener = folder.listen()));
  afterEach(() => {
    const scans = listener.heard('scan');
    listener.dispose();
    assert.deepEqual(scans, [], 'A scan may have found what the events have missed.');
  });

  /** Waits for the versions of these paths, and fails if others came. */
  async function arrived(...expected: string[]): Promise<void> {
    const told = () => listener.versions.map(({ kind, path }) => `${kind} ${path}`).sort();
    const isComplete = () => expected.every((each) => told().includes(each));
    await until(`${expected.join(', ')} (there was: ${told().join(', ')})`, isComplete);
    assert.deepEqual(told(), [...expected].sort());
  }

  async function kinds(name: string): Promise<string[]> {
    return (await folder.versions(name)).map(({ kind }) => kind);
  }

  it('a file that is made, changed and deleted', async () => {
    await folder.write('a.txt', 'one');
    await folder.write('a.tmp', 'ignored');
    await arrived('created a.txt');
    await appendFile(folder.pathOf('a.txt'), 'two');
    await arrived('created a.txt', 'modified a.txt');
    await unlink(folder.pathOf('a.txt'));
    await arrived('created a.txt', 'modified a.txt', 'deleted a.txt');
    assert.ok(listener.versions.every(({ cause }) => cause === 'external'));
  });

  it('an atomic save', async () => {
    await folder.write('atomic.txt', 'one');
    await arrived('created atomic.txt');
    await folder.write('atomic.tmp', 'two');
    await rename(folder.pathOf('atomic.tmp'), folder.pathOf('atomic.txt'));
    await arrived('created atomic.txt', 'modified atomic.txt');
  });

  it('folders that appear at once, to any depth', async () => {
    await folder.sh('mkdir -p x.tmp/b/c; echo 1 > x.tmp/1; echo 2 > x.tmp/b/2; echo 3 > x.tmp/b/c/3; mv x.tmp tree');
    await arrived('created tree/1', 'created tree/b/2', 'created tree/b/c/3');
  });

  it('folders that are made step by step', async () => {
    await folder.sh('mkdir -p steps/b/c; echo 1 > steps/1; echo 2 > steps/b/2; echo 3 > steps/b/c/3');
    await arrived('created steps/1', 'created steps/b/2', 'created steps/b/c/3');
  });

  it('a folder that is moved, then deleted', async () => {
    await folder.writeAll({ 'old/1.txt': 'first', 'old/b/2.txt': 'second' });
    await arrived('created old/1.txt', 'created old/b/2.txt');
    await folder.run('mv', 'old', 'new');
    await until('the move', async () => (await kinds('new/1.txt')).includes('renamed'));
    await until('the move', async () => (await kinds('new/b/2.txt')).includes('renamed'));
    await rm(folder.pathOf('new'), { recursive: true });
    await until('the deletion', async () => (await kinds('new/1.txt'))[0] === 'deleted');
    await until('the deletion', async () => (await kinds('new/b/2.txt'))[0] === 'deleted');
    assert.equal((await kinds('new/1.txt')).at(-1), 'created');
  });

  it('a file that is written without pause, before the writing ends', async () => {
    const writer = folder.writeWithoutPause('busy.txt');
    await until('a version of busy.txt', () => listener.versions.some(({ path }) => path === 'busy.txt'));
    const last = await writer.stop();
    await until('the last state', async () => (await folder.newestText('busy.txt')) === last);
  });

  it('200 files at once', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `burst/${index % 7}/${index}.txt`);
    await Promise.all(names.map((name) => folder.write(name, name)));
    await arrived(...names.map((name) => `created ${name}`));
  });

  it('tells of the path before its version', async () => {
    await folder.write('told.txt', 'told');
    await arrived('created told.txt');
    const hints = listener.heard('file').filter(({ uri }) => uri.toString() === folder.uriOf('told.txt').toString());
    assert.ok(hints.some(({ hint }) => hint === 'created'));
  });
});

describe('what editors do', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await folder.close();
  });

  async function open(name: string): Promise<vscode.TextDocument> {
    return vscode.workspace.openTextDocument(folder.uriOf(name));
  }

  /** In an editor that shows it: what is changed where nobody sees it counts as the edit of an extension. */
  async function type(document: vscode.TextDocument, text: string): Promise<void> {
    await vscode.window.showTextDocument(document, { preview: false });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().length), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  it('each save is a version of its own, however fast they come', async () => {
    await folder.write('saved.txt', '0\n');
    await folder.api.flush();
    const document = await open('saved.txt');
    for (let count = 1; count <= 5; count++) {
      await type(document, `${count}\n`);
      assert.ok(await document.save());
    }
    await folder.api.flush();
    const [newest, ...older] = (await folder.versions('saved.txt')).slice(0, 5);
    assert.equal(await folder.api.history.text(newest?.id ?? ''), '0\n1\n2\n3\n4\n5\n');
    for (const version of [newest, ...older]) {
      assert.equal(version?.cause, 'save');
      assert.deepEqual(version.causeDetail, { save: 'manual' });
      assert.equal(version.confidence, 'certain');
      assert.deepEqual([version.added, version.removed], [1, 0]);
    }
    assert.equal((await folder.versions('saved.txt')).length, 6);
  });

  it('a save that a program overwrites before Obby looks is a version all the same', async () => {
    // It hears of the save before Obby does, which listens from when the folder is added.
    const overwriting = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.path.endsWith('/overwritten.txt')) writeFileSync(uri.fsPath, 'overwritten\n');
    });
    const other = await TestFolder.open({ '.obbywatch': '*\n', 'overwritten.txt': '0\n' });
    const document = await vscode.workspace.openTextDocument(other.uriOf('overwritten.txt'));
    await type(document, 'typed\n');
    assert.ok(await document.save());
    overwriting.dispose();
    await other.api.flush();
    const versions = (await other.versions('overwritten.txt')).slice(0, 2);
    const told = versions.map(async ({ id, cause }) => [cause, await other.api.history.text(id)]);
    assert.deepEqual(await Promise.all(told), [
      ['external', 'overwritten\n'],
      ['save', '0\ntyped\n'],
    ]);
  });

  it('a save arrives without anyone asking', async () => {
    await folder.write('told.txt', '0\n');
    await folder.api.flush();
    const listener = folder.listen();
    const document = await open('told.txt');
    await type(document, 'typed\n');
    await document.save();
    const version = await until('a version', () => listener.versions[0]);
    listener.dispose();
    assert.equal(version.cause, 'save');
    assert.equal(await folder.api.history.text(version.id), '0\ntyped\n');
  });

  it('an automatic save says so', async () => {
    await folder.write('auto.txt', '0\n');
    await folder.api.flush();
    await setForTest('files.autoSaveDelay', 10);
    await setForTest('files.autoSave', 'afterDelay');
    const listener = folder.listen();
    await type(await open('auto.txt'), 'typed\n');
    const version = await until('the automatic save', () => listener.versions[0]);
    assert.deepEqual([version.cause, version.causeDetail], ['save', { save: 'auto' }]);
  });

  it('keeps the bytes of a save in any Unicode encoding', async () => {
    const encodings = {
      'bom.txt': Buffer.from('\uFEFFä\r\n', 'utf8'),
      'utf16le.txt': Buffer.from('\uFEFFä\r\n', 'utf16le'),
      'utf16be.txt': Buffer.from('\uFEFFä\r\n', 'utf16le').swap16(),
    };
    await folder.writeAll(encodings);
    await folder.api.flush();
    for (const name of Object.keys(encodings)) {
      const document = await open(name);
      await type(document, 'ü🎉\r\n');
      assert.ok(await document.save());
      await folder.api.flush();
      const versions = await folder.versions(name);
      assert.deepEqual(
        versions.map(({ cause }) => cause),
        ['save', versions[1]?.cause],
        name,
      );
      const content = Buffer.from(await folder.api.history.content(versions[0]?.id ?? ''));
      assert.deepEqual(content, await folder.read(name), name);
    }
  });

  it('a save of an ignored or unwatched file records nothing', async () => {
    await folder.write('.obbyignore', 'ignored.txt\n');
    await folder.write('ignored.txt', '0\n');
    await folder.api.flush();
    const document = await open('ignored.txt');
    await type(document, 'typed\n');
    await document.save();
    await folder.api.flush();
    assert.deepEqual(await folder.versions('ignored.txt'), []);
  });

  it('a rename in VS Code carries the history along, edited at the same time or not', async () => {
    await folder.writeAll({ 'lib/before.txt': 'one\n', 'lib/other.txt': 'other\n' });
    await folder.api.flush();
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(folder.uriOf('lib/before.txt'), folder.uriOf('lib/after.txt'));
    assert.ok(await vscode.workspace.applyEdit(edit));
    await folder.write('lib/after.txt', 'two\n');
    await folder.api.flush();
    const kinds = (await folder.versions('lib/after.txt')).map(({ kind }) => kind);
    assert.equal(kinds.at(-1), 'created');
    assert.ok(kinds.includes('renamed'), kinds.join());
    assert.equal(await folder.newestText('lib/after.txt'), 'two\n');
  });

  it('a folder renamed in VS Code, and one deleted there', async () => {
    await folder.writeAll({ 'explorer/a.txt': 'in the explorer', 'explorer/b/c.txt': 'deeper' });
    await folder.api.flush();
    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(folder.uriOf('explorer'), folder.uriOf('renamed'));
    assert.ok(await vscode.workspace.applyEdit(rename));
    await folder.api.flush();
    for (const name of ['a.txt', 'b/c.txt']) {
      const version = await folder.newest(`renamed/${name}`);
      assert.deepEqual([version.kind, version.renamedFrom, version.cause], ['renamed', `explorer/${name}`, 'rename']);
    }
    const remove = new vscode.WorkspaceEdit();
    remove.deleteFile(folder.uriOf('renamed'), { recursive: true });
    assert.ok(await vscode.workspace.applyEdit(remove));
    await folder.api.flush();
    assert.equal((await folder.newest('renamed/b/c.txt')).kind, 'deleted');
  });
});
