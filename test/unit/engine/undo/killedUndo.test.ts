import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { chanceOf, isLong } from '../../../support/chance';
import { three, undo, withFiles } from '../restore/restoresFixture';

/** Merges one file, and renames another. */
async function started() {
  const made = await withFiles();
  const [, second] = made.items;
  const items = [
    { path: 'a.md', content: { bytes: Buffer.from('a merged text'), mode: undefined } },
    { path: 'new/b.md', version: second?.version ?? '', movedFrom: 'b.md', expected: null },
    { path: 'b.md' },
  ];
  return { ...made, restore: () => made.folder.engine.restores.restore(items, 'u-1') };
}

test('an undo that is killed at any step is undone after the next start, merged and renamed files included', async () => {
  const whole = await started();
  const before = whole.life.count;
  const { failed } = await whole.restore();
  assert.deepEqual([failed, whole.text('a.md'), whole.text('b.md')], [[], 'a merged text', 'missing']);
  assert.equal(whole.text('new/b.md'), 'one b.md');
  // What was merged may be a secret that is deleted from the history.
  assert.doesNotMatch(readFileSync(whole.journal, 'utf8'), /bytes/);
  const calls = Array.from({ length: whole.life.count - before }, (_, call) => call);
  assert.deepEqual(await undo(whole.folder.engine), []);
  const [newest] = await whole.folder.store.versions('b.md', {});
  assert.deepEqual([newest?.kind, newest?.renamedFrom], ['renamed', 'new/b.md']);
  await whole.folder.engine.close();
  const chance = chanceOf('killed undos of changes');
  for (const call of isLong ? calls : calls.filter(() => chance.below(calls.length) < 12)) {
    const { life, revive, restore, texts, text, on } = await started();
    life.calls = call;
    await restore().catch(() => undefined);
    const engine = await revive();
    if (await engine.restores.last()) assert.deepEqual(await undo(engine), [], `killed after ${call} calls`);
    assert.deepEqual(
      texts(),
      three.map((path) => `two ${path}`),
      `killed after ${call} calls`,
    );
    assert.deepEqual([text('new/b.md'), existsSync(on('new'))], ['missing', false], `killed after ${call} calls`);
    await engine.close();
  }
});

test('a restore that is cancelled leaves the files as they are, names them, and can be asked for again', async () => {
  const { folder, items, texts } = await withFiles();
  const { restores } = folder.engine;
  restores.cancel('u-1');
  const { restored, failed } = await restores.restore(items, 'u-1');
  assert.deepEqual([restored, failed.map(({ problem }) => problem.code)], [[], items.map(() => 'cancelled')]);
  assert.deepEqual(
    texts(),
    three.map((path) => `two ${path}`),
  );
  assert.deepEqual((await restores.restore(items, 'u-2')).failed, []);
  assert.deepEqual(await undo(folder.engine), []);
  await folder.engine.close();
});
