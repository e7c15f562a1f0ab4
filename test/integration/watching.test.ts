import assert from 'node:assert/strict';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestFolder } from './support';

/** What the rule files of this suite say, in other words. */
function isWatched(name: string): boolean {
  const isListed = name.startsWith('notes/') || name.endsWith('.md');
  const isIgnored = name.endsWith('.tmp') || name.split('/').includes('node_modules') || name === 'notes/secret/key';
  return isListed && !isIgnored && name !== 'notes/private.md';
}

const rules = {
  '.obbywatch': 'notes/\n*.md\n!notes/private.md\n',
  '.obbyignore': '*.tmp\nnode_modules/\n',
  'notes/secret/.obbyignore': '/key\n',
};

/** What the history says of a change, without what differs from run to run. */
const told = ({ kind, path: name, renamedFrom }: { kind: string; path: string; renamedFrom?: string }): string =>
  renamedFrom === undefined ? `${kind} ${name}` : `${kind} ${renamedFrom} → ${name}`;

describe('after flush, the history holds what happened on disk:', () => {
  let folder: TestFolder;

  before(async () => {
    folder = await TestFolder.open(rules);
  });
  after(() => folder.close());

  /** Each test works in a folder of its own below `notes`; nothing outside of it may change. */
  async function recordedIn(change: () => Promise<unknown>): Promise<string[]> {
    const versions = await folder.recordedBy(change);
    await folder.assertHistoryIsTrue(isWatched);
    return versions.map(told).sort();
  }

  it('a new file, and nothing that is not watched', async () => {
    const changes = await recordedIn(() =>
      folder.writeAll({
        'notes/new/a.txt': 'a',
        'notes/new/a.tmp': 'a',
        'notes/private.md': 'a',
        'notes/secret/key': 'a',
        'notes/secret/door': 'a',
        'elsewhere/a.md': 'a',
        'elsewhere/a.txt': 'a',
        'node_modules/lib/readme.md': 'a',
        '.git/notes.md': 'a',
        'notes/.git/a.txt': 'a',
      }),
    );
    assert.deepEqual(changes, ['created elsewhere/a.md', 'created notes/new/a.txt', 'created notes/secret/door']);
  });

  it('writes, appends, a truncation to nothing', async () => {
    const name = 'notes/writes/a.txt';
    await folder.write(name, 'one\n');
    assert.deepEqual(await recordedIn(() => folder.write(name, 'two\n')), [`modified ${name}`]);
    assert.deepEqual(await recordedIn(() => appendFile(folder.pathOf(name), 'three\n')), [`modified ${name}`]);
    assert.deepEqual(await recordedIn(() => truncate(folder.pathOf(name))), [`modified ${name}`]);
    assert.equal((await folder.newest(name)).size, 0);
    assert.equal((await folder.newest(name)).removed, 2);
  });

  it('A, B, A, B: each a version of its own', async () => {
    const name = 'notes/back/a.txt';
    for (const text of ['A', 'B', 'A', 'B']) {
      await folder.write(name, text);
      await folder.api.flush();
    }
    const versions = await folder.versions(name);
    const texts = await Promise.all(versions.map(({ id }) => folder.api.history.text(id)));
    assert.deepEqual(texts, ['B', 'A', 'B', 'A']);
    assert.deepEqual(
      versions.map(({ previous }) => previous),
      [...versions.slice(1).map(({ id }) => id), undefined],
    );
  });

  it('nothing for a touch, a rewrite of the same bytes', async () => {
    const name = 'notes/same/a.txt';
    await folder.write(name, 'same');
    const changes = await recordedIn(async () => {
      await folder.run('touch', name);
      await folder.api.flush();
      await folder.write(name, 'same');
      await folder.api.flush();
      await utimes(folder.pathOf(name), 0, 0);
    });
    assert.deepEqual(changes, []);
  });

  it('a change of the permissions alone', async () => {
    const name = 'notes/script.sh';
    await folder.write(name, 'a script');
    await chmod(folder.pathOf(name), 0o644);
    await folder.api.flush();
    assert.deepEqual(await recordedIn(() => chmod(folder.pathOf(name), 0o755)), [`modified ${name}`]);
    const { mode, previousMode, added } = await folder.newest(name);
    assert.deepEqual([mode, previousMode, added], [0o755, 0o644, 0]);
  });

  it('a change that keeps size and time', async () => {
    const name = 'notes/sly/a.txt';
    await folder.write(name, 'before');
    await utimes(folder.pathOf(name), 1_000_000_000, 1_000_000_000);
    const changes = await recordedIn(async () => {
      await folder.write(name, 'after!');
      await utimes(folder.pathOf(name), 1_000_000_000, 1_000_000_000);
    });
    assert.equal((await stat(folder.pathOf(name))).mtimeMs, 1_000_000_000_000);
    assert.deepEqual(changes, [`modified ${name}`]);
  });

  it('a change of line endings alone, marked as such', async () => {
    const name = 'notes/eol/a.txt';
    await folder.write(name, 'one\ntwo\n');
    assert.deepEqual(await recordedIn(() => folder.run('sed', '-i', 's/$/\\r/', name)), [`modified ${name}`]);
    assert.equal((await folder.newest(name)).eolOnly, true);
    assert.deepEqual(await recordedIn(() => folder.write(name, 'one\r\ntwo\r\nthree\r\n')), [`modified ${name}`]);
    assert.equal((await folder.newest(name)).eolOnly, false);
  });

  it('an atomic save: written elsewhere, renamed over it', async () => {
    const name = 'notes/atomic/a.txt';
    await folder.write(name, 'one');
    const changes = await recordedIn(async () => {
      await folder.write(`${name}.tmp`, 'two');
      await rename(folder.pathOf(`${name}.tmp`), folder.pathOf(name));
    });
    assert.deepEqual(changes, [`modified ${name}`]);
  });

  it('a file that is deleted and made again at once', async () => {
    const name = 'notes/again/a.txt';
    await folder.write(name, 'one');
    const changes = await recordedIn(async () => {
      await unlink(folder.pathOf(name));
      await folder.write(name, 'two');
    });
    assert.deepEqual(changes, [`modified ${name}`]);
  });

  it('nothing of a file that comes and goes', async () => {
    const changes = await recordedIn(async () => {
      await folder.write('notes/gone.txt', 'short-lived');
      await unlink(folder.pathOf('notes/gone.txt'));
    });
    assert.deepEqual(changes, []);
  });

  it('a deletion, and a file of that name later, in one history', async () => {
    const name = 'notes/deleted/a.txt';
    await folder.write(name, 'one');
    assert.deepEqual(await recordedIn(() => unlink(folder.pathOf(name))), [`deleted ${name}`]);
    assert.deepEqual(await recordedIn(() => folder.write(name, 'two')), [`created ${name}`]);
    const kinds = (await folder.versions(name)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['created', 'deleted', 'created']);
  });

  it('rm -rf of a folder: one moment that holds all its files', async () => {
    const names = ['notes/dir/a.txt', 'notes/dir/b/c.txt', 'notes/dir/b/d/e.txt'];
    for (const name of names) await folder.write(name, name);
    const versions = await folder.recordedBy(() => folder.run('rm', '-rf', 'notes/dir'));
    await folder.assertHistoryIsTrue(isWatched);
    assert.deepEqual(versions.map(told).sort(), names.map((name) => `deleted ${name}`).sort());
    assert.equal(new Set(versions.map(({ changeSet }) => changeSet)).size, 1);
  });

  it('mv of a file: its history goes on under the new name', async () => {
    await folder.write('notes/mv/a.txt', 'one');
    await folder.api.flush();
    await folder.write('notes/mv/a.txt', 'two');
    const changes = await recordedIn(() => folder.run('mv', 'notes/mv/a.txt', 'notes/mv/b.txt'));
    assert.deepEqual(changes, ['renamed notes/mv/a.txt → notes/mv/b.txt']);
    const paths = (await folder.versions('notes/mv/b.txt')).map((version) => version.path);
    assert.deepEqual(paths, ['notes/mv/b.txt', 'notes/mv/a.txt', 'notes/mv/a.txt']);
  });

  it('mv of a file over another', async () => {
    await folder.writeAll({ 'notes/over/a.txt': 'of a', 'notes/over/b.txt': 'of b' });
    const changes = await recordedIn(() => folder.run('mv', 'notes/over/a.txt', 'notes/over/b.txt'));
    assert.ok(!changes.includes('created notes/over/b.txt'), changes.join());
    assert.equal(await folder.newestText('notes/over/b.txt'), 'of a');
    const all = await folder.recorded();
    assert.ok(
      all.some((version) => version.path === 'notes/over/b.txt' && version.size === 4 && version.kind === 'created'),
    );
  });

  it('mv of a folder: the history of each file goes on', async () => {
    for (const name of ['a', 'b/c', 'b/d/e']) await folder.write(`notes/from/${name}.txt`, `I am ${name}`);
    const changes = await recordedIn(() => folder.run('mv', 'notes/from', 'notes/to'));
    assert.deepEqual(
      changes,
      ['a', 'b/c', 'b/d/e'].map((name) => `renamed notes/from/${name}.txt → notes/to/${name}.txt`),
    );
  });

  it('two files that swap their names', async () => {
    await folder.writeAll({ 'notes/swap/a.txt': 'of a', 'notes/swap/b.txt': 'of b' });
    await recordedIn(() => folder.sh('cd notes/swap; mv a.txt c.tmp; mv b.txt a.txt; mv c.tmp b.txt'));
    assert.equal((await folder.newest('notes/swap/a.txt')).size, 4);
  });

  it('mv of file and folder out of the watched area: deleted', async () => {
    await folder.writeAll({ 'notes/out/a.txt': 'out a', 'notes/out/b/c.txt': 'out c' });
    assert.deepEqual(await recordedIn(() => folder.run('mv', 'notes/out/a.txt', 'elsewhere/')), [
      'deleted notes/out/a.txt',
    ]);
    assert.deepEqual(await recordedIn(() => folder.run('mv', 'notes/out/b', 'elsewhere/')), [
      'deleted notes/out/b/c.txt',
    ]);
  });

  it('mv into the watched area, from the same folder and from another disk', async () => {
    await folder.writeAll({
      'elsewhere/in/a.txt': 'in a',
      'elsewhere/in/b/c.txt': 'in c',
      'elsewhere/in/d.tmp': 'in d',
    });
    const outside = await mkdtemp(path.join(tmpdir(), 'obby-outside-'));
    await folder.run('cp', '-r', 'elsewhere/in', outside);
    assert.deepEqual(await recordedIn(() => folder.run('mv', 'elsewhere/in', 'notes/in')), [
      'created notes/in/a.txt',
      'created notes/in/b/c.txt',
    ]);
    assert.deepEqual(await recordedIn(() => folder.run('mv', path.join(outside, 'in'), 'notes/in2')), [
      'created notes/in2/a.txt',
      'created notes/in2/b/c.txt',
    ]);
    await rm(outside, { recursive: true });
  });

  it('a file replaced by a folder, and a folder by a file', async () => {
    const name = 'notes/shape/x.md';
    await folder.write(name, 'a file');
    const toFolder = await recordedIn(async () => {
      await unlink(folder.pathOf(name));
      await folder.write(`${name}/inner.txt`, 'in a folder');
    });
    assert.deepEqual(toFolder, [`created ${name}/inner.txt`, `deleted ${name}`]);
    const toFile = await recordedIn(async () => {
      await rm(folder.pathOf(name), { recursive: true });
      await folder.write(name, 'a file again');
    });
    assert.deepEqual(toFile, [`created ${name}`, `deleted ${name}/inner.txt`]);
  });

  it('links: a link to a file is its content, one out of the folder or to a folder is nothing', async () => {
    await folder.write('elsewhere/target.txt', 'the target');
    const changes = await recordedIn(async () => {
      await mkdir(folder.pathOf('notes/links'));
      await symlink('../../elsewhere/target.txt', folder.pathOf('notes/links/file'));
      await symlink('/etc/hostname', folder.pathOf('notes/links/outside.tmp'));
      await symlink('../..', folder.pathOf('notes/links/loop.tmp'));
    });
    assert.deepEqual(changes, ['created notes/links/file']);
  });

  it('unzip and untar', async () => {
    await folder.writeAll({ 'pack/a.txt': 'packed a', 'pack/b/c.txt': 'packed c', 'pack/b/d.tmp': 'packed d' });
    await folder.run('tar', '-cf', 'pack.tar', 'pack');
    await folder.run('python3', '-m', 'zipfile', '-c', 'pack.zip', 'pack');
    await folder.run('rm', '-r', 'pack');
    await mkdir(folder.pathOf('notes/unpacked'));
    assert.deepEqual(await recordedIn(() => folder.run('tar', '-xf', 'pack.tar', '-C', 'notes/unpacked')), [
      'created notes/unpacked/pack/a.txt',
      'created notes/unpacked/pack/b/c.txt',
    ]);
    assert.deepEqual(
      await recordedIn(() => folder.run('python3', '-m', 'zipfile', '-e', 'pack.zip', 'notes/unzipped')),
      ['created notes/unzipped/pack/a.txt', 'created notes/unzipped/pack/b/c.txt'],
    );
  });

  it('1,000 files at once: made, moved, deleted', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `notes/many/${index % 20}/${index}.txt`);
    const kinds = async (change: () => Promise<unknown>) =>
      (await recordedIn(change)).map((each) => each.split(' ')[0]);
    const all = (kind: string) => names.map(() => kind);
    const made = await kinds(() => Promise.all(names.map((name) => folder.write(name, `I am ${name}\n`))));
    assert.deepEqual(made, all('created'));
    assert.deepEqual(await kinds(() => folder.run('mv', 'notes/many', 'notes/moved')), all('renamed'));
    assert.equal((await folder.versions('notes/moved/7/507.txt')).length, 2);
    assert.deepEqual(await kinds(() => folder.run('rm', '-r', 'notes/moved')), all('deleted'));
  });
});
