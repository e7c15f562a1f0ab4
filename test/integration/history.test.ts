import assert from 'node:assert/strict';
import { unlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { SearchQuery, Version } from '../../src/api/api';
import { rejection, TestFolder } from './support';

describe('history', () => {
  let folder: TestFolder;
  /** Of `a.txt`, oldest first: five contents. */
  let versions: Version[];
  const text = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');

  before(async () => {
    folder = await TestFolder.open();
    for (const count of [1, 2, 3, 4, 5]) {
      await folder.write('a.txt', text(count));
      await folder.api.flush();
    }
    await folder.writeAll({ 'other.txt': 'other\n', 'dir/gone.txt': 'gone\n', 'dir/moved.txt': 'moved\n' });
    await folder.write('blob', Buffer.from([0, 1, 2, 0]));
    await folder.api.flush();
    await folder.run('mv', 'dir/moved.txt', 'moved to.txt');
    await unlink(folder.pathOf('dir/gone.txt'));
    await folder.api.flush();
    versions = (await folder.versions('a.txt')).reverse();
  });
  after(() => folder.close());

  const at = (index: number): Version => versions.at(index) ?? assert.fail(`There is no version ${index}.`);

  it('search: where lines came and went, with filters, until the end or a break', async () => {
    const { history } = folder.api;
    const found = async (query: SearchQuery): Promise<string[]> => {
      const lines: string[] = [];
      const only = { folder: folder.uri, ...query };
      for await (const { uri, line, text: shown, change, isLost } of history.search(only)) {
        lines.push(`${uri.path.split('/').at(-1)}:${line} ${shown} ${change}${isLost ? ' lost' : ''}`);
      }
      return lines;
    };
    assert.deepEqual(await found({ text: 'GONE' }), ['gone.txt:0 gone removed lost', 'gone.txt:0 gone added lost']);
    assert.deepEqual(await found({ regex: '^line [34]$', path: '*.txt' }), [
      'a.txt:4 line 4 added',
      'a.txt:3 line 3 added',
    ]);
    assert.deepEqual(await found({ text: 'gone', where: 'lost', since: 0 }), ['gone.txt:0 gone removed lost']);
    assert.deepEqual(await found({ text: 'gone', cause: 'debug' }), []);
    for await (const hit of history.search({ text: 'line' })) {
      assert.equal(hit.version.uri.toString(), hit.uri.toString());
      break;
    }
    assert.match(await rejection('badArgument', found({})), /^query: /);
    assert.match(await rejection('badArgument', found({ regex: '(' })), /^regex: /);
    assert.match(await rejection('badArgument', found({ text: 'a', where: 'nowhere' as 'lost' })), /^query\.where: /);
  });

  it('lines, lineHistory: of an editor with unsaved lines, in pages', async () => {
    const { history } = folder.api;
    const file = folder.uriOf('a.txt');
    const document = await vscode.workspace.openTextDocument(file);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file, new vscode.Position(0, 0), 'typed\n');
    await vscode.workspace.applyEdit(edit);
    const ids = versions.map(({ id }) => id);
    const { versions: named, lines } = await history.lines(file);
    assert.deepEqual(
      lines.map((index) => named[index]?.id),
      [undefined, ...ids],
    );
    const range = { start: 3, end: 5 };
    const found = await history.lineHistory(file, range);
    assert.deepEqual(
      found.map(({ version, range: there, before }) => [version.id, there, before?.version.id, before?.range]),
      [
        [ids[3], { start: 2, end: 4 }, ids[2], { start: 2, end: 3 }],
        [ids[2], { start: 2, end: 3 }, ids[1], { start: 2, end: 2 }],
      ],
    );
    const [first] = await history.lineHistory(file, range, { limit: 1 });
    const rest = await history.lineHistory(file, range, { before: first?.version.id ?? '' });
    assert.deepEqual([first, ...rest], found);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('folderAt, compareTimes: of a workspace folder and of one below it', async () => {
    const { history } = folder.api;
    const then = at(0).time;
    const names = async (uri: vscode.Uri, time: number): Promise<string[]> =>
      (await history.folderAt(uri, time)).map(({ path }) => path);
    assert.ok((await names(folder.uri, then)).includes('a.txt'));
    assert.deepEqual(await names(folder.uriOf('dir'), Date.now()), []);
    const found = await history.compareTimes(folder.uri, new Date(then));
    assert.deepEqual(
      found.map(({ change, after }) => `${change} ${after?.path}`),
      ['modified a.txt', 'added blob', 'added moved to.txt', 'added other.txt'],
    );
    assert.deepEqual([found[0]?.before?.id, found[0]?.after?.id], [at(0).id, at(-1).id]);
  });

  it('versions: newest first, in pages', async () => {
    const { history } = folder.api;
    const ids = versions.map(({ id }) => id).reverse();
    const page = async (query: object) => (await history.versions(folder.uriOf('a.txt'), query)).map(({ id }) => id);
    assert.deepEqual(await page({ limit: 2 }), ids.slice(0, 2));
    assert.deepEqual(await page({ limit: 2, before: ids[1] }), ids.slice(2, 4));
    assert.deepEqual(await page({ before: at(2).time }), ids.slice(3));
    assert.deepEqual(await page({ before: at(0).id }), []);
    assert.deepEqual(await page({ limit: 1_000_000 }), ids);
    assert.deepEqual(await history.versions(folder.uriOf('never.txt')), []);
  });

  it('versions: earlier ones are of other files that were at the path', async () => {
    const { history } = folder.api;
    const earlier = await history.versions(folder.uriOf('dir/moved.txt'), { earlier: true });
    assert.deepEqual(
      earlier.map(({ kind, path }) => [kind, path]),
      [['created', 'dir/moved.txt']],
    );
    assert.deepEqual(await history.versions(folder.uriOf('a.txt'), { earlier: true }), []);
  });

  it('versions: times rise, ids are unique, each knows the one before', () => {
    for (const [index, version] of versions.entries()) {
      assert.equal(version.previous, versions[index - 1]?.id);
      assert.ok(version.time > (versions[index - 1]?.time ?? 0));
      assert.ok(version.time <= Date.now());
      assert.deepEqual([version.added, version.removed], [1, 0]);
    }
  });

  it('version: the same record as in the list', async () => {
    assert.deepEqual(await folder.api.history.version(at(2).id), at(2));
    await rejection('notFound', folder.api.history.version('v1-000000000-000000-1@0123456789ab'));
    await rejection('notFound', folder.api.history.content('v1-000000000-000000-1@0123456789ab'));
  });

  it('recent: since is inclusive, until is not, newest first', async () => {
    const { history } = folder.api;
    const own = { folder: folder.uri };
    const times = async (query: object) =>
      (await history.recent({ ...own, ...query })).filter(({ path }) => path === 'a.txt').map(({ time }) => time);
    assert.deepEqual(await times({ since: at(1).time, until: at(3).time }), [at(2).time, at(1).time]);
    assert.deepEqual(await times({ since: at(1).time, until: at(1).time }), []);
    assert.deepEqual(await times({ until: at(0).time }), []);
    assert.deepEqual(await times({ since: Date.now() + 1_000_000 }), []);
    const all = await history.recent(own);
    assert.deepEqual(
      all.map(({ time }) => time),
      all.map(({ time }) => time).sort((a, b) => b - a),
    );
    assert.deepEqual(await history.recent({ ...own, limit: 3 }), all.slice(0, 3));
  });

  it('recent: by cause and by folder', async () => {
    const { history } = folder.api;
    assert.deepEqual(await history.recent({ folder: folder.uri, cause: 'debug' }), []);
    const baseline = await history.recent({ folder: folder.uri, cause: 'baseline' });
    assert.deepEqual(
      baseline.map(({ path }) => path),
      ['.obbywatch'],
    );
    const other = await TestFolder.open({ '.obbywatch': '*\n', 'only here.txt': 'x' });
    assert.deepEqual((await other.recorded()).map(({ path }) => path).sort(), ['.obbywatch', 'only here.txt']);
    const both = await history.recent({ limit: 10_000 });
    assert.ok(both.some(({ uri }) => uri.toString() === other.uriOf('only here.txt').toString()));
    assert.ok(both.some(({ uri }) => uri.toString() === folder.uriOf('a.txt').toString()));
    assert.ok(!(await folder.recorded()).some(({ path }) => path === 'only here.txt'));
  });

  it('fileAt: the version of a moment, before, between and after', async () => {
    const { history } = folder.api;
    const idAt = async (time: number | Date) => (await history.fileAt(folder.uriOf('a.txt'), time))?.id;
    assert.equal(await idAt(at(0).time - 1), undefined);
    assert.equal(await idAt(0), undefined);
    assert.equal(await idAt(at(0).time), at(0).id);
    assert.equal(await idAt(at(2).time - 1), at(1).id);
    assert.equal(await idAt(new Date(at(2).time)), at(2).id);
    assert.equal(await idAt(Date.now() + 1_000_000), at(4).id);
    const [deletion, creation] = await folder.versions('dir/gone.txt');
    assert.ok(deletion && creation);
    assert.equal((await history.fileAt(folder.uriOf('dir/gone.txt'), Date.now()))?.kind, 'deleted');
    assert.equal((await history.fileAt(folder.uriOf('dir/gone.txt'), deletion.time - 1))?.id, creation.id);
  });

  it('text: decoded, without its mark; binary is told apart', async () => {
    const { history } = folder.api;
    await folder.write('marked.txt', Buffer.from('\uFEFFgrüß\r\n', 'utf16le'));
    await folder.api.flush();
    assert.equal(await history.text((await folder.newest('marked.txt')).id), 'grüß\r\n');
    await rejection('binary', history.text((await folder.newest('blob')).id));
  });

  it('a deletion has no content, and its previous version has it', async () => {
    const { history } = folder.api;
    const deletion = await folder.newest('dir/gone.txt');
    assert.deepEqual([deletion.kind, deletion.size, deletion.sha256], ['deleted', 0, undefined]);
    await rejection('notStored', history.content(deletion.id));
    await rejection('notStored', history.text(deletion.id));
    assert.equal(await history.text(deletion.previous ?? ''), 'gone\n');
  });

  it('diff: a patch that git applies, for each version', async () => {
    const { history } = folder.api;
    const scratch = await TestFolder.open({ 'a.txt': '' });
    await scratch.run('git', 'init', '-q');
    await unlink(scratch.pathOf('a.txt'));
    for (const version of versions) {
      const { patch, added, removed } = await history.diff(version.id);
      assert.deepEqual([added, removed], [1, 0]);
      await scratch.write('change.patch', patch);
      await scratch.run('git', 'apply', 'change.patch');
      assert.equal(await scratch.read('a.txt').then(String), await history.text(version.id));
    }
    const deletion = await history.diff((await folder.newest('dir/gone.txt')).id);
    assert.deepEqual([deletion.added, deletion.removed], [0, 1]);
    const rename = await history.diff((await folder.newest('moved to.txt')).id);
    assert.deepEqual([rename.identical, rename.hunks], [true, []]);
    assert.equal((await history.diff((await folder.newest('blob')).id)).binary, true);
  });

  it('deletedFiles: what does not exist now, and nothing else', async () => {
    const { history } = folder.api;
    const paths = async () => (await history.deletedFiles(folder.uri)).map(({ path }) => path);
    assert.deepEqual(await paths(), ['dir/gone.txt']);
    await unlink(folder.pathOf('other.txt'));
    await folder.api.flush();
    assert.deepEqual(await paths(), ['other.txt', 'dir/gone.txt']);
    await folder.write('other.txt', 'back\n');
    await folder.api.flush();
    assert.deepEqual(await paths(), ['dir/gone.txt']);
    assert.ok((await history.deletedFiles()).some(({ path }) => path === 'dir/gone.txt'));
  });

  it('a file that takes the name of one that moved away has a history of its own', async () => {
    await folder.write('dir/moved.txt', 'a new file\n');
    await folder.api.flush();
    assert.equal((await folder.versions('dir/moved.txt')).length, 1);
    assert.deepEqual(
      (await folder.versions('moved to.txt')).map(({ kind }) => kind),
      ['renamed', 'created'],
    );
  });
});
