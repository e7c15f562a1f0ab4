import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { changeSetId, changeSetSince, maxChangeSetMs, type FolderChangeSetQuery } from '../../../src/model/changeSet';
import type { HistoryStore, VersionDraft } from '../../../src/model/historyStore';
import { findChangeSet } from '../../../src/query/changeSet';
import { setUp } from '../engine/engineFixture';
import { draft, openTestStore, temporaryFolder } from '../store/fixtures';
import { times } from '../../support/chance';
import fc from '../../support/properties';

const began = 1_700_000_000_000;

async function storeWith(drafts: readonly VersionDraft[]): Promise<HistoryStore> {
  const store = await openTestStore({ dir: temporaryFolder() });
  await store.append(drafts);
  return store;
}

const at = (path: string, time: number, changeSet: string): VersionDraft => draft(path, '', { time, changeSet });

/** What a store is asked for. */
function asked(store: HistoryStore) {
  const queries: FolderChangeSetQuery[] = [];
  const changeSets = (query: FolderChangeSetQuery) => {
    queries.push(query);
    return store.changeSets(query);
  };
  return { queries, store: { changeSets } as HistoryStore };
}

test('the oldest of more than a page of change sets is found, and without those of other times', async () => {
  const ids = Array.from({ length: 1_050 }, (_, n) => changeSetId(began, String(n)));
  const later = changeSetId(began + 10 * maxChangeSetMs, 'later');
  const store = await storeWith([
    ...ids.map((id, n) => at(`${n}.md`, began + n, id)),
    at('later.md', began + 10 * maxChangeSetMs, later),
  ]);
  for (const [index, pages] of [
    [0, 2],
    [49, 2],
    [50, 1],
    [1_049, 1],
  ] as const) {
    const { queries, store: counted } = asked(store);
    const found = await findChangeSet({ store: counted }, ids[index] ?? '');
    assert.deepEqual([found.id, found.newest.path, queries.length], [ids[index], `${index}.md`, pages]);
  }
  await assert.rejects(findChangeSet({ store }, changeSetId(began, 'none')), { code: 'notFound' });
  await store.close();
});

test('change sets that fill their last page exactly end the search', async () => {
  const store = await storeWith(
    Array.from({ length: 1_000 }, (_, n) => at(`${n}.md`, began + n, changeSetId(began, String(n)))),
  );
  const { queries, store: counted } = asked(store);
  await assert.rejects(findChangeSet({ store: counted }, changeSetId(began, 'none')), { code: 'notFound' });
  assert.equal(queries.length, 2);
  await store.close();
});

test('a change set is found by its whole id alone', async () => {
  const id = changeSetId(began, 'ab');
  const store = await storeWith([at('a.md', began, id)]);
  for (const wrong of [
    `${id}c`,
    id.slice(0, -1),
    id.toUpperCase(),
    ` ${id}`,
    `${id} `,
    `${id}-`,
    `${id}-0`,
    `${id}@x`,
  ]) {
    await assert.rejects(
      findChangeSet({ store }, wrong),
      { code: 'notFound', message: `The history has no change set ${wrong}.` },
      wrong,
    );
  }
  await store.close();
});

test('ids without a time, as other programs may have written, are found too', async () => {
  const ids = ['m', '', 'Moment', '%', "'; DROP TABLE versions", 'é-1', '-1', 'zzzzzzzzzzzz-1'];
  const store = await storeWith(ids.map((id, n) => at(`${n}.md`, began + n * 100 * maxChangeSetMs, id)));
  for (const id of ids) assert.equal((await findChangeSet({ store }, id)).id, id);
  await assert.rejects(findChangeSet({ store }, 'n'), { code: 'notFound' });
  await store.close();
});

test('whatever is asked for in a history without versions is not found', async () => {
  const store = await storeWith([]);
  await fc.assert(
    fc.asyncProperty(fc.string(), (id) => assert.rejects(findChangeSet({ store }, id), { code: 'notFound' })),
    { numRuns: times(50) },
  );
  await store.close();
});

test('a change set that lasts as long as any may is found by its newest version', async () => {
  const id = changeSetId(began, 'long');
  const end = began + 2 * maxChangeSetMs - 1;
  const store = await storeWith([at('a.md', began, id), at('b.md', end, id)]);
  const { newest, since, versions } = await findChangeSet({ store }, id);
  assert.deepEqual([newest.path, since, versions], ['b.md', began, 2]);
  await store.close();
});

test('changes that were made long before a scan found them are found', async () => {
  const since = began - 1_000 * maxChangeSetMs;
  const id = changeSetSince(changeSetId(began, '1'), since);
  const offline = { cause: 'offline', causeDetail: { since } } as const;
  const store = await storeWith([
    { ...at('a.md', since + 1, id), ...offline },
    { ...at('b.md', since + 5_000, id), ...offline },
    at('c.md', began, changeSetId(began, '1')),
  ]);
  const { newest, versions } = await findChangeSet({ store }, id);
  assert.deepEqual([newest.path, versions], ['b.md', 2]);
  await store.close();
});

test('each change set that the engine records is found, those that were made while it was closed included', async () => {
  const { engine, on, store } = await setUp({ closedSince: 1_000 });
  writeFileSync(on('a.md'), 'one');
  await engine.record(['a.md']);
  const changeSets = await store.changeSets({});
  assert.deepEqual(
    changeSets.map(({ newest }) => newest.path),
    ['a.md', '.obbywatch'],
  );
  for (const each of changeSets) assert.deepEqual(await findChangeSet({ store }, each.id), each);
  await engine.close();
});
