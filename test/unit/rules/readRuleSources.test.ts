import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RuleSources } from '../../../src/model/ruleSources';
import { readRules, rereadRules } from '../../../src/rules/readRuleSources';

const root = mkdtempSync(join(tmpdir(), 'obby-rules-'));
after(() => rmSync(root, { recursive: true }));
const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const read = (): RuleSources => readRules(root, []).sources;

/** The rules read anew, while somebody does something in the pause that is made, if any. */
async function reread(
  before: RuleSources,
  meanwhile: () => void,
): Promise<{ readonly now: RuleSources; readonly pauses: number }> {
  let pauses = 0;
  const pause = (): Promise<void> => {
    pauses++;
    meanwhile();
    return Promise.resolve();
  };
  const { sources } = await rereadRules(before, () => readRules(root, []), { root, pause });
  return { now: sources, pauses };
}

test('an ignore file that is being written anew never counts as empty or gone', async () => {
  write('.obbywatch', '*\n');
  mkdirSync(join(root, 'docs'));
  for (const path of ['.obbyignore', 'docs/.obbyignore']) {
    write(path, 'secret\n');
    const before = read();
    const rewrite = (): void => write(path, 'secret\nmore\n');
    write(path, '');
    const empty = await reread(before, rewrite);
    rmSync(join(root, path));
    const gone = await reread(before, rewrite);
    for (const { now, pauses } of [empty, gone]) {
      assert.equal(pauses, 1);
      assert.ok(now.ignores.some(({ text }) => text === 'secret\nmore\n'));
    }
  }
});

test('one that stays empty, or went with its folder, ignores nothing any more', async () => {
  write('.obbyignore', 'secret\n');
  const before = read();
  write('.obbyignore', '');
  const emptied = await reread(before, () => undefined);
  assert.deepEqual([emptied.pauses, emptied.now.ignores[0]?.text], [1, '']);
  rmSync(join(root, 'docs'), { recursive: true });
  const without = await reread(emptied.now, () => assert.fail('nobody writes where there is no folder'));
  assert.deepEqual([without.pauses, without.now.ignores.length], [0, 1]);
});

test('one that is cut short in the middle of being written is read again, a line that is added is not waited for', async () => {
  rmSync(join(root, '.obbyignore'));
  mkdirSync(join(root, 'docs'), { recursive: true });
  for (const path of ['.obbyignore', 'docs/.obbyignore', '.obbywatch']) {
    write('.obbywatch', '*\n!other\n');
    for (const half of ['secret\n', 'secret\nmore\nmo', '']) {
      write(path, 'secret\nmore\n');
      const before = read();
      write(path, half);
      const { now, pauses } = await reread(before, () => write(path, 'secret\nmore\nmost\n'));
      assert.deepEqual([pauses, now], [1, read()], `${path} ${JSON.stringify(half)}`);
    }
    const { pauses } = await reread(read(), () => assert.fail('nothing is under way'));
    assert.equal(pauses, 0);
    write(path, 'secret\nmore\nmost\nall\n');
    assert.equal((await reread(read(), () => assert.fail('nothing is under way'))).pauses, 0);
  }
});

test('one that is new may be in the middle of being written too', async () => {
  rmSync(join(root, 'docs/.obbyignore'));
  const before = read();
  write('docs/.obbyignore', '');
  const { now, pauses } = await reread(before, () => write('docs/.obbyignore', 'secret\n'));
  assert.deepEqual([pauses, now.ignores.find(({ dir }) => dir === 'docs')?.text], [1, 'secret\n']);
});

test('a file that is written again and again is not waited for without end', async () => {
  write('.obbyignore', 'secret\n');
  const before = read();
  write('.obbyignore', 'a');
  let count = 0;
  const { pauses } = await reread(before, () => write('.obbyignore', 'a'.repeat(++count + 1)));
  assert.equal(pauses, 4);
});
