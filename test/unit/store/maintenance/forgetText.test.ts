import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draft, textOf } from '../fixtures';
import { MemoryFiles } from '../memoryFiles';
import { dir, open, work } from '../upkeepSample';

const secret = 'hunter2-of-someone';
const bytes = [Buffer.from(secret)];

for (const isSealed of [false, true]) {
  test(`a text is forgotten in paths and in names of labels, ${isSealed ? 'sealed' : 'in a journal'}`, async () => {
    const files = new MemoryFiles();
    const store = await open(files);
    const [first] = await store.append([draft('a.txt', 'kept', { time: 1_000 })]);
    await store.append([
      draft(`${secret}.pem`, 'a key', { kind: 'created', time: 2_000 }),
      draft('key.pem', 'a key', { kind: 'renamed', renamedFrom: `${secret}.pem`, time: 3_000 }),
      draft('key.pem', 'another key', { time: 4_000 }),
      draft('b.txt', 'kept too', { kind: 'created', time: 5_000 }),
      draft(`${secret}/b.txt`, 'kept too', { kind: 'renamed', renamedFrom: 'b.txt', time: 6_000 }),
      draft('c.txt', `with ${secret}`, { time: 7_000 }),
    ]);
    await store.label(`before ${secret}`, 3_500);
    await store.label('harmless', 3_600);
    if (isSealed) await work(store);
    const plan = await store.planForget({ bytes });
    assert.deepEqual(
      [plan.labels, plan.files.map(({ path, versions }) => [path, versions])],
      [
        1,
        [
          ['b.txt', 1],
          ['c.txt', 1],
          [`${secret}.pem`, 1],
          [`${secret}/b.txt`, 1],
          ['key.pem', 2],
        ],
      ],
    );
    await store.forget({ bytes });
    assert.deepEqual((await store.recent({ limit: 100 })).map(({ path, unstored }) => [path, unstored]).sort(), [
      ['a.txt', undefined],
      ['c.txt', 'forgotten'],
    ]);
    assert.equal(await textOf(store, first?.id ?? ''), 'kept');
    assert.deepEqual(
      (await store.labels()).map(({ name, time }) => [name, time]),
      [
        ['harmless', 3_600],
        ['…', 3_500],
      ],
    );
    await store.close();
    const again = await open(files);
    assert.equal((await again.labels()).length, 2);
    assert.equal((await again.planForget({ bytes })).versions, 0);
    await again.close();
    for (const path of files.paths().filter((each) => each.startsWith(dir))) {
      assert.equal(files.get(path).includes(secret), false, path);
    }
  });
}

test('a label alone can hold the text', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await store.append([draft('a.txt', 'kept', { time: 1_000 })]);
  await store.label(secret, 3_500);
  assert.deepEqual(await store.planForget({ bytes }), { versions: 0, files: [], isCut: false, labels: 1 });
  await store.forget({ bytes });
  assert.deepEqual(
    (await store.labels()).map(({ name }) => name),
    ['…'],
  );
  assert.equal((await store.recent({})).length, 1);
  await store.close();
});
