import assert from 'node:assert/strict';
import { symlink, unlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Version } from '../../src/api/api';
import { contentOf, rejection, TestFolder, until } from './support';

describe('restoring', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': '*\n', '.obbyignore': '*.tmp\n' });
    await folder.eventsArrive();
  });
  after(() => folder.close());
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** Writes each content as a version of its own; resolves with them, oldest first. */
  async function history(name: string, ...contents: (string | Buffer)[]): Promise<Version[]> {
    const versions: Version[] = [];
    for (const content of contents) {
      await folder.write(name, content);
      await folder.api.flush();
      versions.push(await folder.newest(name));
    }
    return versions;
  }

  const idOf = (version: Version | undefined): string => version?.id ?? assert.fail('There is no such version.');
  const textOnDisk = async (name: string): Promise<string> => (await folder.read(name)).toString();

  async function openDirty(name: string, text: string): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument(folder.uriOf(name));
    await vscode.window.showTextDocument(document, { preview: false });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(document.isDirty);
    return document;
  }

  it('writes the exact bytes, and is a version that says what it restored', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 13, 10, 0]);
    const [first] = await history('bytes.bin', bytes, 'text now\n');
    const { files } = await folder.api.act.restore(idOf(first));
    assert.deepEqual(await folder.read('bytes.bin'), bytes);
    const { cause, causeDetail, confidence, id } = await folder.newest('bytes.bin');
    assert.deepEqual(
      { cause, causeDetail, confidence: confidence },
      { cause: 'restore', causeDetail: { restored: idOf(first) }, confidence: 'certain' },
    );
    assert.equal(files[0]?.version?.id, id);
  });

  it('brings the mode back, of a file that exists and of a deleted one', async () => {
    const mode = async (): Promise<string> => (await folder.run('stat', '-c', '%a', 'script.sh')).trim();
    const [first] = await history('script.sh', '#!/bin/sh\n');
    const before = await mode();
    await folder.run('chmod', '755', 'script.sh');
    await folder.api.flush();
    const executable = await folder.newest('script.sh');
    const { steps } = await folder.api.act.planRestore({ versions: [idOf(first)] });
    assert.deepEqual([steps[0]?.action, executable.mode], ['write', 0o755]);
    await folder.api.act.restore(idOf(first));
    assert.equal(await mode(), before);
    await folder.api.act.undoRestore();
    assert.equal(await mode(), '755');
    await unlink(folder.pathOf('script.sh'));
    await folder.api.flush();
    await folder.api.act.restore(executable.id);
    assert.equal(await mode(), '755');
  });

  it('records what it replaces first, also what nobody has seen yet', async () => {
    const [first] = await history('unseen.txt', 'one\n', 'two\n');
    await folder.write('unseen.txt', 'written a moment ago\n');
    const { files } = await folder.api.act.restore(idOf(first));
    const replaced = files[0]?.replaced;
    assert.ok(replaced);
    assert.equal((await contentOf(folder.api, replaced)).toString(), 'written a moment ago\n');
    assert.equal(await textOnDisk('unseen.txt'), 'one\n');
  });

  it('plans before it acts, and the plan changes nothing', async () => {
    const [first, second] = await history('plan.txt', 'one\n', 'two\n');
    const [gone] = await history('plan gone.txt', 'gone\n');
    await unlink(folder.pathOf('plan gone.txt'));
    await folder.api.flush();
    const before = (await folder.recorded()).length;
    const plan = await folder.api.act.planRestore({ versions: [first, second, gone].map(idOf) });
    assert.deepEqual(
      plan.steps.map(({ action, unsaved, uri }) => [action, unsaved, uri.fsPath.slice(folder.root.length + 1)]),
      [
        ['write', false, 'plan.txt'],
        ['none', false, 'plan.txt'],
        ['create', false, 'plan gone.txt'],
      ],
    );
    await folder.api.flush();
    assert.equal((await folder.recorded()).length, before);
    assert.equal(await textOnDisk('plan.txt'), 'two\n');
    await folder.api.act.restore({ steps: plan.steps.slice(0, 1) });
    assert.equal(await textOnDisk('plan.txt'), 'one\n');
  });

  it('to the content that is there already changes nothing', async () => {
    const [, second] = await history('same.txt', 'one\n', 'two\n');
    const { files } = await folder.api.act.restore(idOf(second));
    assert.equal(files[0]?.version, undefined);
    assert.equal((await folder.versions('same.txt')).length, 2);
  });

  it('is undone, and the undoing is undone', async () => {
    const [first] = await history('undo.txt', 'one\n', 'two\n');
    await folder.api.act.restore(idOf(first));
    await folder.api.act.undoRestore();
    assert.equal(await textOnDisk('undo.txt'), 'two\n');
    await folder.api.act.undoRestore();
    assert.equal(await textOnDisk('undo.txt'), 'one\n');
  });

  it('shows the restored text in an editor that is open', async () => {
    const [first] = await history('open.txt', 'one\n', 'two\n');
    const document = await vscode.workspace.openTextDocument(folder.uriOf('open.txt'));
    await vscode.window.showTextDocument(document);
    await folder.api.act.restore(idOf(first));
    await until('the restored text in the editor', () => document.getText() === 'one\n');
    assert.equal(document.isDirty, false);
  });

  it('records unsaved text of an editor, shows the restored text, and undo brings the unsaved text back', async () => {
    const [first] = await history('unsaved.txt', 'one\n', 'two\n');
    const document = await openDirty('unsaved.txt', 'never saved\n');
    const plan = await folder.api.act.planRestore({ versions: [idOf(first)] });
    assert.deepEqual(plan.steps[0]?.unsaved, true);
    const { files } = await folder.api.act.restore(plan);
    assert.equal(await textOnDisk('unsaved.txt'), 'one\n');
    await until('the restored text in the editor', () => document.getText() === 'one\n');
    assert.equal(document.isDirty, false);
    const replaced = files[0]?.replaced;
    assert.deepEqual([replaced?.cause, replaced?.causeDetail], ['save', { save: 'beforeRestore' }]);
    assert.equal(await folder.api.history.text(idOf(replaced)), 'never saved\ntwo\n');
    await folder.api.act.undoRestore();
    assert.equal(await textOnDisk('unsaved.txt'), 'never saved\ntwo\n');
    await until('the unsaved text in the editor', () => document.getText() === 'never saved\ntwo\n');
    await folder.api.flush();
    const texts = (await folder.versions('unsaved.txt')).map(({ id }) => folder.api.history.text(id));
    assert.deepEqual(await Promise.all(texts), ['never saved\ntwo\n', 'one\n', 'never saved\ntwo\n', 'two\n', 'one\n']);
  });

  it('keeps unsaved text in the encoding of its file', async () => {
    const [first] = await history(
      'wide.txt',
      ...['one', 'two'].map((text) => Buffer.from(`\uFEFF${text}\r\n`, 'utf16le')),
    );
    await openDirty('wide.txt', 'ungespeichert ü\r\n');
    const { files } = await folder.api.act.restore(idOf(first));
    const replaced = files[0]?.replaced;
    assert.ok(replaced);
    const expected = Buffer.from('\uFEFFungespeichert ü\r\ntwo\r\n', 'utf16le');
    assert.deepEqual(await contentOf(folder.api, replaced), expected);
  });

  it('of the version that is on disk takes unsaved text away, and records it', async () => {
    const [only] = await history('dirty.txt', 'on disk\n');
    const document = await openDirty('dirty.txt', 'typed ');
    await folder.api.act.restore(idOf(only));
    await until('the text on disk in the editor', () => !document.isDirty);
    assert.equal(document.getText(), 'on disk\n');
    const texts = (await folder.versions('dirty.txt')).map(({ id }) => folder.api.history.text(id));
    assert.ok((await Promise.all(texts)).includes('typed on disk\n'));
  });

  it('brings a deleted file back, and undo takes it away again', async () => {
    const [first] = await history('deep/er/deleted.txt', 'gone\n');
    await folder.run('rm', '-r', 'deep');
    await folder.api.flush();
    const { files } = await folder.api.act.restore(idOf(first));
    assert.equal(await textOnDisk('deep/er/deleted.txt'), 'gone\n');
    assert.deepEqual([files[0]?.version?.kind, files[0]?.replaced], ['created', undefined]);
    assert.deepEqual(
      (await folder.api.history.deletedFiles(folder.uri)).filter(({ path }) => path.startsWith('deep/')),
      [],
    );
    await folder.api.act.undoRestore();
    await rejection('notFound', folder.api.tracking.hash(folder.uriOf('deep/er/deleted.txt')));
    assert.equal((await folder.newest('deep/er/deleted.txt')).kind, 'deleted');
  });

  it('brings a deleted folder back, file by file', async () => {
    const names = ['lost/a.txt', 'lost/b/c.bin', 'lost/b/empty'];
    await folder.writeAll({ 'lost/a.txt': 'a\r\n', 'lost/b/c.bin': Buffer.from([0, 1]), 'lost/b/empty': '' });
    await folder.api.flush();
    await folder.run('rm', '-rf', 'lost');
    await folder.api.flush();
    const deleted = (await folder.api.history.deletedFiles(folder.uri)).filter(({ path }) => path.startsWith('lost/'));
    assert.deepEqual(deleted.map(({ path }) => path).sort(), names);
    await folder.api.act.restore({ versions: deleted.map(({ previous }) => previous ?? '') });
    assert.equal(await textOnDisk('lost/a.txt'), 'a\r\n');
    assert.deepEqual(await folder.read('lost/b/c.bin'), Buffer.from([0, 1]));
    assert.equal(await textOnDisk('lost/b/empty'), '');
    await folder.api.flush();
    assert.equal((await folder.newest('lost/a.txt')).cause, 'restore');
  });

  it('writes to the name that a renamed file has now', async () => {
    const [first] = await history('before.txt', 'one\n', 'two\n');
    await folder.run('mv', 'before.txt', 'after.txt');
    await folder.api.flush();
    const { files } = await folder.api.act.restore(idOf(first));
    assert.equal(files[0]?.uri.fsPath, folder.pathOf('after.txt'));
    assert.equal(await textOnDisk('after.txt'), 'one\n');
    await rejection('notFound', folder.api.tracking.hash(folder.uriOf('before.txt')));
  });

  it('touches neither index nor HEAD of git', async () => {
    const [first] = await history('tracked.txt', 'one\n', 'two\n');
    await folder.sh(
      'git init -q; git config user.name Me; git config user.email me@example.org; git add -A; git commit -qm x',
    );
    await folder.write('tracked.txt', 'staged\n');
    await folder.run('git', 'add', 'tracked.txt');
    const state = () => folder.sh('git rev-parse HEAD; cat .git/HEAD; git ls-files -s');
    const before = await state();
    await folder.api.act.restore(idOf(first));
    assert.equal(await state(), before);
    assert.match(await folder.run('git', 'status', '--porcelain', 'tracked.txt'), /^MM /);
  });

  it('refuses what has no content, or would lose some, and changes nothing', async () => {
    await history('refused.txt', 'one\n');
    await unlink(folder.pathOf('refused.txt'));
    await folder.api.flush();
    const deletion = await folder.newest('refused.txt');
    await rejection('notStored', folder.api.act.restore(deletion.id));
    await rejection('notFound', folder.api.act.restore('v1-000000000-000000-1@0123456789ab'));
    const [small] = await history('huge.txt', 'small\n');
    await folder.run('truncate', '-s', '6M', 'huge.txt');
    await rejection('tooLarge', folder.api.act.restore(idOf(small)));
    assert.equal((await folder.read('huge.txt')).length, 6 * 1024 * 1024);
  });

  it('never writes through a link that leads out of the folder', async () => {
    const [first] = await history('inside/file.txt', 'one\n', 'two\n');
    const outside = await TestFolder.open({});
    await outside.write('file.txt', 'not yours\n');
    await folder.run('rm', '-r', 'inside');
    await symlink(outside.root, folder.pathOf('inside'));
    await assert.rejects(folder.api.act.restore(idOf(first)), { name: 'ObbyError' });
    assert.equal((await outside.read('file.txt')).toString(), 'not yours\n');
    await folder.run('rm', 'inside');
  });

  it('goes on past what cannot be restored, reports it, and an undo that failed halfway continues', async () => {
    const [firstA] = await history('halves/a.txt', 'one a\n', 'two a\n');
    const [firstB] = await history('halves/b.txt', 'one b\n', 'two b\n');
    const both = { versions: [firstA, firstB].map(idOf) };
    const block = (name: string) => folder.sh(`rm halves/${name}.txt; mkdir halves/${name}.txt`);
    await block('a');
    const { files, failed } = await folder.api.act.restore(both);
    assert.deepEqual(
      [files, failed].map((some) => some.map(({ uri }) => vscode.workspace.asRelativePath(uri, false))),
      [['halves/b.txt'], ['halves/a.txt']],
    );
    assert.match(failed[0]?.error.message ?? '', /a folder has its name/);
    await folder.api.act.undoRestore();
    assert.equal(await textOnDisk('halves/b.txt'), 'two b\n');

    await folder.sh('rmdir halves/a.txt; echo two a > halves/a.txt');
    assert.deepEqual((await folder.api.act.restore(both)).failed, []);
    await block('a');
    assert.equal((await folder.api.act.undoRestore()).failed.length, 1);
    assert.equal(await textOnDisk('halves/b.txt'), 'two b\n');
    await folder.sh('rmdir halves/a.txt');
    assert.deepEqual((await folder.api.act.undoRestore()).failed, []);
    assert.deepEqual([await textOnDisk('halves/a.txt'), await textOnDisk('halves/b.txt')], ['two a\n', 'two b\n']);
    await folder.api.act.undoRestore();
    assert.equal(await textOnDisk('halves/b.txt'), 'one b\n');
  });

  it('never writes through a link, and names the file that it leads to', async () => {
    const [first] = await history('linked.txt', 'one\n', 'two\n');
    await folder.write('target.txt', 'another file\n');
    await folder.sh('rm linked.txt; ln -s target.txt linked.txt');
    await assert.rejects(folder.api.act.restore(idOf(first)), /link to target\.txt/);
    assert.equal(await textOnDisk('target.txt'), 'another file\n');
    await folder.run('rm', 'linked.txt');
  });

  it('of two versions of one file restores the last, and undo brings back what was before', async () => {
    const [first, second] = await history('twice.txt', 'one\n', 'two\n', 'three\n');
    await folder.api.act.restore({ versions: [second, first].map(idOf) });
    assert.equal(await textOnDisk('twice.txt'), 'one\n');
    await folder.api.act.undoRestore();
    assert.equal(await textOnDisk('twice.txt'), 'three\n');
  });

  it('fails for a notebook with unsaved cells, and restores the other files', async () => {
    const cells = (source: string): string =>
      JSON.stringify({
        cells: [{ cell_type: 'markdown', metadata: {}, source }],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      });
    const [book] = await history('book.ipynb', cells('one'), cells('two'));
    const [page] = await history('page.txt', 'one\n', 'two\n');
    const notebook = await vscode.workspace.openNotebookDocument(folder.uriOf('book.ipynb'));
    await vscode.window.showNotebookDocument(notebook, { preview: false });
    const edit = new vscode.WorkspaceEdit();
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, 'never saved', 'markdown');
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(notebook.isDirty);
    const { files, failed } = await folder.api.act.restore({ versions: [book, page].map(idOf) });
    assert.deepEqual([files.length, failed.length], [1, 1]);
    assert.match(failed[0]?.error.message ?? '', /book\.ipynb was not restored: .* Save or close it first\./);
    assert.deepEqual([await textOnDisk('book.ipynb'), await textOnDisk('page.txt')], [cells('two'), 'one\n']);
    await rejection('notStored', folder.api.act.restore(idOf(book)));
    await folder.api.act.undoRestore();
    assert.equal(await textOnDisk('page.txt'), 'two\n');
    await vscode.window.showNotebookDocument(notebook, { preview: false });
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await folder.api.act.restore(idOf(book));
    assert.equal(await textOnDisk('book.ipynb'), cells('one'));
  });

  it('reverts no editor but that of the restored file', async () => {
    const [first] = await history('mine.txt', 'one\n', 'two\n');
    await history('yours.txt', 'saved\n');
    const mine = await openDirty('mine.txt', 'typed ');
    const yours = await openDirty('yours.txt', 'typed ');
    const restored = folder.api.act.restore(idOf(first));
    for (let shown = 0; shown < 5; shown++) {
      await vscode.window.showTextDocument(shown % 2 === 0 ? yours : mine, { preview: false });
    }
    await restored;
    await until('the restored text in the editor', () => mine.getText() === 'one\n');
    assert.deepEqual([yours.isDirty, yours.getText()], [true, 'typed saved\n']);
    await vscode.window.showTextDocument(yours);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('a file that is not watched any more is recorded before it is replaced', async () => {
    const [first] = await history('later.tmp.txt', 'one\n');
    await folder.write('.obbyignore', '*.tmp\nlater*\n');
    await folder.write('later.tmp.txt', 'precious\n');
    await folder.api.flush();
    const { files } = await folder.api.act.restore(idOf(first));
    assert.equal(await folder.api.history.text(idOf(files[0]?.replaced)), 'precious\n');
    assert.equal(await textOnDisk('later.tmp.txt'), 'one\n');
  });
});
