import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { afterTest, engineUnderTest, obby, setForTest, TestFolder, until } from './support';

const git = 'git -c user.name=Me -c user.email=me@example.org';

/** Resolves when the folder's events, or its polls, are heard and what they told of is recorded. */
async function isWatched(folder: TestFolder, name: string): Promise<void> {
  const listener = folder.listen();
  await until('a version', async () => {
    await folder.write(name, String(Date.now()));
    return listener.versions.length > 0;
  });
  listener.dispose();
  await folder.api.flush();
}

describe('safe mode', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    await setForTest('obby.safeMode', true);
    folder = await TestFolder.open({ '.obbywatch': '*.txt\n', 'a.txt': 'a\n' });
    await isWatched(folder, 'a.txt');
    // A scan in the middle of what git does would take it for somebody else's.
    await folder.eventsArriveAlone();
  });

  it('turns off causes, of what runs in the window and of git, and turns them on again', async () => {
    const task = async (line: string): Promise<void> => {
      const ended = new Promise<void>((resolve) => {
        const subscription = vscode.tasks.onDidEndTask(({ execution }) => {
          if (execution.task.name !== line) return;
          subscription.dispose();
          resolve();
        });
      });
      const execution = new vscode.ProcessExecution('/bin/sh', ['-c', line], { cwd: folder.root });
      await vscode.tasks.executeTask(
        new vscode.Task({ type: 'shell' }, vscode.TaskScope.Workspace, line, 'test', execution),
      );
      await ended;
    };
    await folder.sh(
      `git init -q -b main; ${git} add a.txt; ${git} commit -qm one; echo more >> a.txt; ${git} commit -qam two`,
    );
    await folder.api.flush();
    const [checkout] = await folder.recordedBy(() => folder.sh('git checkout -q HEAD~1'));
    assert.deepEqual([checkout?.path, checkout?.cause], ['a.txt', 'external']);
    const [written] = await folder.recordedBy(() => task('echo task > b.txt'));
    assert.deepEqual([written?.path, written?.cause], ['b.txt', 'external']);

    await setForTest('obby.safeMode', undefined);
    const [again] = await folder.recordedBy(() => task('echo again > b.txt'));
    assert.deepEqual([again?.path, again?.cause], ['b.txt', 'task']);
    const [back] = await folder.recordedBy(() => folder.sh('git checkout -q main'));
    assert.deepEqual([back?.path, back?.cause], ['a.txt', 'git']);
  });
});

describe('what is told by itself', () => {
  it('a move of HEAD starts a scan, whoever made it', async function () {
    // Who forces polling wants no watches, that of HEAD included.
    if (engineUnderTest() === 'polling') this.skip();
    const folder = await TestFolder.open({ '.obbywatch': '*.txt\n', 'a.txt': 'a\n' });
    await folder.sh(`git init -q -b main; ${git} add a.txt; ${git} commit -qm one; git branch other`);
    await folder.removeFromWindow();
    await folder.addToWindow();
    await folder.eventsArriveAlone();
    const listener = folder.listen();
    // Once: while HEAD goes on moving, what git does is not over.
    await folder.sh('git checkout -q other');
    await until('a scan', () => listener.heard('scan').some(({ finished }) => finished));
    listener.dispose();
  });

  it('a scan that is cancelled ends early and counts for nothing, and the next one is whole', async () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `many/${index % 100}/${index}.txt`);
    // There before anybody watches: of so many events, another scan would follow at any time.
    const files = Object.fromEntries(names.map((name) => [name, name]));
    const folder = await TestFolder.open({ '.obbywatch': '*.txt\n', ...files });
    await folder.eventsArriveAlone();
    const cancelled = async (): Promise<boolean> => {
      const before = (await folder.status()).lastScan?.time;
      const source = new vscode.CancellationTokenSource();
      const scanning = folder.api.watching.scan(folder.uri, source.token);
      source.cancel();
      await scanning;
      source.dispose();
      return (await folder.status()).lastScan?.time === before;
    };
    let countsForNothing = false;
    // Another scan may end meanwhile, but not each time.
    for (let n = 0; n < 5 && !countsForNothing; n++) {
      await until('the end of every scan', async () => (await folder.status()).scanning === undefined);
      countsForNothing = await cancelled();
    }
    assert.ok(countsForNothing, 'It is no scan that anybody could rely on.');
    await folder.api.watching.scan(folder.uri);
    assert.equal((await folder.status()).files, names.length);
    await until('the end of every scan', async () => (await folder.status()).scanning === undefined);
  });
});

describe('folders of a special kind', () => {
  it('a workspace folder that is a link is watched like any other', async () => {
    const real = await realpath(await mkdtemp(path.join(tmpdir(), 'obby-real-')));
    afterTest(() => rm(real, { recursive: true }));
    const link = `${real}-link`;
    await symlink(real, link);
    const folder = TestFolder.at(await obby(), vscode.Uri.file(link));
    await folder.writeAll({ '.obbywatch': '*.txt\n', 'a.txt': 'one\n', 'dir/b.txt': 'one\n' });
    await folder.addToWindow();
    await folder.api.flush();
    assert.equal((await folder.newest('dir/b.txt')).cause, 'baseline');
    await isWatched(folder, 'a.txt');
    await folder.sh('echo two > dir/b.txt; mv a.txt c.txt');
    await folder.api.flush();
    assert.equal(await folder.newestText('dir/b.txt'), 'two\n');
    assert.equal((await folder.newest('c.txt')).renamedFrom, 'a.txt');
    const first = (await folder.versions('dir/b.txt')).at(-1);
    await folder.api.act.restore(first?.id ?? '');
    assert.equal((await folder.read('dir/b.txt')).toString(), 'one\n');
    await folder.assertHistoryIsTrue((name) => name.endsWith('.txt'));
  });

  it('a repository in another is recorded, but for its .git', async () => {
    const folder = await TestFolder.open({ '.obbywatch': '*\n', 'a.txt': 'a\n', 'inner/b.txt': 'b\n' });
    await folder.sh(`git init -q -b main; cd inner; git init -q -b main; ${git} add .; ${git} commit -qm one`);
    await folder.sh(
      `cd inner; git checkout -qb topic; echo topic > b.txt; ${git} commit -qam two; git checkout -q main`,
    );
    await folder.api.flush();
    assert.equal(await folder.newestText('inner/b.txt'), 'b\n');
    await folder.sh('cd inner; git checkout -q topic; rm ../a.txt');
    await folder.api.flush();
    assert.equal(await folder.newestText('inner/b.txt'), 'topic\n');
    await folder.assertHistoryIsTrue((name) => !name.split('/').includes('.git'));
  });
});
