import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { afterTest, engineUnderTest, setForTest, TestFolder, until } from './support';

/** What VS Code's watcher says nothing of is seen all the same, state by state and without a scan. */
describe('folders from which VS Code sends no events:', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': '*.txt\n', '.obbyignore': 'ignored/\n' });
    await folder.eventsArriveAlone();
  });
  after(() => folder.close());

  /** Writes states, each after the one before is recorded; fails if a scan had to find one. */
  async function seesEachState(name: string, states: readonly string[]): Promise<void> {
    const listener = folder.listen();
    for (const state of states) {
      await folder.write(name, state);
      await until(`${state} in ${name}`, async () => {
        const [newest] = await folder.versions(name);
        return newest?.sha256 !== undefined && (await folder.api.history.text(newest.id)) === state;
      });
    }
    const scans = listener.heard('scan');
    listener.dispose();
    assert.deepEqual(scans, []);
  }

  it('made at once', async () => {
    await seesEachState('made/at/once/by/mkdir/a.txt', ['one', 'two', 'three']);
  });

  it('made later in one that was made at once, without a watched file in between', async () => {
    await folder.sh('mkdir -p empty/for/now');
    await seesEachState('empty/for/now/and/then/some/a.txt', ['one', 'two']);
  });

  it('unpacked from an archive', async () => {
    await folder.sh(
      'mkdir -p ignored/pack/b/c; echo 1 > ignored/pack/b/c/1.txt; tar -cf ignored/pack.tar -C ignored pack',
    );
    await folder.sh('tar -xf ignored/pack.tar');
    await seesEachState('pack/b/c/1.txt', ['two', 'three']);
  });

  it('checked out by git', async () => {
    await folder.sh('git init -q; git config user.name Me; git config user.email me@example.org');
    await folder.sh('git checkout -qb base; git commit -q --allow-empty -m base; git checkout -qb topic');
    await folder.sh(
      'mkdir -p git/a/b/c; echo 1 > git/a/b/c/1.txt; git add git; git commit -qm topic; git checkout -q base',
    );
    await folder.sh('git checkout -q topic');
    await folder.api.flush();
    await seesEachState('git/a/b/c/1.txt', ['two', 'three']);
  });

  it('moved, with what is in them', async () => {
    // A content that no other file here ever had: a tie would be no rename.
    await folder.write('first/a/b/c.txt', 'the first of some states\n');
    await until('a version', async () => (await folder.versions('first/a/b/c.txt')).length === 1);
    await rename(folder.pathOf('first'), folder.pathOf('second'));
    // Seen half done, it is a deletion first; the history goes on all the same.
    await until('the move', async () => {
      const [newest, ...before] = await folder.versions('second/a/b/c.txt');
      return newest?.kind === 'renamed' && before.at(-1)?.path === 'first/a/b/c.txt';
    });
    await seesEachState('second/a/b/c.txt', ['two', 'three']);
  });

  it('deleted and made again', async () => {
    await seesEachState('again/a/b/c.txt', ['one']);
    await rm(folder.pathOf('again'), { recursive: true });
    await until('the deletion', async () => (await folder.versions('again/a/b/c.txt'))[0]?.kind === 'deleted');
    await seesEachState('again/a/b/c.txt', ['two', 'three']);
  });

  it('excluded from its watcher by files.watcherExclude', async () => {
    const other = await TestFolder.open({
      '.obbywatch': '*.txt\n',
      '.vscode/settings.json': JSON.stringify({ 'files.watcherExclude': { '**/{quiet,still}/**': true } }),
      'quiet/a/b.txt': 'one',
    });
    const files = vscode.workspace.getConfiguration('files', other.uri);
    assert.equal(files.get<Record<string, boolean>>('watcherExclude')?.['**/{quiet,still}/**'], true);
    await other.eventsArriveAlone();
    const listener = other.listen();
    for (const state of ['two', 'three']) {
      await other.write('quiet/a/b.txt', state);
      await until(state, async () => (await other.newestText('quiet/a/b.txt')) === state);
    }
    assert.deepEqual(listener.heard('scan'), []);
    listener.dispose();
  });
});

describe('a folder from which no events come at all', () => {
  /** Opens a folder of whose `quiet` VS Code says nothing. */
  async function openQuietFolder(): Promise<TestFolder> {
    for (let n = 0; n < 5; n++) {
      const folder = await TestFolder.open({ '.obbywatch': '*.txt\n', 'quiet/a.txt': 'zero' });
      if (await isQuiet(folder)) return folder;
      // VS Code began to watch it before it had taken the setting over.
      await folder.close();
    }
    assert.fail('VS Code does not exclude what files.watcherExclude says.');
  }

  /** Whether a change that is told of follows one that is not. */
  async function isQuiet(folder: TestFolder): Promise<boolean> {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder.uri, '**/probe.log'));
    afterTest(() => watcher.dispose());
    const heard = { loud: 0, quiet: 0 };
    for (const event of [watcher.onDidCreate, watcher.onDidChange]) {
      event(({ fsPath }) => heard[path.basename(path.dirname(fsPath)) === 'loud' ? 'loud' : 'quiet']++);
    }
    // More than once: what was written before one that is told of is told of by then.
    await until('some events from the file watcher', async () => {
      await folder.write('quiet/probe.log', String(Date.now()));
      await folder.write('loud/probe.log', String(Date.now()));
      return heard.loud >= 3;
    });
    return heard.quiet === 0;
  }

  it('is polled once that is certain, says so, and is polled no more when one comes', async function () {
    // Where it is forced, no events are asked for.
    if (engineUnderTest() === 'polling') this.skip();
    // Obby would watch what VS Code does not.
    await setForTest('obby.safeMode', true);
    await setForTest('files.watcherExclude', { '**/quiet/**': true });
    const folder = await openQuietFolder();
    let status = await folder.status();
    assert.equal(status.engine, 'events');
    // The scan that follows the start may find some too soon to say anything, and events of the start may be late.
    for (let n = 0; n < 8 && status.engine === 'events'; n++) {
      await folder.write('quiet/a.txt', String(n));
      const written = Date.now();
      await until('the time by which an event would have come', () => Date.now() - written > eventsLateMs);
      await folder.api.watching.scan(folder.uri);
      status = await folder.status();
    }
    const { engine, engineReason, gaps } = status;
    assert.equal(engine, 'polling');
    assert.match(engineReason ?? '', /without a file event/);
    assert.deepEqual(
      gaps.map(({ kind, count }) => [kind, count]),
      [
        ['no events', 2],
        ['polling', 0],
      ],
    );
    await folder.write('quiet/a.txt', 'four');
    await until('a poll', async () => (await folder.newestText('quiet/a.txt')) === 'four');
    await until('an event, and trust in more', async () => {
      await folder.write('loud.txt', String(Date.now()));
      return (await folder.status()).engine === 'events';
    });
  });
});

/** Events that come at all are here by then. */
const eventsLateMs = 5_200;
