import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeText } from '../../../../src/views/text/timeText';
import { conflictText, undoStepText } from '../../../../src/views/text/undoText';

const time = new TimeText({ now: () => 0 }, 'en');

test('a step of an undo says what happens to the file, how many lines change, and what would be lost', () => {
  const of = (step: Parameters<typeof undoStepText>[0]): string => undoStepText(step, time);
  assert.equal(
    of({ action: 'write', added: 1_200, removed: 0, unsaved: true }),
    'as it was · +1,200 · has unsaved text',
  );
  assert.equal(
    of({ action: 'delete', removed: 3, existsElsewhere: false }),
    'deleted · −3 · present content exists nowhere else',
  );
  assert.equal(of({ action: 'create', added: 3, existsElsewhere: true }), 'brought back · +3');
  assert.equal(of({ action: 'rename', target: 'src/\u202ea.ts' }), 'renamed back to src/\\u{202e}a.ts');
  assert.equal(
    of({ action: 'merge', target: 'a.ts', added: 1, removed: 1 }),
    'merged, later edits stay · renamed back to a.ts · +1 −1',
  );
  const overlap = { conflict: 'overlap', overlaps: 2 } as const;
  assert.equal(of({ action: 'conflict', ...overlap, onConflict: 'refuse' }), 'conflict, stays as it is');
  assert.equal(
    of({ action: 'merge', ...overlap, onConflict: 'markers' }),
    'merged, later edits stay · 2 conflicts marked',
  );
  assert.equal(conflictText('overlap', { overlaps: 1 }), 'Later edits changed the same lines, in 1 place.');
  assert.equal(conflictText('unreadable', { detail: 'It is a link.' }), 'It is a link.');
});
