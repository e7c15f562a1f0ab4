import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffBytes } from '../../../../src/diff/textDiff';
import fc from '../../../support/properties';
import { ComparedTexts } from '../../../../src/webview/diff/comparedTexts';
import { shownText } from '../../../support/editedText';

function compared(before: string, after: string, left = before, right = after): ComparedTexts {
  const [old, now] = [before, after].map((text) => ({ path: 'f', bytes: Buffer.from(text) }));
  assert(old && now);
  const { changes, added, removed } = diffBytes(old, now);
  return new ComparedTexts({ kind: 'text', left, right, changes, added, removed });
}

test('changes are taken for those of the texts that they are of', () => {
  fc.assert(fc.property(shownText, ({ before, after }) => compared(before, after).areWhole));
});

test('changes of other texts are detected', () => {
  const lines = 'a\nb\nc\nd\n';
  const edited = 'a\nb\nX\nd\n';
  assert.equal(compared(lines, edited, `${lines}e\n`).areWhole, false);
  assert.equal(compared(lines, edited, lines, `new\n${edited}`).areWhole, false);
  assert.equal(compared(lines, edited, lines, 'a\nY\nX\nd\n').areWhole, false);
  assert.equal(compared(lines, edited, '', '').areWhole, false);
});

test('room is made for the greatest line number and the widest line', () => {
  const texts = compared('x\n'.repeat(12_345), `\t\t${'y'.repeat(10)}`);
  assert.deepEqual([texts.digits, texts.widestColumns(4), texts.widestColumns(8)], [5, 18, 26]);
});
