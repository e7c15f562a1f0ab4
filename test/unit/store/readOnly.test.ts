import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { draft, openTestStore, temporaryFolder } from './fixtures';

const textOf = (n: number): string =>
  Array.from({ length: 60 }, (_, line) => `${(line * n * 7919) % 10_007}\n`).join('');

test('a store that is open for reading finds every version while another one records and seals', async () => {
  const dir = temporaryFolder();
  // So small that journals are sealed, and segments merged, all the time.
  const sizes = { fullBytes: 1_500, minSealBytes: 300 };
  const writer = await openTestStore({ dir, sizes });
  let sealed = 0;
  for (let n = 1; n <= 8; n++) {
    await writer.append([draft(`f${n % 3}.md`, textOf(n))]);
    const [reader] = await Promise.all([openTestStore({ dir, sizes, isReadOnly: true }), writer.maintain()]);
    assert.deepEqual((await reader.statistics()).versions, n);
    const [newest] = await reader.recent({ limit: 1 });
    assert.equal(Buffer.from(await reader.content(newest?.id ?? '')).toString(), textOf(n));
    const before = readdirSync(dir).sort();
    await assert.rejects(reader.append([draft('x.md', 'x')]), /open for reading only/);
    await reader.close();
    assert.deepEqual(readdirSync(dir).sort(), before);
    sealed += before.filter((name) => name.endsWith('.segment')).length;
  }
  assert.ok(sealed > 0, 'there were segments');
  await writer.close();
});
