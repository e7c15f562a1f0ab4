import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Version } from '../../src/api/api';
import { TestFolder } from './support';

/** As the explorer does. */
async function move(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(from, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

function told({ kind, cause, confidence, causeDetail }: Version): unknown[] {
  return [kind, cause, confidence, causeDetail];
}

describe('a move from one workspace folder to another', () => {
  let left: TestFolder;
  let right: TestFolder;

  beforeEach(async () => {
    left = await TestFolder.open({
      '.obbywatch': '*.md\n',
      'a.md': 'the text\n',
      'dir/é %.md': 'one\n',
      'dir/x/b.md': 'b\n',
    });
    right = await TestFolder.open({ '.obbywatch': '*.md\n', 'twin.md': 'the text\n' });
  });

  it('in the editor: each side says where the other is', async () => {
    const [from, to] = [left.uriOf('a.md'), right.uriOf('moved.md')];
    await move(from, to);
    await left.api.flush();
    assert.deepEqual(told(await left.newest('a.md')), ['deleted', 'rename', 'certain', { movedTo: to.toString() }]);
    assert.deepEqual(told(await right.newest('moved.md')), [
      'created',
      'rename',
      'certain',
      { movedFrom: from.toString() },
    ]);
    const before = await left.api.history.versions(from);
    assert.deepEqual(
      before.map(({ kind }) => kind),
      ['deleted', 'created'],
    );
    await left.api.flush();
    assert.equal((await right.versions('moved.md')).length, 1);
  });

  it('of a whole folder: each file says so', async () => {
    await move(left.uriOf('dir'), right.uriOf('new dir'));
    await left.api.flush();
    for (const name of ['é %.md', 'x/b.md']) {
      const [from, to] = [left.uriOf(`dir/${name}`), right.uriOf(`new dir/${name}`)];
      const [gone, came] = [await left.newest(`dir/${name}`), await right.newest(`new dir/${name}`)];
      assert.deepEqual([gone.kind, gone.cause, came.kind, came.cause], ['deleted', 'rename', 'created', 'rename']);
      assert.equal(vscode.Uri.parse(gone.causeDetail?.movedTo ?? '', true).toString(), to.toString());
      assert.equal(vscode.Uri.parse(came.causeDetail?.movedFrom ?? '', true).toString(), from.toString());
    }
  });

  it('is never paired with a file of the same content that went from there', async () => {
    await right.sh('rm twin.md');
    await move(left.uriOf('a.md'), right.uriOf('here.md'));
    await left.api.flush();
    assert.equal((await right.newest('here.md')).kind, 'created');
    assert.equal((await right.newest('twin.md')).kind, 'deleted');
  });

  it('outside of the editor is a deletion and a new file', async () => {
    await left.run('mv', left.pathOf('a.md'), right.pathOf('b.md'));
    await left.api.flush();
    assert.equal((await left.newest('a.md')).kind, 'deleted');
    const came = await right.newest('b.md');
    assert.deepEqual([came.kind, came.causeDetail?.movedFrom], ['created', undefined]);
  });

  it('into an inner workspace folder, and out of it, is one too', async () => {
    await left.write('in/.obbywatch', '*.md\n');
    const inner = TestFolder.at(left.api, left.uriOf('in'));
    await inner.addToWindow();
    await left.api.flush();
    await move(left.uriOf('a.md'), inner.uriOf('a.md'));
    await left.api.flush();
    assert.equal((await left.newest('a.md')).causeDetail?.movedTo, inner.uriOf('a.md').toString());
    assert.equal((await inner.newest('a.md')).causeDetail?.movedFrom, left.uriOf('a.md').toString());
    await move(inner.uriOf('a.md'), left.uriOf('back.md'));
    await left.api.flush();
    assert.equal((await inner.newest('a.md')).causeDetail?.movedTo, left.uriOf('back.md').toString());
    assert.equal((await left.newest('back.md')).causeDetail?.movedFrom, inner.uriOf('a.md').toString());
    await inner.removeFromWindow();
  });
});
