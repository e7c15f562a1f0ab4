import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObbyError } from '../../../src/base/errors';
import type { VersionRecord } from '../../../src/model/version';
import type { VersionDraft } from '../../../src/model/historyStore';
import { AppendBatcher } from '../../../src/track/appendBatcher';

const draft = (path: string): VersionDraft =>
  ({ path, kind: 'created', size: 0, time: 0, changeSet: 'm', cause: 'external' }) as unknown as VersionDraft;

/** Stores drafts in a store that refuses some of them; returns the paths of each outcome. */
async function store(paths: readonly string[], refusal: (path: string) => Error | undefined) {
  const [stored, failed]: [string[], string[]] = [[], []];
  const appends = new AppendBatcher({
    store: {
      append: (drafts) => {
        const error = drafts.map(({ path }) => refusal(path)).find((each) => each !== undefined);
        return error ? Promise.reject(error) : Promise.resolve(drafts as unknown as VersionRecord[]);
      },
    },
    onStored: (_versions, drafts) => stored.push(...drafts.map(({ path }) => path)),
    onFailed: (drafts) => failed.push(...drafts.map(({ path }) => path)),
  });
  await appends.add(paths.map(draft));
  await appends.settle();
  return { stored, failed };
}

test('a draft that is refused takes no other with it', async () => {
  const refusal = (path: string) => (path === 'b' ? new ObbyError('badArgument', 'No.') : undefined);
  assert.deepEqual(await store(['a', 'b', 'c'], refusal), { stored: ['a', 'c'], failed: ['b'] });
});

test('a store that fails is not asked again for each', async () => {
  let asked = 0;
  const refusal = () => (asked++, new ObbyError('diskFull', 'Full.'));
  assert.deepEqual(await store(['a', 'b'], refusal), { stored: [], failed: ['a', 'b'] });
  assert.equal(asked, 2);
});

test('what another window had recorded is left out, and every other version is at the index of its draft', async () => {
  const pairs: string[] = [];
  const appends = new AppendBatcher({
    store: { append: (drafts) => Promise.resolve(drafts.filter(({ path }) => path !== 'b') as never) },
    onStored: (versions, drafts) => versions.forEach(({ path }, n) => pairs.push(`${path} ${drafts[n]?.path}`)),
    onFailed: (_drafts, error) => assert.fail(String(error)),
  });
  await appends.add(['a', 'b', 'c', 'b', 'a'].map(draft));
  await appends.settle();
  assert.deepEqual(pairs, ['a a', 'c c', 'a a']);
});
