import assert from 'node:assert/strict';
import { unlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RecordResult } from '../../src/api/api';
import { contentOf, rejection, TestFolder } from './support';

describe('tracking', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open({ '.obbywatch': 'notes/\n', '.obbyignore': '*.tmp\n', 'notes/a.txt': 'one\n' });
  });
  after(() => folder.close());

  it('record: a version when something changed, else nothing', async () => {
    const { tracking } = folder.api;
    assert.equal(await tracking.record(folder.uriOf('notes/a.txt')), undefined);
    await folder.write('notes/a.txt', 'two\n');
    const version = await tracking.record(folder.uriOf('notes/a.txt'));
    assert.ok(version);
    assert.deepEqual(version, await folder.newest('notes/a.txt'));
    assert.equal((await contentOf(folder.api, version)).toString(), 'two\n');
    await unlink(folder.pathOf('notes/a.txt'));
    assert.equal((await tracking.record(folder.uriOf('notes/a.txt')))?.kind, 'deleted');
  });

  it('record: refuses what is not watched, and says why', async () => {
    const { tracking } = folder.api;
    await folder.writeAll({ 'other.txt': 'x', 'notes/a.tmp': 'x' });
    assert.match(await rejection('notWatched', tracking.record(folder.uriOf('other.txt'))), /other\.txt/);
    assert.match(await rejection('notWatched', tracking.record(folder.uriOf('notes/a.tmp'))), /line 1 of \.obbyignore/);
    await rejection('noFolder', tracking.record(vscode.Uri.file('/etc/hostname')));
    await rejection('noFolder', tracking.record(vscode.Uri.parse('untitled:Untitled-1')));
    assert.deepEqual(await folder.versions('other.txt'), []);
  });

  it('recordAll: each in order, past every failure', async () => {
    await folder.writeAll({ 'notes/1.txt': '1', 'notes/2.txt': '2', 'outside.txt': 'x' });
    const names = ['notes/1.txt', 'outside.txt', 'notes/2.txt', 'notes/1.txt'];
    const results: RecordResult[] = [];
    const uris = [...names.map((name) => folder.uriOf(name)), 'no uri' as unknown as vscode.Uri];
    for await (const result of folder.api.tracking.recordAll(uris)) results.push(result);
    assert.deepEqual(
      results.map(({ version, error }) => version?.path ?? (error && 'code' in error ? error.code : 'nothing')),
      ['notes/1.txt', 'notWatched', 'notes/2.txt', 'nothing', 'badArgument'],
    );
  });

  it('recordAll: many at once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `notes/all/${index}.txt`);
    await Promise.all(names.map((name) => folder.write(name, name)));
    const uris = names.map((name) => folder.uriOf(name));
    for await (const { error } of folder.api.tracking.recordAll(uris)) assert.equal(error, undefined);
    for (const name of names) assert.equal((await folder.versions(name)).length, 1);
  });

  it('hash: of the bytes on disk, watched or not', async () => {
    await folder.writeAll({ 'hash me.bin': Buffer.from([0, 13, 10, 255]), 'empty.bin': '' });
    for (const name of ['hash me.bin', 'empty.bin']) {
      const { sha256, size } = await folder.api.tracking.hash(folder.uriOf(name));
      assert.equal(sha256, (await folder.run('sha256sum', '--', name)).slice(0, 64));
      assert.equal(size, (await folder.read(name)).length);
    }
    await rejection('notFound', folder.api.tracking.hash(folder.uriOf('missing.bin')));
    await rejection('unreadable', folder.api.tracking.hash(folder.uriOf('notes')));
    await rejection('noFolder', folder.api.tracking.hash(vscode.Uri.file('/etc/hostname')));
  });

  it('diff: of versions, files and texts, in any mix', async () => {
    const { tracking } = folder.api;
    await folder.write('notes/d.txt', 'one\ntwo\n');
    await folder.api.flush();
    const first = await folder.newest('notes/d.txt');
    await folder.write('notes/d.txt', 'one\n2\nthree\n');
    const mixes = await Promise.all([
      tracking.diff(first.id, folder.uriOf('notes/d.txt')),
      tracking.diff('one\ntwo\n', folder.uriOf('notes/d.txt')),
      tracking.diff({ text: 'one\ntwo\n' }, { text: 'one\n2\nthree\n', name: 'notes/d.txt' }),
      tracking.diff(first.id, 'one\n2\nthree\n'),
    ]);
    for (const { added, removed, hunks, identical } of mixes) {
      assert.deepEqual({ added, removed, identical }, { added: 2, removed: 1, identical: false });
      assert.deepEqual(hunks[0]?.lines, [' one', '-two', '+2', '+three']);
    }
    assert.equal((await tracking.diff(first.id, first.id)).identical, true);
    assert.equal((await tracking.diff('a\n', 'a\r\n')).eolOnly, true);
    const { hunks } = await tracking.diff('1\n2\n3\nx\n5\n6\n7\n', '1\n2\n3\ny\n5\n6\n7\n', { context: 1 });
    assert.deepEqual(hunks[0]?.lines, [' 3', '-x', '+y', ' 5']);
    await rejection('notFound', tracking.diff(folder.uriOf('missing.txt'), 'text'));
    await rejection('notFound', tracking.diff('v1-000000000-000000-1@0123456789ab', 'text'));
  });

  it('flush ends while a program writes without pause', async () => {
    const writer = folder.writeWithoutPause('notes/busy.txt');
    await folder.write('notes/quiet.txt', 'quiet\n');
    await folder.api.flush();
    const last = await writer.stop();
    assert.equal((await folder.versions('notes/quiet.txt')).length, 1);
    await folder.api.flush();
    assert.equal(await folder.newestText('notes/busy.txt'), last);
  });
});
