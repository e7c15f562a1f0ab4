import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionRecord } from '../../../src/model/version';
import { deletion, draft, openTestStore, temporaryFolder, textOf } from './fixtures';

const times = (versions: readonly VersionRecord[]): number[] => versions.map(({ time }) => time);

test('keeps every version, byte for byte, across closing', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir });
  const contents = ['one\n', 'one\r\ntwo\r\n', '', '\uFEFFthree', 'one\n'];
  const recorded: VersionRecord[] = [];
  for (const [index, text] of contents.entries()) {
    recorded.push(...(await store.append([draft('a.txt', text, { time: 1_000 + index })])));
  }
  await store.close();
  const again = await openTestStore({ dir });
  assert.deepEqual(await again.versions('a.txt', {}), [...recorded].reverse());
  for (const [index, { id }] of recorded.entries()) assert.equal(await textOf(again, id), contents[index]);
  assert.deepEqual(again.problems, []);
  await again.close();
});

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
  assert.equal(b1?.previous, a1?.id);
  assert.equal(a2?.previous, undefined);
  assert.deepEqual(await store.versionAt('a', 10), a1);
  assert.equal(await store.versionAt('a', 25), undefined);
  assert.deepEqual(await store.versionAt('a', 30), a2);
  assert.equal(await store.pathOf(a1?.id ?? ''), 'b');
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
  assert.deepEqual(await store.deletedFiles(10), []);
  assert.equal((await store.head('a'))?.version.id, a3?.id);
  await store.close();
});
