import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Rules } from '../../../src/rules/rules';
import { FolderSnapshot } from '../../../src/watch/folderSnapshot';

const root = mkdtempSync(join(tmpdir(), 'obby-snapshot-'));
after(() => rmSync(root, { recursive: true }));

const rules = new Rules({ watch: '*.md\n', ignores: [] });

/** Settles what a comparison finds, as if it was recorded; resolves with what differs. */
function compare(snapshot: FolderSnapshot): { found: string[]; gone: string[] } {
  // Files are old enough by then to be trusted.
  const now = Date.now() + 3_600_000;
  const onError = (path: string, error: unknown): never => assert.fail(`${path}: ${String(error)}`);
  const all = [...snapshot.compare({ root, from: '', rules, now, onError })];
  for (const file of all.flatMap(({ found }) => found)) snapshot.settle(file);
  return {
    found: all.flatMap(({ found }) => found.map(({ path }) => path)).sort(),
    gone: all.flatMap(({ gone }) => gone).sort(),
  };
}

const replacements: Readonly<Record<string, (file: string) => void>> = {
  nothing: () => undefined,
  'a link that leads nowhere': (file) => symlinkSync('nowhere', file),
  'a link to a folder': (file) => symlinkSync('.', file),
  'a pipe': (file) => execFileSync('mkfifo', [file]),
  'a folder': (file) => mkdirSync(file),
};

for (const [what, put] of Object.entries(replacements)) {
  test(`a file that gives way to ${what} is gone`, () => {
    const snapshot = new FolderSnapshot();
    const file = join(root, 'a.md');
    rmSync(file, { recursive: true, force: true });
    writeFileSync(file, 'text');
    utimesSync(file, 1_000, 1_000);
    assert.deepEqual(compare(snapshot), { found: ['a.md'], gone: [] });
    assert.deepEqual(compare(snapshot), { found: [], gone: [] });
    rmSync(file);
    put(file);
    assert.deepEqual(compare(snapshot), { found: [], gone: ['a.md'] });
    assert.deepEqual(compare(snapshot), { found: [], gone: [] });
  });
}
