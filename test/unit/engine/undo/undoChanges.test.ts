import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told, withWriters } from './undoFixture';

const ten = Array.from({ length: 10 }, (_, index) => `line ${index + 1}\n`);

/** Ten lines, some of them changed. */
function lines(changes: Readonly<Record<number, string>> = {}): string {
  return ten.map((line, index) => changes[index + 1] ?? line).join('');
}

test('undo takes back what a change set did to each file, keeps later edits, and is itself undone byte for byte', async () => {
  const { write, change, writing, on, plan, undo, files, undoRestore, engine } = await withWriters();
  await write({ 'a.md': lines(), 'b.md': lines(), 'c.md': 'c\n', 'old/d.md': `d\n${lines()}` });
  const before = files();
  const { rmSync, renameSync } = await import('node:fs');
  const set = await change(() => {
    writing('a.md', lines({ 2: 'agent\n' }));
    writing('b.md', lines({ 9: 'agent\n' }));
    rmSync(on('c.md'));
    writing('new/e.md', 'agent\n');
    renameSync(on('old/d.md'), on('d.md'));
  });
  await write({ 'a.md': lines({ 2: 'agent\n', 8: 'mine\n' }) });
  const later = files();
  const planned = await plan({ changeSets: [set] });
  assert.deepEqual(told(planned), [
    'merge a.md',
    'write b.md',
    'create c.md',
    'rename d.md → old/d.md',
    'delete new/e.md',
  ]);
  const { failed } = await undo({ changeSets: [set] });
  assert.deepEqual(failed, []);
  assert.deepEqual(files(), { ...before, 'a.md': lines({ 8: 'mine\n' }) });
  const undone = await undoRestore();
  assert.deepEqual(undone.failed, []);
  assert.deepEqual(files(), later);
  await engine.close();
});
