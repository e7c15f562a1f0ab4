import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { changeSetId } from '../../../../src/model/changeSet';
import type { HistoryStore, VersionDraft } from '../../../../src/model/historyStore';
import { openTestStore, temporaryFolder } from '../fixtures';
import { times } from '../../../support/chance';
import fc from '../../../support/properties';

const began = 1_700_000_000_000;

function draft(path: string, time: number, changeSet: string, more: Partial<VersionDraft> = {}): VersionDraft {
  const content = Buffer.from(`${path} ${time}`);
  return {
    path,
    kind: 'modified',
    cause: 'external',
    confidence: 'likely',
    time,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    eolOnly: false,
    binary: false,
    changeSet: changeSet,
    content,
    added: 2,
    removed: 1,
    ...more,
  };
}

async function storeWith(drafts: readonly VersionDraft[], writer = 'aaaaaa'): Promise<HistoryStore> {
  const store = await openTestStore({ dir: temporaryFolder(), writer });
  await store.append(drafts);
  return store;
}

test('a moment counts what happened in it', async () => {
  const burst = changeSetId(began, 'burst');
  const store = await storeWith(
    [
      draft('old.md', began - 1, changeSetId(began - 1, 'x')),
      draft('a.md', began, burst, { kind: 'created' }),
      draft('b.md', began + 1, burst, { kind: 'created', eolOnly: true }),
      draft('b.md', began + 2, burst),
      {
        ...draft('old.md', began + 3, burst),
        kind: 'deleted',
        size: 0,
        content: undefined,
        sha256: undefined,
      } as never,
    ].map(withoutUndefined),
  );
  const [newest, oldest, ...none] = await store.changeSets({});
  assert.deepEqual(none, []);
  assert.equal(oldest?.versions, 1);
  assert.deepEqual(
    { ...newest, newest: newest?.newest.path },
    {
      id: burst,
      newest: 'old.md',
      since: began,
      files: 3,
      versions: 4,
      kinds: { created: 2, modified: 1, deleted: 1, renamed: 0 },
      added: 6,
      removed: 3,
    },
  );
  await store.close();
});

test('10,000 files of one moment are one row, and their pages hold each once, by path', async () => {
  const burst = changeSetId(began, 'burst');
  const count = 10_000;
  const drafts = Array.from({ length: count }, (_, n) => draft(`f/${n}.md`, began + (n % 900), burst));
  const store = await storeWith([draft('before.md', began - 1, 'b'), ...drafts, draft('after.md', began + 950, 'c')]);
  const changeSets = await store.changeSets({ limit: 10 });
  assert.deepEqual(
    changeSets.map(({ files }) => files),
    [1, count, 1],
  );
  const id = changeSets[1]?.newest.id ?? '';
  const seen: string[] = [];
  for (let offset = 0; offset < count; offset += 2_500) {
    seen.push(...(await store.changes(id, { limit: 2_500, offset })).map(({ path }) => path));
  }
  assert.deepEqual(seen, drafts.map(({ path }) => path).sort());
  assert.deepEqual(await store.changes(id, { offset: count }), []);
  await store.close();
});

test('what was found after a closing time belongs together however old it is', async () => {
  const day = 86_400_000;
  const since = began - 30 * day;
  const changeSet = changeSetId(began, `1-${since.toString(36)}`);
  const offline = { cause: 'offline', causeDetail: { since } } as const;
  const store = await storeWith([0, 5, 29].map((days) => draft(`${days}.md`, since + days * day, changeSet, offline)));
  assert.deepEqual(
    (await store.changeSets({})).map(({ files }) => files),
    [3],
  );
  await store.close();
});

/** Moments that overlap in time. */
const histories = fc.array(
  fc.record({ changeSet: fc.integer({ min: 0, max: 5 }), step: fc.integer({ min: 0, max: 2 }) }),
  { minLength: 1, maxLength: 40 },
);

test('pages of any size hold each moment once, in the order of its newest version', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.integer({ min: 1, max: 4 }), async (steps, limit) => {
      let time = began;
      const drafts = steps.map(({ changeSet, step }, n) =>
        draft(`${n}.md`, (time += step), changeSetId(began, String(changeSet))),
      );
      const store = await storeWith(drafts);
      const all = await store.recent({ limit: 1_000 });
      const listed: string[] = [];
      for (let before: string | undefined; ;) {
        const page = await store.changeSets({ limit, ...(before !== undefined && { before }) });
        listed.push(...page.map(({ id }) => id));
        before = page.at(-1)?.newest.id;
        if (page.length < limit) break;
      }
      await store.close();
      assert.deepEqual(listed, [...new Set(all.map(({ changeSet }) => changeSet))]);
    }),
    { numRuns: times(60) },
  );
});

function withoutUndefined(draft: VersionDraft): VersionDraft {
  return Object.fromEntries(
    Object.entries(draft).filter(([, value]) => value !== undefined),
  ) as unknown as VersionDraft;
}
