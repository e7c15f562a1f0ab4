import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileName, folderName, forIconLabel, forMessage, oneLine } from '../../../../src/views/text/displayText';
import fc from '../../../support/properties';

test('a hostile name stays on one line and shows what it hides', () => {
  assert.equal(oneLine('a\nb\tc\r'), 'a\\nb\\tc\\r');
  assert.equal(oneLine('invoice\u202efdp.exe'), 'invoice\\u{202e}fdp.exe');
  assert.equal(oneLine('a\u0000\u2028\u200bz'), 'a\\u{0}\\u{2028}\\u{200b}z');
});

test('ordinary names of any language stay as they are', () => {
  for (const name of ['notes/Über uns.md', 'レポート.md', '👩‍👧 family.txt', 'it\'s 100 % "fine".md']) {
    assert.equal(oneLine(name), name);
  }
});

test('a long name keeps its beginning and its ending', () => {
  const shown = oneLine(`${'a'.repeat(5_000)}.md`);
  assert.ok(shown.length <= 200, shown);
  assert.match(shown, /^a+…a+\.md$/);
});

test('nothing that breaks a line or reorders text survives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      assert.doesNotMatch(oneLine(text), /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test('a name never becomes a link in a message, nor an icon in a label', () => {
  // What VS Code looks for in notifications and in labels.
  const link = /\[[^\]]+\]\((https?:\/\/|command:|file:)/;
  const icon = /(?<!\\)\$\([a-z]/;
  assert.match('[click](command:quit).md', link);
  assert.doesNotMatch(forMessage('[click](command:quit).md'), link);
  assert.match('$(zap).md', icon);
  assert.doesNotMatch(forIconLabel('$(zap) $(zap).md'), icon);
});

test('a path is its folder and its name', () => {
  assert.deepEqual([folderName('notes/2026/a.md'), fileName('notes/2026/a.md')], ['notes/2026', 'a.md']);
  assert.deepEqual([folderName('a.md'), fileName('a.md')], ['', 'a.md']);
});
