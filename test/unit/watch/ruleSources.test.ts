import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { RuleSources } from '../../../src/model/rules';
import { readRuleSources, rereadRuleSources } from '../../../src/watch/ruleSources';

const root = mkdtempSync(join(tmpdir(), 'obby-rules-'));
after(() => rmSync(root, { recursive: true }));
const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const read = (): RuleSources => readRuleSources(root, [], (path) => assert.fail(path));

/** The rules read anew, while somebody does something in the pause that is made, if any. */
function reread(before: RuleSources, meanwhile: () => void): { readonly now: RuleSources; readonly pauses: number } {
  let pauses = 0;
  const pause = (): void => {
    pauses++;
    meanwhile();
  };
  return { now: rereadRuleSources(before, read, { root, pause }), pauses };
}

test('an ignore file that is being written anew never counts as empty or gone', () => {
  write('.obbywatch', '*\n');
  mkdirSync(join(root, 'docs'));
  for (const path of ['.obbyignore', 'docs/.obbyignore']) {
    write(path, 'secret\n');
    const before = read();
    const rewrite = (): void => write(path, 'secret\nmore\n');
    write(path, '');
    const empty = reread(before, rewrite);
    rmSync(join(root, path));
    const gone = reread(before, rewrite);
    for (const { now, pauses } of [empty, gone]) {
      assert.equal(pauses, 1);
      assert.ok(now.ignores.some(({ text }) => text === 'secret\nmore\n'));
    }
  }
});

test('one that stays empty, or went with its folder, ignores nothing any more', () => {
  write('.obbyignore', 'secret\n');
  const before = read();
  write('.obbyignore', '');
  const emptied = reread(before, () => undefined);
  assert.deepEqual([emptied.pauses, emptied.now.ignores[0]?.text], [1, '']);
  rmSync(join(root, 'docs'), { recursive: true });
  const without = reread(emptied.now, () => assert.fail('nobody writes where there is no folder'));
  assert.deepEqual([without.pauses, without.now.ignores.length], [0, 1]);
});
