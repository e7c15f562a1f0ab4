import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { writeFormat1 } from '../../support/crashStores';
import { openTestStore, sha256, temporaryFolder } from './fixtures';

test('a store of the first format is taken over whole, and nothing of it counts as damaged', async () => {
  const dir = temporaryFolder();
  const versions = await writeFormat1(dir);
  writeFileSync(
    `${dir}/catalog.sqlite`,
    'SQLite format 3\0 as the first format had it, without checksums of its pages',
  );
  const store = await openTestStore({ dir, sizes: { fullBytes: 1 << 20, minSealBytes: 1 << 10 } });
  assert.deepEqual(store.problems, []);
  while (await store.maintain());
  for (const { id, sha256: hash } of versions) assert.equal(sha256(await store.content(id)), hash);
  await store.close();
});
