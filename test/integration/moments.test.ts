import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ChangeSet } from '../../src/api/api';
import { rejection, TestFolder, until } from './support';

const count = 2_500;

describe('what happened together', () => {
  let folder: TestFolder;
  let burst: ChangeSet;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': '*.md\n', 'kept.md': 'kept\n', 'gone.md': 'exists nowhere else\n' });
    await folder.recordedBy(() => folder.sh(`mkdir many; for i in $(seq ${count}); do echo $i > many/$i.md; done`));
    const [newest] = await folder.api.history.changeSets({ folder: folder.uri, limit: 1 });
    assert.ok(newest);
    burst = newest;
  });
  after(() => folder.close());

  it('is one entry, however many files changed', () => {
    const { files, versions, kinds } = burst;
    assert.deepEqual({ files, versions, created: kinds.created }, { files: count, versions: count, created: count });
  });

  it('is listed page by page, each file once and in order', async () => {
    const seen: string[] = [];
    for (let offset = 0; offset < count; offset += 1_000) {
      const page = await folder.api.history.changes(burst.newest.id, { limit: 1_000, offset });
      seen.push(...page.map(({ path }) => path));
    }
    const all = Array.from({ length: count }, (_, n) => `many/${n + 1}.md`);
    assert.deepEqual(seen, all.sort());
  });

  it('goes on with the events before', async () => {
    const next = await folder.api.history.changeSets({ folder: folder.uri, limit: 1, before: burst.newest.id });
    assert.deepEqual([next.length, next[0]?.newest.cause], [1, 'baseline']);
  });

  it('tells what it took away, and where that still is', async () => {
    const [deletion] = await folder.recordedBy(() => folder.sh('cp kept.md copy.md; rm kept.md gone.md many/7.md'));
    assert.ok(deletion);
    const { files, total, nowhereElse } = await folder.api.history.losses(deletion.id);
    assert.deepEqual({ total, nowhereElse }, { total: 2, nowhereElse: 2 });
    assert.deepEqual(files.map(({ version }) => version.path).sort(), ['gone.md', 'many/7.md']);
  });

  it('opens as a whole, bounded', async () => {
    await vscode.commands.executeCommand('obby.openChangeSet', { type: 'changeSet', changeSet: burst });
    const isOpen = (): boolean =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.startsWith('2,500 files')));
    await until('an editor with every change', isOpen);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('names a bad argument', async () => {
    const { history } = folder.api;
    assert.match(await rejection('badArgument', history.changeSets({ limit: 0 })), /^query\.limit: /);
    assert.match(await rejection('badArgument', history.changeSets({ before: 'x' })), /^query\.before: /);
    assert.match(await rejection('badArgument', history.changes(burst.newest.id, { offset: -1 })), /^page\.offset: /);
    assert.match(await rejection('badArgument', history.losses('x')), /^id: /);
  });
});
