import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diffBytes } from '../../../../src/diff/textDiff';
import { ComparedTexts } from '../../../../src/webview/diff/comparedTexts';
import { nextWideRow, unseenOffset } from '../../../../src/webview/diff/wideRows';

describe('the next changed words of a row', () => {
  test('are the nearest beyond the edge of what is seen', () => {
    const offsets = [900, -50, 10, -300, 2000];
    assert.equal(unseenOffset(offsets, 400, 'next'), 900);
    assert.equal(unseenOffset(offsets, 400, 'previous'), -50);
  });

  test('are none where all are seen', () => {
    assert.equal(unseenOffset([10, 400], 400, 'next'), undefined);
    assert.equal(unseenOffset([0, 10], 400, 'previous'), undefined);
    assert.equal(unseenOffset([], 400, 'next'), undefined);
  });
});

test('the next row to go to is one of the same change whose words changed far to the right', () => {
  const long = 'word '.repeat(100);
  const [before, after] = [`1\na1\nb ${long}x\nc\nd ${long}\n`, `1\na2\nb ${long}y\nC\nD ${long}\n`];
  const { changes, added, removed } = diffBytes(
    { path: 'f', bytes: Buffer.from(before) },
    { path: 'f', bytes: Buffer.from(after) },
  );
  const texts = new ComparedTexts({ kind: 'text', left: before, right: after, changes, added, removed });
  const rows = texts.rows({ layout: 'sideBySide', context: Infinity, revealed: [] });
  assert.deepEqual(
    [nextWideRow(texts, rows, 1, 80), rows.at(2)],
    [2, { kind: 'change', change: 0, old: 2, new: 2, oldMate: 2, newMate: 2 }],
  );
  assert.equal(nextWideRow(texts, rows, 2, 80), undefined);
  assert.equal(nextWideRow(texts, rows, 0, 80), undefined);
});
