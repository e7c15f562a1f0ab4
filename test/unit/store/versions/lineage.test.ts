import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionRecord } from '../../../../src/model/version';
import { deletion, draft, openTestStore, temporaryFolder } from '../fixtures';

const times = (versions: readonly VersionRecord[]): number[] => versions.map(({ time }) => time);

test('times rise strictly and previous leads back', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const versions = await store.append([1, 2, 3].map((n) => draft('a', `${n}`, { time: 500 - n })));
  assert.deepEqual(times(versions), [499, 500, 501]);
  assert.deepEqual(
    versions.map(({ previous }) => previous),
    [undefined, versions[0]?.id, versions[1]?.id],
  );
  await store.close();
});

test('a rename continues the history, a new file at the old path begins its own', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const [a1, b1, a2] = await store.append([
    draft('a', '1', { time: 10 }),
    draft('b', '1', { kind: 'renamed', renamedFrom: 'a', time: 20 }),
    draft('a', 'new', { kind: 'created', time: 30 }),
  ]);
  assert.deepEqual(await store.versions('b', {}), [b1, a1]);
  assert.deepEqual(await store.versions('a', {}), [a2]);
  assert.deepEqual(await store.versions('a', { earlier: true }), [a1]);
  assert.equal(b1?.previous, a1?.id);
  assert.equal(a2?.previous, undefined);
  assert.deepEqual(await store.versionAt('a', 10), a1);
  assert.equal(await store.versionAt('a', 25), undefined);
  assert.deepEqual(await store.versionAt('a', 30), a2);
  assert.equal(await store.pathOf(a1?.id ?? ''), 'b');
  assert.equal((await store.forget({ path: 'a' })).versions, 1);
  assert.deepEqual(await store.versions('b', {}), [b1, a1]);
  await store.close();
});

test('deletion and re-creation are one history', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const [a1, a2] = await store.append([draft('a', '1', { time: 10 }), deletion('a', { time: 20 })]);
  assert.deepEqual(await store.deletedFiles(10), [a2]);
  assert.equal(await store.head('a'), undefined);
  assert.deepEqual(await store.deletionsOf(a1?.sha256 ?? '', 15, 5), [a2]);
  const [a3] = await store.append([draft('a', '2', { kind: 'created', time: 30 })]);
  assert.deepEqual(await store.versions('a', {}), [a3, a2, a1]);
  assert.deepEqual(await store.versions('a', { earlier: true }), []);
  assert.deepEqual(await store.deletedFiles(10), []);
  assert.equal((await store.head('a'))?.version.id, a3?.id);
  await store.close();
});

test('a rename over a living file ends that one, and both histories can be reached', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const [a1, b1, b2] = await store.append([
    draft('a', 'from a', { time: 10 }),
    draft('b', 'from b', { time: 20 }),
    draft('b', 'from a', { kind: 'renamed', renamedFrom: 'a', time: 30, changeSet: 'move' }),
  ]);
  assert.deepEqual(await store.versions('b', {}), [b2, a1]);
  const [ended] = await store.deletedFiles(10);
  assert.ok(ended);
  assert.deepEqual([ended.path, ended.kind, ended.changeSet, ended.previous], ['b', 'deleted', 'move', b1?.id]);
  assert.deepEqual(await store.versions('b', { before: ended.id }), [b1]);
  assert.deepEqual(await store.versions('b', { earlier: true }), [ended, b1]);
  assert.deepEqual(await store.versions('b', { earlier: true, before: ended.id }), [b1]);
  assert.deepEqual(await store.versions('b', { earlier: true, before: 25, limit: 1 }), [b1]);
  assert.equal((await store.versionAt('b', 25))?.id, b1?.id);
  assert.equal((await store.versionAt('b', 40))?.id, b2?.id);
  assert.equal((await store.forget({ path: 'b' })).versions, 4);
  assert.deepEqual([await store.versions('b', { earlier: true }), await store.recent({})], [[], []]);
  await store.close();
});

test('files that are exchanged by one append keep their histories, in a ring of any length', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const names = ['a', 'b', 'c'];
  const first = await store.append(names.map((name) => draft(name, `by ${name}`, { time: 10 })));
  const next = (name: string): string => names[(names.indexOf(name) + 1) % names.length] ?? '';
  await store.append(
    names.map((name) => draft(next(name), `by ${name}`, { kind: 'renamed', renamedFrom: name, time: 20 })),
  );
  for (const [index, name] of names.entries()) {
    const [newest, oldest, ...others] = await store.versions(next(name), {});
    assert.deepEqual([newest?.renamedFrom, oldest?.id, others], [name, first[index]?.id, []]);
    assert.equal((await store.head(next(name)))?.version.id, newest?.id);
    assert.equal((await store.versionAt(name, 15))?.id, first[index]?.id);
  }
  assert.deepEqual(await store.deletedFiles(10), []);
  await store.close();
});

test('a rename onto a file that an earlier append moved there takes that one back', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const [a] = await store.append([draft('a', '1', { time: 10 })]);
  await store.append([draft('b', '1', { kind: 'renamed', renamedFrom: 'a', time: 20 })]);
  const [back] = await store.append([draft('a', '1', { kind: 'renamed', renamedFrom: 'b', time: 30 })]);
  assert.deepEqual(
    (await store.versions('a', {})).map(({ id }) => id),
    [back?.id, (await store.versionAt('b', 25))?.id, a?.id],
  );
  await store.close();
});

test('a rename whose source was recorded as deleted just before continues it', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const [a1] = await store.append([draft('a', 'x', { time: 10 })]);
  const [a2] = await store.append([deletion('a', { time: 20 })]);
  const [b1] = await store.append([draft('b', 'x', { kind: 'renamed', renamedFrom: 'a', time: 30 })]);
  assert.deepEqual(await store.versions('b', {}), [b1, a2, a1]);
  assert.deepEqual(await store.versions('a', {}), []);
  assert.deepEqual(await store.deletedFiles(5), []);
  await store.close();
});

test('a rename from where nothing was is a new history', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const [b1] = await store.append([draft('b', 'x', { kind: 'renamed', renamedFrom: 'never seen' })]);
  assert.deepEqual(await store.versions('b', {}), [b1]);
  assert.equal(b1?.renamedFrom, 'never seen');
  await store.close();
});
