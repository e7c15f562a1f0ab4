import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { diffBytes } from '../../../../src/diff/textDiff';
import { ComparedTexts } from '../../../../src/webview/diff/comparedTexts';
import { nextWideRow, unseenRange } from '../../../../src/webview/diff/wideRows';

const at = (...starts: number[]) => starts.map((start) => ({ start, end: start + 10 }));

describe('the next changed words of a row', () => {
  test('are the nearest beyond the edge of what is seen', () => {
    const ranges = at(900, -50, 10, -300, 2000);
    assert.equal(unseenRange(ranges, 400, 'next')?.start, 900);
    assert.equal(unseenRange(ranges, 400, 'previous')?.start, -50);
    assert.equal(unseenRange(at(10, 395, 900), 400, 'next')?.start, 395);
  });

  test('are none where all are seen', () => {
    assert.equal(unseenRange(at(10, 390), 400, 'next'), undefined);
    assert.equal(unseenRange(at(0, 10), 400, 'previous'), undefined);
    assert.equal(unseenRange(at(), 400, 'next'), undefined);
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
