import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { VersionDraft } from '../../../../src/model/historyStore';
import type { VersionRecord } from '../../../../src/model/version';
import { catalogFileName } from '../../../../src/store/catalog/catalogFile';
import { formatFileName, formatText, storeFormat } from '../../../../src/store/format/storeFormat';
import { deletion, draft, openTestStore, temporaryFolder, textOf } from '../fixtures';

const sizes = { fullBytes: 1 << 20, minSealBytes: 1 };

/** A file whose mode changes with its content and without, that is deleted, and that comes back. */
const drafts: readonly VersionDraft[] = [
  draft('a.sh', 'one', { time: 1 }),
  draft('a.sh', 'two', { time: 2, mode: 0o644 }),
  draft('a.sh', 'two', { time: 3, mode: 0o755 }),
  draft('a.sh', 'three', { time: 4, mode: 0o755 }),
  draft('a.sh', 'four', { time: 5, mode: 0 }),
  deletion('a.sh', { time: 6 }),
  draft('a.sh', 'four', { time: 7, mode: 0o600, kind: 'created' }),
  draft('b.sh', 'four', { time: 8, mode: 0o700, kind: 'renamed', renamedFrom: 'a.sh' }),
];
const modes = [undefined, 0o644, 0o755, 0o755, 0, undefined, 0o600, 0o700];
const previousModes = [undefined, undefined, 0o644, undefined, 0o755, undefined, undefined, 0o600];

function assertModes(versions: readonly VersionRecord[]): void {
  assert.deepEqual(
    versions.map(({ mode }) => mode),
    modes,
  );
  assert.deepEqual(
    versions.map(({ previousMode }) => previousMode),
    previousModes,
  );
}

for (const way of ['in one call', 'one by one'] as const) {
  test(`the modes of versions that came ${way} are kept in journals, segments and the catalog`, async () => {
    const dir = temporaryFolder();
    const store = await openTestStore({ dir, sizes });
    const recorded: VersionRecord[] = [];
    if (way === 'in one call') recorded.push(...(await store.append(drafts)));
    else for (const each of drafts) recorded.push(...(await store.append([each])));
    assertModes(recorded);
    const isListed = async (from: typeof store): Promise<void> => {
      assert.deepEqual((await from.versions('b.sh', {})).reverse(), recorded);
      assert.equal((await from.head('b.sh'))?.version.mode, 0o700);
    };
    await isListed(store);
    await store.close();
    const journaled = await openTestStore({ dir, sizes });
    await isListed(journaled);
    while (await journaled.maintain());
    await journaled.close();
    assert.ok(readdirSync(dir).some((name) => name.endsWith('.segment')));
    const sealed = await openTestStore({ dir, sizes });
    await isListed(sealed);
    // A new journal is sealed with what the catalog has of the segment.
    await sealed.append([draft('c', 'five', { time: 9, mode: 0o444 })]);
    while (await sealed.maintain());
    await isListed(sealed);
    assert.equal((await sealed.head('c'))?.version.mode, 0o444);
    await sealed.close();
  });
}

test('a mode has permission bits only', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  for (const mode of [-1, 0o1000, 0o4755, 6.5, NaN]) {
    await assert.rejects(store.append([draft('a', 'x', { mode })]), { code: 'badArgument', message: /its mode / });
  }
  await store.close();
});

test('a folder of the format without modes is read, and becomes one with modes', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir, sizes });
  const [one, two] = await store.append([draft('a', 'one'), draft('b', 'two')]);
  while (await store.maintain());
  const [three] = await store.append([draft('a', 'three')]);
  await store.close();
  writeFileSync(join(dir, formatFileName), formatText(storeFormat - 1));
  const again = await openTestStore({ dir, sizes });
  assert.deepEqual(again.problems, []);
  assert.equal(readFileSync(join(dir, formatFileName), 'utf8'), formatText(storeFormat));
  const [four] = await again.append([draft('a', 'three', { mode: 0o755 })]);
  assert.deepEqual(await again.versions('a', {}), [four, three, one]);
  assert.deepEqual([four?.mode, four?.previousMode, three?.mode], [0o755, undefined, undefined]);
  assert.equal(await textOf(again, two?.id ?? ''), 'two');
  await again.close();
});

test('a mode that another window did not record is recorded', async () => {
  const dir = temporaryFolder();
  const [here, there] = [
    await openTestStore({ dir, writer: 'here11' }),
    await openTestStore({ dir, writer: 'there1' }),
  ];
  await there.append([draft('a', 'one', { mode: 0o644 })]);
  assert.deepEqual(await here.append([draft('a', 'one', { mode: 0o644 })]), []);
  const [changed] = await here.append([draft('a', 'one', { mode: 0o755, time: 2_000 })]);
  assert.deepEqual([changed?.mode, changed?.previousMode], [0o755, 0o644]);
  assert.deepEqual(await there.append([draft('a', 'one', { mode: 0o755 })]), []);
  await here.close();
  await there.close();
});

test('a catalog that is rebuilt has the modes', async () => {
  const dir = temporaryFolder();
  const store = await openTestStore({ dir, sizes });
  const recorded = await store.append(drafts);
  while (await store.maintain());
  await store.close();
  writeFileSync(join(dir, catalogFileName), 'no catalog');
  const rebuilt = await openTestStore({ dir, sizes });
  assert.deepEqual((await rebuilt.versions('b.sh', {})).reverse(), recorded);
  await rebuilt.close();
});
