import assert from 'node:assert/strict';
import { mkdir, rm, unlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import { rejection, TestFolder, until } from './support';

describe('STRICT MODE', () => {
  for (const [what, files] of Object.entries({
    'no .obbywatch': {},
    'an empty .obbywatch': { '.obbywatch': '' },
    'an .obbywatch of comments and blank lines': { '.obbywatch': '# *\n\n   \n# notes/\n' },
    'an .obbywatch that only takes out': { '.obbywatch': '!notes/\n' },
    'a folder of that name': { '.obbywatch/a.txt': '*\n' },
  })) {
    it(`${what}: nothing is watched, and the status says so`, async () => {
      const folder = await TestFolder.open({ ...files, 'notes/a.md': 'a', 'b.md': 'b' });
      await folder.write('notes/a.md', 'changed');
      await folder.api.watching.scan(folder.uri);
      await folder.api.flush();
      assert.deepEqual(await folder.recorded(), []);
      const { state, files: count, versions } = await folder.status();
      assert.deepEqual({ state, count, versions }, { state: 'no rules', count: 0, versions: 0 });
      const { watched, verdict } = await folder.api.watching.explain(folder.uriOf('b.md'));
      assert.deepEqual({ watched, verdict }, { watched: false, verdict: 'no rules' });
    });
  }
});

describe('rules', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.open({ '.obbywatch': 'notes/\n', 'notes/a.md': 'a', 'drafts/b.md': 'b' });
  });

  const paths = async (): Promise<string[]> => [...new Set((await folder.recorded()).map(({ path }) => path))].sort();

  it('take effect with the next flush', async () => {
    await folder.write('.obbywatch', 'drafts/\n');
    await folder.writeAll({ 'notes/a.md': 'not watched any more', 'drafts/b.md': 'watched now' });
    await folder.api.flush();
    assert.deepEqual(await paths(), ['drafts/b.md', 'notes/a.md']);
    assert.equal((await folder.versions('notes/a.md')).length, 1);
    const [version, ...others] = await folder.versions('drafts/b.md');
    assert.deepEqual([version?.cause, others], ['baseline', []]);
  });

  it('take effect by themselves, and what is watched from then on gets a baseline', async () => {
    await folder.eventsArrive();
    const listener = folder.listen();
    await folder.write('.obbywatch', 'notes/\ndrafts/\n');
    const version = await until('a baseline', () => listener.versions[0]);
    assert.deepEqual([version.path, version.cause, version.kind], ['drafts/b.md', 'baseline', 'created']);
    await folder.write('.obbyignore', '*.md\n');
    await until('the end of recording', async () => {
      const { verdict } = await folder.api.watching.explain(folder.uriOf('drafts/b.md'));
      return verdict === 'ignored';
    });
    await folder.write('drafts/b.md', 'ignored from now on');
    await folder.write('drafts/sentinel.txt', 'the neighbour arrives');
    await until('the sentinel', () => listener.versions.find(({ path }) => path === 'drafts/sentinel.txt'));
    assert.equal((await folder.versions('drafts/b.md')).length, 1);
    await unlink(folder.pathOf('.obbyignore'));
    await until('the return', async () => (await folder.versions('drafts/b.md')).length === 2);
    listener.dispose();
  });

  it('an edit in VS Code takes effect', async () => {
    const document = await vscode.workspace.openTextDocument(folder.uriOf('.obbywatch'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'drafts/\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const listener = folder.listen();
    assert.ok(await document.save());
    await until('a baseline', () => listener.versions.find(({ path }) => path === 'drafts/b.md'));
    listener.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('what is deleted while it is not watched stays as it was; a deletion seen later is found', async () => {
    await folder.write('.obbyignore', 'notes/\n');
    await folder.api.flush();
    await unlink(folder.pathOf('notes/a.md'));
    await folder.api.flush();
    assert.equal((await folder.versions('notes/a.md')).length, 1);
    await unlink(folder.pathOf('.obbyignore'));
    await folder.api.flush();
    assert.equal((await folder.newest('notes/a.md')).kind, 'deleted');
  });

  it('without .obbywatch nothing is recorded, and the history stays', async () => {
    await unlink(folder.pathOf('.obbywatch'));
    await folder.write('notes/a.md', 'changed');
    await folder.api.flush();
    assert.equal((await folder.status()).state, 'no rules');
    assert.equal((await folder.versions('notes/a.md')).length, 1);
    await folder.write('.obbywatch', 'notes/\n');
    await folder.api.flush();
    assert.equal((await folder.versions('notes/a.md')).length, 2);
  });

  it('.obbyignore of a sub-folder counts below it only, and arrives with its folder', async () => {
    await folder.writeAll({
      'notes/sub/.obbyignore': '*.log\n!keep.log\n',
      'notes/sub/x.log': 'x',
      'notes/sub/keep.log': 'x',
      'notes/sub/deep/y.log': 'y',
      'notes/z.log': 'z',
    });
    await folder.api.flush();
    assert.deepEqual(await paths(), ['notes/a.md', 'notes/sub/.obbyignore', 'notes/sub/keep.log', 'notes/z.log']);
    await folder.sh('mkdir moved; echo "*" > moved/.obbyignore; echo 1 > moved/1.md; mv moved notes/moved');
    await folder.api.flush();
    assert.ok(!(await paths()).some((name) => name.startsWith('notes/moved')));
  });

  it('a re-include does not reach into an ignored folder', async () => {
    await folder.write('.obbyignore', 'notes/sub/\n!notes/sub/a.md\n');
    await folder.write('notes/sub/a.md', 'a');
    await folder.api.flush();
    assert.deepEqual(await folder.versions('notes/sub/a.md'), []);
  });

  it('written by Windows or with a byte order mark mean the same', async () => {
    await folder.write('.obbywatch', '\uFEFFnotes/\r\n!notes/private.md\r\n');
    await folder.writeAll({ 'notes/private.md': 'p', 'notes/public.md': 'p' });
    await folder.api.flush();
    assert.deepEqual(await folder.versions('notes/private.md'), []);
    assert.equal((await folder.versions('notes/public.md')).length, 1);
  });

  it('hostile rules do not stall the window', async () => {
    const pattern = `${'*a'.repeat(400)}b`;
    await folder.write('.obbywatch', `notes/\n${`${pattern}\n`.repeat(500)}[a-\n`);
    await folder.write(`notes/${'a'.repeat(250)}`, 'a');
    await folder.api.flush();
    assert.equal((await folder.versions(`notes/${'a'.repeat(250)}`)).length, 1);
  });
});

describe('rules that are deleted with their files', () => {
  const names = Array.from({ length: 12 }, (_, n) => `notes/${n}.md`);
  const files = Object.fromEntries(names.map((name) => [name, `text of ${name}`]));
  const rules = { '.obbywatch': 'notes/\n', '.obbyignore': '.env\n', 'notes/sub/.obbyignore': 'private\n' };
  const secrets = { 'notes/.env': 'a secret', 'notes/sub/private': 'a secret' };
  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.open({ ...rules, ...files, ...secrets });
  });
  afterEach(() => folder.close());

  const deleted = async (): Promise<string[]> =>
    (await folder.api.history.deletedFiles(folder.uri)).map(({ path }) => path).sort();
  const expected = [...names, ...Object.keys(rules)].sort();

  it('are among the deleted files, and everything comes back', async () => {
    await folder.eventsArrive();
    await folder.sh('find . -mindepth 1 -delete');
    await until('every deletion', async () => (await deleted()).length >= expected.length);
    assert.deepEqual(await deleted(), expected);
    const { state, canRestoreRules } = await folder.status();
    assert.deepEqual([state, canRestoreRules], ['no rules', true]);
    const losses = await folder.api.history.losses((await folder.newest('notes/1.md')).id);
    assert.equal(losses.files[0]?.version.path, '.obbywatch');
    assert.equal(losses.total, expected.length, 'All of it is one event, of which a message tells.');
    const versions = losses.files.map(({ lost }) => lost);
    await folder.api.act.restore(await folder.api.act.planRestore({ versions }));
    for (const [name, text] of Object.entries({ ...rules, ...files })) {
      assert.equal((await folder.read(name)).toString(), text);
    }
    await folder.writeAll({ ...secrets, 'notes/new.md': 'new' });
    await folder.api.flush();
    assert.deepEqual([(await folder.status()).state, await deleted()], ['watching', []]);
    assert.equal((await folder.versions('notes/new.md')).length, 1);
    for (const name of Object.keys(secrets)) assert.deepEqual(await folder.versions(name), []);
  });

  it('are found to be deleted at the next start', async () => {
    await folder.removeFromWindow();
    await folder.sh('find . -mindepth 1 -delete');
    await folder.addToWindow();
    await folder.api.flush();
    assert.deepEqual(await deleted(), expected);
    assert.equal((await folder.newest('notes/1.md')).cause, 'offline');
  });

  it('are known to be deleted by a checkout of a branch that has neither, and count again with the first one', async () => {
    await folder.sh(
      'git init -q -b first; git add .obbywatch notes; git -c user.name=Me -c user.email=me@example.org commit -qm all',
    );
    await folder.sh('git checkout -q --orphan second; git rm -rfq --cached .; git clean -fdxq; echo other > other.md');
    await folder.api.flush();
    assert.deepEqual(await deleted(), expected);
    await folder.sh('git checkout -qf first');
    await folder.api.flush();
    assert.deepEqual((await folder.status()).state, 'watching');
    assert.equal(await folder.newestText('notes/1.md'), files['notes/1.md']);
  });

  it('come back with Restore Last Rules, also when they alone were deleted', async () => {
    await unlink(folder.pathOf('.obbywatch'));
    await folder.api.flush();
    assert.deepEqual(await deleted(), ['.obbywatch']);
    await folder.write('notes/1.md', 'changed');
    await folder.api.flush();
    assert.equal((await folder.versions('notes/1.md')).length, 1);
    await vscode.commands.executeCommand('obby.restoreRules', folder.uri);
    assert.equal((await folder.read('.obbywatch')).toString(), rules['.obbywatch']);
    await folder.api.flush();
    assert.equal(await folder.newestText('notes/1.md'), 'changed');
    await rejection('badArgument', folder.api.watching.restoreRules(folder.uri));
  });
});

describe('an ignore file that cannot be used', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': '*\n', 'docs/a.md': 'a', 'b.md': 'b' });
  });
  after(() => folder.close());

  it('ignores its folder and is a diagnostic, one in UTF-16 is read', async () => {
    await folder.write('docs/.obbyignore', Buffer.from('schl\u00fcssel\n', 'latin1'));
    await folder.writeAll({ 'docs/schl\u00fcssel': 'a secret', 'docs/a.md': 'changed', 'b.md': 'changed' });
    await folder.api.flush();
    assert.equal((await folder.versions('docs/a.md')).length, 1);
    assert.equal((await folder.versions('b.md')).length, 2);
    const { verdict, reason } = await folder.api.watching.explain(folder.uriOf('docs/a.md'));
    assert.equal(verdict, 'unusable ignore file');
    assert.match(reason, /docs\/\.obbyignore cannot be used/);
    const [diagnostic] = vscode.languages.getDiagnostics(folder.uriOf('docs/.obbyignore'));
    assert.match(diagnostic?.message ?? '', /UTF-8.*nothing in docs is recorded/);
    const { unrecorded } = await folder.status();
    assert.deepEqual(
      unrecorded.map(({ path }) => path),
      ['docs/'],
    );
    await folder.write('docs/.obbyignore', Buffer.from('\uFEFFschl\u00fcssel\r\n', 'utf16le'));
    await folder.api.flush();
    assert.equal((await folder.versions('docs/a.md')).length, 2);
    assert.deepEqual(await folder.versions('docs/schl\u00fcssel'), []);
    assert.deepEqual(vscode.languages.getDiagnostics(folder.uriOf('docs/.obbyignore')), []);
    assert.deepEqual((await folder.status()).unrecorded, []);
  });
});

describe('a line that cannot be used', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': 'notes/\n', 'notes/a.md': 'a' });
    await folder.eventsArrive();
  });
  after(() => folder.close());

  function problems(name: string): string[] {
    return vscode.languages
      .getDiagnostics(folder.uriOf(name))
      .map(({ range, source, message }) => `${range.start.line}:${range.start.character} ${source}: ${message}`);
  }

  async function appears(name: string, pattern: RegExp): Promise<void> {
    await until(`a diagnostic like ${pattern.source}`, () => problems(name).some((problem) => pattern.test(problem)));
  }

  it('is a diagnostic on that line, and the others still work', async () => {
    await folder.write('.obbywatch', 'notes/\n# a comment\n[a-\n*.txt\n');
    await appears('.obbywatch', /^2:0 Obby: ./);
    await folder.writeAll({ 'b.txt': 'b', 'notes/a.md': 'changed' });
    await folder.api.flush();
    assert.equal((await folder.versions('b.txt')).length, 1);
    assert.equal((await folder.versions('notes/a.md')).length, 2);
  });

  it('is gone when the line is mended', async () => {
    await folder.write('.obbywatch', 'notes/\n*.txt\n');
    await until('no diagnostic', () => problems('.obbywatch').length === 0);
  });

  it('is told of in .obbyignore too, also of a sub-folder, and goes with the file', async () => {
    await mkdir(folder.pathOf('notes/sub'), { recursive: true });
    await folder.write('notes/sub/.obbyignore', '\n\n[z\n');
    await appears('notes/sub/.obbyignore', /^2:0 Obby: ./);
    await folder.write('.obbyignore', '*.log\n\\\n');
    await appears('.obbyignore', /^1:0 Obby: ./);
    await rm(folder.pathOf('notes/sub'), { recursive: true });
    await unlink(folder.pathOf('.obbyignore'));
    await until('no diagnostic', () => problems('.obbyignore').length + problems('notes/sub/.obbyignore').length === 0);
  });

  it('is not shown any more when its folder leaves the window', async () => {
    await folder.write('.obbywatch', '[a-\n');
    await appears('.obbywatch', /^0:0 Obby: ./);
    await folder.removeFromWindow();
    await until('no diagnostic', () => problems('.obbywatch').length === 0);
    await folder.write('.obbywatch', 'notes/\n');
    await folder.addToWindow();
  });
});

describe('watching.explain', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({
      '.obbywatch': '# what to watch\nnotes/\n*.md\n!notes/private.md\n',
      '.obbyignore': '\n*.tmp\n',
      'notes/sub/.obbyignore': 'secret\n',
    });
  });
  after(() => folder.close());

  async function explained(name: string) {
    const { watched, verdict, ruleFile, line, pattern, reason } = await folder.api.watching.explain(folder.uriOf(name));
    assert.ok(reason.length > 10);
    return [watched, verdict, ruleFile && ruleFile.fsPath.slice(folder.root.length + 1), line, pattern];
  }

  it('names the rule, its file and its line', async () => {
    assert.deepEqual(await explained('notes/a.txt'), [true, 'listed', '.obbywatch', 2, 'notes/']);
    assert.deepEqual(await explained('notes/does/not/exist.md'), [true, 'listed', '.obbywatch', 3, '*.md']);
    assert.deepEqual(await explained('notes/private.md'), [false, 'taken out', '.obbywatch', 4, '!notes/private.md']);
    assert.deepEqual(await explained('notes/a.tmp'), [false, 'ignored', '.obbyignore', 2, '*.tmp']);
    assert.deepEqual(await explained('notes/sub/secret'), [false, 'ignored', 'notes/sub/.obbyignore', 1, 'secret']);
    assert.deepEqual(await explained('notes/secret'), [true, 'listed', '.obbywatch', 2, 'notes/']);
    assert.deepEqual(await explained('elsewhere/a.txt'), [false, 'not listed', undefined, undefined, undefined]);
    assert.deepEqual(await explained('notes/.git/a.md'), [false, 'always ignored', undefined, undefined, undefined]);
  });

  it('answers for what is in no folder, and for a folder itself', async () => {
    const { api } = folder;
    for (const uri of [
      vscode.Uri.file('/etc/hostname'),
      vscode.Uri.file(`${folder.root}x/notes/a.md`),
      vscode.Uri.parse('untitled:Untitled-1'),
      vscode.Uri.parse('https://example.org/notes/a.md'),
      folder.uri.with({ scheme: 'vscode-vfs' }),
    ]) {
      const { watched, verdict } = await api.watching.explain(uri);
      assert.deepEqual([watched, verdict], [false, 'outside'], uri.toString());
    }
    assert.equal((await api.watching.explain(folder.uri)).watched, false);
  });
});
