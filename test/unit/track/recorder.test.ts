import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { breathe } from '../../../src/base/timeSlicer';
import { FakeClock } from '../../support/fakeClock';
import { setUp } from './recorderFixture';

test('each state in time is a version of its own, also when it comes again', async () => {
  const { write, record, texts, story } = await setUp();
  for (const text of ['A\n', 'B\n', 'A\n', 'B\n', 'A\n']) {
    await write('a.md', text);
    await record('a.md');
  }
  assert.deepEqual(await texts('a.md'), ['A\n', 'B\n', 'A\n', 'B\n', 'A\n']);
  assert.deepEqual(await story('a.md'), ['created a.md', ...Array.from({ length: 4 }, () => 'modified a.md')]);
});

test('a file cut to nothing and back leaves both states', async () => {
  const { write, record, texts } = await setUp();
  for (const text of ['text', '', 'text']) {
    await write('a.md', text);
    await record('a.md');
  }
  assert.deepEqual(await texts('a.md'), ['text', '', 'text']);
});

test('only the time stamp changed: nothing', async () => {
  const { write, record, story, on } = await setUp();
  await write('a.md', 'text');
  await record('a.md');
  await utimes(on('a.md'), 1, 1);
  assert.deepEqual(await record('a.md'), []);
  assert.deepEqual(await story('a.md'), ['created a.md']);
});

test('lines are counted, and a change of line endings alone is marked', async () => {
  const { write, record, store } = await setUp();
  for (const text of ['a\nb\n', 'a\n++b\n--c\n', 'a\r\n++b\r\n--c\r\n']) {
    await write('a.md', text);
    await record('a.md');
  }
  const facts = (await store.versions('a.md', {})).map(({ added, removed, eolOnly }) => ({ added, removed, eolOnly }));
  assert.deepEqual(facts, [
    { added: 3, removed: 3, eolOnly: true },
    { added: 2, removed: 1, eolOnly: false },
    { added: 2, removed: 0, eolOnly: false },
  ]);
});

test('a file created and deleted between two reads has no version', async () => {
  const { record, store } = await setUp();
  assert.deepEqual(await record('gone.md'), []);
  assert.deepEqual(await store.recent({}), []);
});

test('a file that is deleted and created again keeps its history', async () => {
  const { write, record, story, on } = await setUp();
  await write('a.md', 'one');
  await record('a.md');
  await rm(on('a.md'));
  await record('a.md');
  await write('a.md', 'two');
  await record('a.md');
  assert.deepEqual(await story('a.md'), ['created a.md', 'deleted a.md', 'created a.md']);
});

test('what is not watched is not recorded', async () => {
  const { write, record, store } = await setUp();
  await write('a.tmp', 'text');
  assert.deepEqual(await record('a.tmp'), []);
  assert.deepEqual(await store.recent({}), []);
});

for (const [name, order] of [
  ['the new path first', ['b.md', 'a.md']],
  ['the old path first', ['a.md', 'b.md']],
] as const) {
  test(`a move continues the history: ${name}, in one call`, async () => {
    const { write, record, story, on } = await setUp();
    await write('a.md', 'text');
    await record('a.md');
    await rename(on('a.md'), on('b.md'));
    await record(...order);
    assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
  });

  test(`a move continues the history: ${name}, in calls of their own`, async () => {
    const { write, record, story, store, on } = await setUp();
    await write('a.md', 'text');
    await record('a.md');
    await rename(on('a.md'), on('b.md'));
    for (const path of order) await record(path);
    const told = await story('b.md');
    assert.equal(told[0], 'created a.md');
    assert.equal(told.at(-1), 'renamed a.md → b.md');
    assert.deepEqual(await store.deletedFiles(10), []);
  });
}

test('a copy is not a move', async () => {
  const { write, record, story } = await setUp();
  await write('a.md', 'text');
  await record('a.md');
  await write('b.md', 'text');
  await record('b.md');
  assert.deepEqual(await story('b.md'), ['created b.md']);
});

test('a moved folder takes along the history of each file, equal ones too', async () => {
  const { write, record, story, on } = await setUp();
  await write('old/x/index.md', 'same');
  await write('old/y/index.md', 'same');
  await write('old/z.md', 'other');
  await record('old');
  await rename(on('old'), on('new'));
  await record('new', 'old');
  assert.deepEqual(await story('new/x/index.md'), [
    'created old/x/index.md',
    'renamed old/x/index.md → new/x/index.md',
  ]);
  assert.deepEqual(await story('new/y/index.md'), [
    'created old/y/index.md',
    'renamed old/y/index.md → new/y/index.md',
  ]);
  assert.deepEqual(await story('new/z.md'), ['created old/z.md', 'renamed old/z.md → new/z.md']);
});

test('an editor’s move counts even when the file was changed in the same breath', async () => {
  const { write, record, story, on } = await setUp();
  await write('a.md', 'one');
  await record('a.md');
  await rename(on('a.md'), on('b.md'));
  await write('b.md', 'two');
  await record({ path: 'b.md', movedFrom: 'a.md', cause: 'rename' }, 'a.md');
  assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
});

test('a deleted folder is one change set with all its files', async () => {
  const { write, record, store, on } = await setUp();
  for (const path of ['dir/a.md', 'dir/sub/b.md', 'dirt.md']) await write(path, path);
  await record('dir', 'dirt.md');
  await rm(on('dir'), { recursive: true });
  await record('dir');
  const deleted = await store.deletedFiles(10);
  assert.deepEqual(deleted.map(({ path }) => path).sort(), ['dir/a.md', 'dir/sub/b.md']);
  assert.equal(new Set(deleted.map(({ changeSet }) => changeSet)).size, 1);
});

test('a file that gives way to a folder, and back', async () => {
  const { write, record, story, on } = await setUp();
  await write('a', 'file');
  await record('a');
  await rm(on('a'));
  await write('a/b.md', 'inside');
  await record('a');
  assert.deepEqual(await story('a'), ['created a', 'deleted a']);
  assert.deepEqual(await story('a/b.md'), ['created a/b.md']);
  await rm(on('a'), { recursive: true });
  await write('a', 'file again');
  await record('a');
  assert.deepEqual(await story('a/b.md'), ['created a/b.md', 'deleted a/b.md']);
  assert.deepEqual(await story('a'), ['created a', 'deleted a', 'created a']);
});

test('a burst that is recorded in parts is one change set, without other changes', async () => {
  const { write, record, store } = await setUp({ recorderClock: new FakeClock(Date.now()) });
  const part = async (name: string, count: number): Promise<string[]> => {
    const paths = Array.from({ length: count }, (_, n) => `${name}/${n}.md`);
    for (const path of paths) await write(path, `content of ${path}`);
    return paths;
  };
  const changeSetsOf = async (paths: readonly string[]): Promise<Set<string>> =>
    new Set(
      (await Promise.all(paths.map((path) => store.versions(path, {})))).flatMap((list) =>
        list.map((v) => v.changeSet),
      ),
    );
  const [one, two, three] = [await part('one', 100), await part('two', 150), await part('three', 3)];
  await write('saved.md', 'saved');
  await record(...one);
  await record({ path: 'saved.md', cause: 'save', confidence: 'certain' });
  await record(...two);
  // A scan may come upon a part before its event is due.
  const found = await part('found', 2);
  await record(...found.map((path) => ({ path, cause: 'external', causeDetail: { since: 1 } }) as const));
  await record(...three);
  const [changeSet, ...others] = await changeSetsOf([...one, ...two, ...found, ...three]);
  assert.deepEqual(others, []);
  assert.ok(!(await changeSetsOf(['saved.md'])).has(changeSet ?? ''));
});

test('files that are written one after the other are one change set, until it is ended', async () => {
  const { write, record, recorder, store } = await setUp({ recorderClock: new FakeClock(Date.now()) });
  for (const path of ['a.md', 'b.md', 'c.md']) {
    await write(path, path);
    await record(path);
    if (path === 'b.md') recorder.endChangeSet();
  }
  const files = (await store.changeSets({})).map((changeSet) => changeSet.files);
  assert.deepEqual(files, [1, 2]);
});

test('what a scan finds, which may be older than an event just before or after, is listed too', async () => {
  const { write, record, store } = await setUp({ recorderClock: new FakeClock(Date.now() + 60_000) });
  const scanned = { cause: 'external', causeDetail: { since: Date.now() - 60_000 } } as const;
  for (const name of ['told.md', 'missed.md', 'told later.md']) {
    await write(name, name);
    await record(name === 'missed.md' ? { path: name, ...scanned } : name);
  }
  const rows = await store.changeSets({});
  const listed = await Promise.all(rows.map(({ newest }) => store.versions(newest.path, {})));
  assert.equal(
    rows.reduce((count, { versions }) => count + versions, 0),
    3,
  );
  assert.ok(listed.flat().some(({ path }) => path === 'missed.md'));
});

test('a restore is an event of its own, and what follows it another', async () => {
  const clock = new FakeClock(Date.now());
  const { write, record, restore, store } = await setUp({ recorderClock: clock });
  for (const name of ['a.md', 'b.md', 'c.md']) {
    await write(name, name);
    await record(name);
    clock.advance(100);
    if (name === 'b.md') await restore([{ path: 'a.md' }]);
  }
  const rows = (await store.changeSets({})).reverse();
  assert.deepEqual(
    rows.map(({ kinds, newest }) => [kinds.created, kinds.deleted, newest.cause]),
    [
      [2, 0, 'external'],
      [0, 1, 'restore'],
      [1, 0, 'external'],
    ],
  );
});

test('a save is a version even if another program wrote the file before it was read', async () => {
  const { write, record, texts, overwritten } = await setUp();
  await write('a.md', 'before');
  await record('a.md');
  await write('a.md', 'by a formatter');
  await record({ path: 'a.md', cause: 'save', saved: { text: 'saved' } });
  assert.deepEqual(await texts('a.md'), ['before', 'saved']);
  assert.deepEqual(overwritten, ['a.md']);
  await record(...overwritten);
  assert.deepEqual(await texts('a.md'), ['before', 'saved', 'by a formatter']);
});

test('a save is a version even if another program writes the file while it is read', async () => {
  const { write, record, texts, story, on, afterObserved } = await setUp();
  await write('a.md', 'before');
  await record('a.md');
  await write('a.md', 'saved');
  afterObserved.once = () => write('a.md', 'before');
  await record({ path: 'a.md', cause: 'save', saved: { text: 'saved' } });
  assert.deepEqual(await texts('a.md'), ['before', 'saved']);
  await record('a.md');
  assert.deepEqual(await texts('a.md'), ['before', 'saved', 'before']);
  await write('a.md', 'saved again');
  afterObserved.once = () => rm(on('a.md'));
  await record({ path: 'a.md', cause: 'save', saved: { text: 'saved again' } });
  await record('a.md');
  assert.deepEqual((await story('a.md')).slice(-2), ['modified a.md', 'deleted a.md']);
});

test('saves that follow each other faster than the file is read are versions of their own', async () => {
  const { write, record, texts, store } = await setUp();
  await write('a.md', 'three');
  for (const text of ['one', 'two', 'three']) await record({ path: 'a.md', cause: 'save', saved: { text } });
  assert.deepEqual(await texts('a.md'), ['one', 'two', 'three']);
  assert.deepEqual(new Set((await store.versions('a.md', {})).map(({ cause }) => cause)), new Set(['save']));
});

test('a save of what the disk holds is one version, in the file’s own encoding', async () => {
  const { write, record, store } = await setUp();
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('grüße', 'utf16le')]);
  await write('a.md', utf16);
  await record({ path: 'a.md', cause: 'save', saved: { text: 'grüße' } });
  const versions = await store.versions('a.md', {});
  assert.equal(versions.length, 1);
  assert.deepEqual(Buffer.from(await store.content(versions[0]?.id ?? '')), utf16);
});

test('a save that something other than a text replaced is a version in the encoding that the editor reports', async () => {
  const { write, record, store } = await setUp();
  const inUtf16 = (text: string): Buffer =>
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
  const save = { path: 'a.md', cause: 'save' } as const;
  const saved = { text: 'grüße' };
  const contents = async (): Promise<Buffer[]> =>
    Promise.all((await store.versions('a.md', {})).map(async ({ id }) => Buffer.from(await store.content(id))));
  await write('a.md', inUtf16('before'));
  await record('a.md');
  await write('a.md', Buffer.from([0, 1, 2]));
  await record({ ...save, saved: { ...saved, encoding: 'utf16be' } });
  assert.deepEqual(await contents(), [inUtf16('grüße'), inUtf16('before')]);
  await record('a.md');
  // What would be a guess is none.
  await record({ ...save, saved: { ...saved, encoding: 'shiftjis' } }, { ...save, saved });
  assert.deepEqual(await contents(), [Buffer.from([0, 1, 2]), inUtf16('grüße'), inUtf16('before')]);
  await write('a.md', 'by another program');
  await record({ ...save, saved: { text: 'plain', encoding: 'shiftjis' } });
  assert.deepEqual((await contents())[0], Buffer.from('plain'));
  await record({ ...save, saved: { ...saved, encoding: 'utf8bom' } });
  assert.deepEqual((await contents())[0], Buffer.from('\ufeffgrüße'));
});

test('a save is not stored where the file is over the limit', async () => {
  const { write, record, store, overwritten } = await setUp({ maxFileBytes: 10 });
  await write('a.md', 'below');
  await record('a.md');
  await write('a.md', '01234567890');
  await record({ path: 'a.md', cause: 'save', saved: { text: '01234567890' } });
  const [newest, ...older] = await store.versions('a.md', {});
  assert.deepEqual({ unstored: newest?.unstored, older: older.length }, { unstored: 'too large', older: 1 });
  assert.deepEqual(overwritten, []);
});

test('a save through a link that leads out of the folder is not recorded', async () => {
  const { root, record, store, on } = await setUp();
  await writeFile(join(dirname(root), 'private.md'), 'elsewhere');
  await symlink(join(dirname(root), 'private.md'), on('link.md'));
  await record({ path: 'link.md', cause: 'save', saved: { text: 'elsewhere' } });
  assert.deepEqual(await store.recent({}), []);
});

test('each change of a file over the limit is noted, at the same size too', async () => {
  const { write, record, store, on } = await setUp({ maxFileBytes: 10 });
  for (const [index, text] of ['01234567890', '0123456789x', '0123456789y'].entries()) {
    await write('big.md', text);
    // Two writes may be too close for the disk's clock.
    await utimes(on('big.md'), index, index);
    await record('big.md');
  }
  assert.equal((await store.versions('big.md', {})).length, 3);
});

test('a file over the limit is noted once, and stored when the limit is raised', async () => {
  const { write, record, store, limit } = await setUp({ maxFileBytes: 10 });
  await write('big.md', '01234567890');
  await record('big.md');
  await record('big.md');
  assert.deepEqual(
    (await store.versions('big.md', {})).map(({ unstored, size }) => ({ unstored, size })),
    [{ unstored: 'too large', size: 11 }],
  );
  limit.maxFileBytes = 100;
  await record('big.md');
  const [newest] = await store.versions('big.md', {});
  assert.equal(Buffer.from(await store.content(newest?.id ?? '')).toString(), '01234567890');
});

test('a restore leaves alone what is no file', async () => {
  const { write, record, restore, store, on } = await setUp();
  await write('a.md', 'text');
  await record('a.md');
  const [first] = await store.versions('a.md', {});
  await rm(on('a.md'));
  execFileSync('mkfifo', [on('a.md')]);
  await assert.rejects(restore([{ path: 'a.md', version: first?.id ?? '' }]), /a pipe has its name/);
  await rm(on('a.md'));
  await mkdir(on('a.md'));
  await assert.rejects(restore([{ path: 'a.md', version: first?.id ?? '' }]), /a folder has its name/);
});

test('a restore records what it replaces first', async () => {
  const { write, record, restore, store, texts, on } = await setUp();
  await write('a.md', 'one');
  await record('a.md');
  const [first] = await store.versions('a.md', {});
  await write('a.md', 'never recorded');
  const [{ replaced, version } = {}] = await restore([
    { path: 'a.md', version: first?.id ?? '', unsavedText: 'typed, not saved' },
  ]);
  assert.equal(await readFile(on('a.md'), 'utf8'), 'one');
  assert.deepEqual(await texts('a.md'), ['one', 'never recorded', 'typed, not saved', 'one']);
  assert.equal(Buffer.from(await store.content(replaced?.id ?? '')).toString(), 'typed, not saved');
  assert.deepEqual(version && { cause: version.cause, detail: version.causeDetail }, {
    cause: 'restore',
    detail: { restored: first?.id },
  });
});

test('a restore brings back a deleted file with its folder', async () => {
  const { write, record, restore, store, story, on } = await setUp();
  await write('dir/a.md', 'one');
  await record('dir/a.md');
  const [first] = await store.versions('dir/a.md', {});
  await rm(on('dir'), { recursive: true });
  await record('dir');
  await restore([{ path: 'dir/a.md', version: first?.id ?? '' }]);
  assert.equal(await readFile(on('dir/a.md'), 'utf8'), 'one');
  assert.deepEqual(await story('dir/a.md'), ['created dir/a.md', 'deleted dir/a.md', 'created dir/a.md']);
});

test('a restore of several paths is one change set, and can delete a file', async () => {
  const { write, record, restore, store, story, on } = await setUp();
  await write('a.md', 'one');
  await write('b.md', 'two');
  await record('a.md', 'b.md');
  const [first] = await store.versions('a.md', {});
  await write('a.md', 'changed');
  await write('b.md', 'changed too');
  const restored = await restore([{ path: 'a.md', version: first?.id ?? '' }, { path: 'b.md' }]);
  assert.equal(await readFile(on('a.md'), 'utf8'), 'one');
  await assert.rejects(readFile(on('b.md')), { code: 'ENOENT' });
  assert.equal(new Set(restored.map(({ version }) => version?.changeSet)).size, 1);
  assert.deepEqual(await story('b.md'), ['created b.md', 'modified b.md', 'deleted b.md']);
  await restore([{ path: 'b.md', version: restored[1]?.replaced?.id ?? '' }]);
  assert.equal(await readFile(on('b.md'), 'utf8'), 'changed too');
});

test('a restore that would lose what it replaces is refused', async () => {
  const { write, record, restore, store, on } = await setUp({ maxFileBytes: 10 });
  await write('a.md', 'small');
  await record('a.md');
  const [first] = await store.versions('a.md', {});
  await write('a.md', 'larger than the limit');
  await assert.rejects(restore([{ path: 'a.md', version: first?.id ?? '' }]), {
    name: 'ObbyError',
    code: 'tooLarge',
  });
  assert.equal(await readFile(on('a.md'), 'utf8'), 'larger than the limit');
});

test('a restore keeps a file’s mode, and what other programs wrote in the meantime', async () => {
  const { write, record, restore, store, texts, on } = await setUp();
  await write('a.sh', 'one');
  await chmod(on('a.sh'), 0o755);
  await record('a.sh');
  const [first] = await store.versions('a.sh', {});
  await write('a.sh', 'two');
  await restore([{ path: 'a.sh', version: first?.id ?? '' }]);
  assert.equal((await stat(on('a.sh'))).mode & 0o777, 0o755);
  assert.deepEqual(await texts('a.sh'), ['one', 'two', 'one']);
});

test('a restore never writes outside the folder', async () => {
  const { root, write, record, restore, store, on } = await setUp();
  const outside = join(dirname(root), 'outside');
  await mkdir(outside);
  await write('dir/a.md', 'one');
  await record('dir/a.md');
  const [first] = await store.versions('dir/a.md', {});
  await rm(on('dir'), { recursive: true });
  await symlink(outside, on('dir'));
  await assert.rejects(restore([{ path: 'dir/a.md', version: first?.id ?? '' }]), { name: 'ObbyError' });
  await assert.rejects(restore([{ path: '../outside/a.md', version: first?.id ?? '' }]), {
    name: 'ObbyError',
  });
  await assert.rejects(readFile(join(outside, 'a.md')), { code: 'ENOENT' });
});

test('a folder and files in it, named side by side, are recorded once', async () => {
  const { write, record, story, on } = await setUp();
  await write('dir/a.md', 'one');
  await write('dir/sub/b.md', 'two');
  await record('dir', 'dir/a.md', 'dir/sub');
  await rm(on('dir'), { recursive: true });
  await record('dir/a.md', 'dir/sub', 'dir');
  assert.deepEqual(await story('dir/a.md'), ['created dir/a.md', 'deleted dir/a.md']);
  assert.deepEqual(await story('dir/sub/b.md'), ['created dir/sub/b.md', 'deleted dir/sub/b.md']);
});

test('a file that turns out to have moved is no baseline', async () => {
  const { write, record, store, on } = await setUp();
  const ifMoved = { cause: 'offline', causeDetail: { since: 1 } } as const;
  await write('old.md', 'moved');
  await record('old.md');
  await rename(on('old.md'), on('new.md'));
  await write('other.md', 'other');
  await record({ path: 'new.md', cause: 'baseline', ifMoved }, { path: 'other.md', cause: 'baseline', ifMoved });
  const causes = (await store.recent({})).map(({ path, cause, causeDetail }) => ({ path, cause, causeDetail }));
  assert.deepEqual(causes.slice(0, 2), [
    { path: 'other.md', cause: 'baseline', causeDetail: undefined },
    { path: 'new.md', ...ifMoved },
  ]);
});

/** Waits until files get times after one; their clock goes in steps of some ms, behind the other. */
async function fileTimesAfter({ write, on }: Pick<Awaited<ReturnType<typeof setUp>>, 'write' | 'on'>, ms: number) {
  do await write('clock', `${Date.now()}`);
  while ((await stat(on('clock'))).ctimeMs <= ms);
}

test('a file that came with its folder unnoticed was not there before', async () => {
  const { write, record, store, on } = await setUp();
  await write('unwatched.d/deep/a.md', 'moved with its folder');
  const written = (await stat(on('unwatched.d/deep/a.md'))).ctimeMs;
  await fileTimesAfter({ write, on }, written);
  await mkdir(on('dir'));
  await rename(on('unwatched.d'), on('dir/new'));
  const moved = (await stat(on('dir/new'))).ctimeMs;
  const since = Math.floor(written) - 1;
  await record({ path: 'dir/new', cause: 'offline', causeDetail: { since } });
  const [version] = await store.versions('dir/new/deep/a.md', {});
  assert.equal(version?.time, Math.floor(moved));
});

test('a move that was not noticed ended after the last scan', async () => {
  const { write, record, store, on } = await setUp();
  await write('dir/a.md', 'moved with its folder');
  await write('b.md', 'moved alone');
  const written = (await stat(on('b.md'))).ctimeMs;
  await record('dir', 'b.md');
  // A version is later than the one before, also by the clock of versions.
  const recorded = (await store.head('b.md'))?.version.time ?? 0;
  const since = Math.max(Math.floor(written), recorded) + 1;
  await fileTimesAfter({ write, on }, since + 1);
  await rename(on('dir'), on('new'));
  await rename(on('b.md'), on('c.md'));
  const moved = (await stat(on('c.md'))).ctimeMs;
  await record(...['new', 'c.md'].map((path) => ({ path, cause: 'offline', causeDetail: { since } }) as const));
  const times = await Promise.all(
    ['new/a.md', 'c.md'].map(async (path) => (await store.versions(path, {}))[0]?.time ?? 0),
  );
  assert.ok(times.every((time) => time > since && time <= Date.now()));
  assert.equal(times[1], Math.floor(moved));
});

test('a file that another program writes all the time is recorded while it does', async () => {
  const { write, record, store, on } = await setUp({ maxFileBytes: 10_000_000 });
  await write('log.txt', 'x'.repeat(3_000_000));
  const script = `const fs = require('fs'); const file = fs.openSync(process.argv[1], 'r+');
    for (let n = 0; ; n++) fs.writeSync(file, String(n), (n * 4099) % 3_000_000);`;
  const writer = spawn(process.execPath, ['-e', script, on('log.txt')]);
  try {
    const before = (await stat(on('log.txt'))).mtimeMs;
    while ((await stat(on('log.txt'))).mtimeMs === before) await breathe();
    for (const { error } of await record('log.txt')) assert.ifError(error);
    const [version] = await store.versions('log.txt', {});
    assert.equal(version?.size, 3_000_000);
    assert.equal((await store.head('log.txt'))?.stamp, undefined, 'it is read again');
  } finally {
    writer.kill('SIGKILL');
  }
});
