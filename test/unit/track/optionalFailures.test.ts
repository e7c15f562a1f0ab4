import assert from 'node:assert/strict';
import { mkdir, rename, rm } from 'node:fs/promises';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import { setUp } from './recorderFixture';

const damage = new ObbyError('storeFailed', 'A content does not match its checksum.');

/** A recorder and its ports, whose calls fail while `faults` has one for them. */
async function setUpFailing(attribution?: () => never) {
  const faults = new Map<string, (args: readonly unknown[]) => Error | undefined>();
  const fault = (port: string, call: string, args: readonly unknown[]): void => {
    const error = faults.get(`${port}.${call}`)?.(args);
    if (error) throw error;
  };
  const fixture = await setUp({ fault, ...(attribution && { attribution }) });
  return { ...fixture, faults };
}

test('damaged contents cost the next versions their line counts, and are logged once', async () => {
  const { write, record, store, faults, failures, story } = await setUpFailing();
  const names = Array.from({ length: 20 }, (_, n) => `${n}.md`);
  for (const name of names) await write(name, `one ${name}\n`);
  await write('image.bin', Buffer.from([1, 0, 2]));
  await record(...names, 'image.bin');
  faults.set('store.content', () => damage);
  for (const name of names) await write(name, `two ${name}\n`);
  await write('image.bin', Buffer.from([1, 0, 3]));
  const results = await record(...names, 'image.bin');
  assert.deepEqual(
    results.filter(({ error }) => error),
    [],
  );
  for (const name of names) {
    const [newest] = await store.versions(name, {});
    assert.equal(newest?.kind, 'modified');
    assert.deepEqual(
      [newest.added, newest.removed, newest.binary, newest.eolOnly],
      [undefined, undefined, false, false],
    );
  }
  assert.equal((await store.versions('image.bin', {}))[0]?.binary, true);
  assert.equal(failures.length, 1);
  assert.match(failures[0] ?? '', /without line counts.*does not match its checksum/);
  faults.clear();
  await write('0.md', 'three\n');
  await record('0.md');
  assert.equal((await store.versions('0.md', {}))[0]?.added, 1);
  assert.deepEqual(await story('0.md'), ['created 0.md', 'modified 0.md', 'modified 0.md']);
});

test('over damaged contents, a healthy older one is restored, and what it replaces is kept', async () => {
  const { write, record, restore, store, faults, texts } = await setUpFailing();
  for (const text of ['good', 'bad', 'present']) {
    await write('a.md', text);
    await record('a.md');
  }
  const [, bad, good] = await store.versions('a.md', {});
  await write('a.md', 'not recorded yet');
  faults.set('store.content', ([of]) => {
    const id = typeof of === 'string' ? of : (of as { readonly id: string }).id;
    return id === good?.id ? undefined : damage;
  });
  await restore([{ path: 'a.md', version: good?.id ?? '' }]);
  await assert.rejects(restore([{ path: 'a.md', version: bad?.id ?? '' }]), damage);
  faults.clear();
  assert.deepEqual(await texts('a.md'), ['good', 'bad', 'present', 'not recorded yet', 'good']);
});

test('a save over a damaged content is recorded with the text that was saved', async () => {
  const { write, record, faults, texts, failures, overwritten } = await setUpFailing();
  await write('a.md', 'one');
  await record('a.md');
  faults.set('store.content', () => damage);
  await write('a.md', 'three');
  await record({ path: 'a.md', cause: 'save', saved: { text: 'two' } });
  assert.deepEqual(overwritten, ['a.md']);
  await record('a.md');
  faults.clear();
  assert.deepEqual(await texts('a.md'), ['one', 'two', 'three']);
  assert.equal(failures.length, 2);
});

for (const [name, attribution] of [
  ['is asked for', () => assert.fail('no cause')],
  ['is told', () => () => assert.fail('no cause')],
] as const) {
  test(`a cause that fails when it ${name} costs no version`, async () => {
    const { write, record, store, failures } = await setUpFailing(attribution as () => never);
    await write('a.md', 'text');
    await write('b.md', 'text');
    await record('a.md', 'b.md');
    assert.deepEqual((await store.recent({})).map(({ path, cause }) => [path, cause]).sort(), [
      ['a.md', 'external'],
      ['b.md', 'external'],
    ]);
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? '', /without some causes.*no cause/);
  });
}

/** A text that is like no other of another name. */
function lines(name: string): string {
  return Array.from({ length: 40 }, (_, n) => `${name} ${n}\n`).join('');
}

test('of files that moved and changed, one whose content is damaged is new, and the others go on', async () => {
  const { write, record, store, faults, story, failures, on } = await setUpFailing();
  for (const name of ['a', 'b', 'c']) await write(`old/${name}.md`, lines(name));
  await record('old');
  const damaged = (await store.versions('old/b.md', {}))[0]?.id;
  await rm(on('old'), { recursive: true });
  for (const name of ['a', 'b', 'c']) await write(`new/${name}-2.md`, `${lines(name)}more\n`);
  faults.set('store.content', ([of]) => (of === damaged ? damage : undefined));
  const results = await record('new', 'old');
  assert.deepEqual(
    results.filter(({ error }) => error),
    [],
  );
  faults.clear();
  assert.deepEqual(await story('new/b-2.md'), ['created new/b-2.md']);
  assert.deepEqual((await story('new/a-2.md')).length, 2);
  assert.deepEqual((await story('new/c-2.md')).length, 2);
  assert.equal(failures.length, 1);
});

test('a path that cannot be read prevents no other from being deleted, moved or recorded', async () => {
  const { write, record, faults, story, store, on } = await setUpFailing();
  await write('dir/a.md', 'deleted');
  await write('dir/b.md', 'cannot be looked at');
  await write('dir/c.md', 'moved');
  await record('dir');
  await rename(on('dir/c.md'), on('c.md'));
  await rm(on('dir'), { recursive: true });
  await mkdir(on('dir'));
  await write('d.md', 'new');
  const unreadable = new ObbyError('unreadable', 'dir/b.md could not be read: EACCES');
  faults.set('disk.entry', ([path]) => (path === 'dir/b.md' ? unreadable : undefined));
  const results = await record('c.md', 'd.md', 'dir');
  assert.deepEqual(
    results.flatMap(({ path, error }) => (error ? [path] : [])),
    ['dir/b.md'],
  );
  assert.deepEqual(await story('c.md'), ['created dir/c.md', 'renamed dir/c.md → c.md']);
  assert.deepEqual(await story('d.md'), ['created d.md']);
  assert.deepEqual(
    (await store.deletedFiles(10)).map(({ path }) => path),
    ['dir/a.md'],
  );
  faults.clear();
  await record('dir');
  assert.deepEqual(await story('dir/b.md'), ['created dir/b.md', 'deleted dir/b.md']);
});

for (const call of ['heads', 'headsOf', 'deletionsOf']) {
  test(`where files came from may fail (${call}): they are recorded as new`, async () => {
    const { write, record, faults, store, on } = await setUpFailing();
    await write('a.md', lines('a'));
    await record('a.md');
    await rename(on('a.md'), on('b.md'));
    faults.set(`store.${call}`, () => damage);
    await record('b.md');
    const [newest] = await store.versions('b.md', {});
    assert.equal(newest?.kind, call === 'heads' ? 'renamed' : 'created');
    await write('c.md', lines('c'));
    await record({ path: 'a.md', waits: true }, 'c.md');
    assert.equal((await store.versions('c.md', {}))[0]?.kind, 'created');
  });
}

test('a stamp that cannot be noted is no failure of its file', async () => {
  const { write, record, store, faults, failures } = await setUpFailing();
  await write('a.md', 'text');
  await record('a.md');
  await store.noteStamps([{ path: 'a.md', stamp: 'of another time' }]);
  faults.set('store.noteStamps', () => damage);
  assert.deepEqual(await record('a.md'), []);
  assert.equal(failures.length, 1);
});
