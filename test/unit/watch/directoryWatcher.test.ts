import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync, type watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import { DirectoryWatcher, type DirectoryWatcherDeps } from '../../../src/watch/directoryWatcher';
import { Rules } from '../../../src/rules/rules';

/** A watched temporary folder, and the reported changes. */
function setUp(t: TestContext, parts: Partial<DirectoryWatcherDeps> = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'obby-watches-')));
  const hints: string[] = [];
  const limits: (string | undefined)[] = [];
  const rules = new Rules({ watch: '*.txt\n', ignores: [{ dir: '', text: 'ignored/\n' }] });
  const watches = new DirectoryWatcher({
    root,
    rules: () => rules,
    clock: systemClock,
    maxWatches: 100,
    onChanges: (some) => hints.push(...some.map(({ path, kind }) => `${kind} ${path}`)),
    onLimit: (code) => limits.push(code),
    ...parts,
  });
  t.after(() => {
    watches.dispose();
    rmSync(root, { recursive: true });
  });
  const heard = async (hint: string): Promise<void> => {
    const end = Date.now() + 20_000;
    while (!hints.includes(hint)) {
      assert.ok(Date.now() < end, `Never heard: ${hint} (but ${hints.join(', ')})`);
      await delay(5);
    }
  };
  return { on: (path: string) => join(root, path), watches, hints, limits, heard };
}

test('a folder is followed with all below it, those that come later too, but none that the rules leave out', async (t) => {
  const { on, watches, heard } = setUp(t);
  mkdirSync(on('a/b'), { recursive: true });
  mkdirSync(on('a/ignored/c'), { recursive: true });
  watches.followAll('a');
  assert.equal(watches.size, 2);
  writeFileSync(on('a/b/1.txt'), '1');
  await heard('changed a/b/1.txt');
  mkdirSync(on('a/b/c/d'), { recursive: true });
  await heard('created a/b/c');
  writeFileSync(on('a/b/c/d/2.txt'), '2');
  await heard('changed a/b/c/d/2.txt');
  rmSync(on('a/b/1.txt'));
  await heard('deleted a/b/1.txt');
});

test('a folder that leaves its path is released, and the one that takes it is watched', async (t) => {
  const { on, watches, heard } = setUp(t);
  mkdirSync(on('a'));
  watches.followAll('a');
  renameSync(on('a'), on('elsewhere'));
  await heard('deleted a');
  assert.equal(watches.size, 0);
  mkdirSync(on('a'));
  watches.followAll('a');
  writeFileSync(on('a/1.txt'), '1');
  await heard('changed a/1.txt');
});

test("a limit is told of once, whether it is the own one or the machine's", (t) => {
  const few = setUp(t, { maxWatches: 2 });
  mkdirSync(few.on('a/b/c/d'), { recursive: true });
  few.watches.followAll('a');
  assert.deepEqual([few.watches.size, few.limits], [2, [undefined]]);
  const refusing = (() => {
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  }) as unknown as typeof watch;
  const none = setUp(t, { watch: refusing });
  mkdirSync(none.on('a/b'), { recursive: true });
  none.watches.followAll('a');
  none.watches.followAll('a');
  assert.deepEqual([none.watches.size, none.limits], [0, ['ENOSPC']]);
});
