import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setUp } from './engineFixture';

for (const [what, text] of Object.entries({ whole: '*.key\n', 'still being written': '*.key' })) {
  test(`an ignore file that came with a folder counts for its files, whichever event comes first (${what})`, async () => {
    const { engine, on, store } = await setUp();
    mkdirSync(on('moved/deep'), { recursive: true });
    writeFileSync(on('moved/.obbyignore'), text);
    for (const file of ['moved/a.key', 'moved/deep/b.key', 'moved/c.md']) writeFileSync(on(file), 'secret');
    await engine.record(['moved/deep/b.key']);
    await engine.record(['moved/a.key', 'moved', 'moved/c.md']);
    await engine.scan('asked');
    const paths = new Set((await store.recent({})).map(({ path }) => path));
    assert.deepEqual([...paths].filter((path) => path.startsWith('moved/')).sort(), [
      'moved/.obbyignore',
      'moved/c.md',
    ]);
    await engine.close();
  });
}

test('an ignore file in an ignored folder makes no difference', async () => {
  const { engine, on, store } = await setUp();
  writeFileSync(on('.obbyignore'), 'out/\n');
  await engine.scan('asked');
  mkdirSync(on('out'));
  writeFileSync(on('out/.obbyignore'), '!*\n');
  writeFileSync(on('out/a.md'), 'text');
  writeFileSync(on('b.md'), 'text');
  await engine.record(['out/a.md', 'b.md']);
  assert.deepEqual([await store.versions('out/a.md', {}), (await store.versions('b.md', {})).length], [[], 1]);
  await engine.close();
});
