import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionDraft } from '../../../src/model/historyStore';
import { compareContents, diffOfVersion } from '../../../src/query/compare';
import { deletion, draft, openTestStore, sha256, temporaryFolder } from '../store/fixtures';

const side = (text: string | Uint8Array | undefined, path = 'a.md') => ({
  path,
  bytes: typeof text === 'string' ? Buffer.from(text) : text,
});

test('a comparison has the exact texts, sizes and hashes of both sides', () => {
  const { left, right, diff } = compareContents(side('\ufeffone\r\ntwo'), side('one\ntwo\n'), {});
  const [before, after] = [Buffer.from('\ufeffone\r\ntwo'), Buffer.from('one\ntwo\n')];
  const read = { encoding: 'utf8bom', lineEnding: 'CRLF' };
  assert.deepEqual(left, { text: 'one\r\ntwo', ...read, size: 11, sha256: sha256(before) });
  assert.deepEqual(right, { text: 'one\ntwo\n', encoding: 'utf8', lineEnding: 'LF', size: 8, sha256: sha256(after) });
  assert.deepEqual([diff.added, diff.removed, diff.eolChanged], [1, 1, 1]);
});

test('where only the byte order mark differs, the encodings show it', () => {
  const { left, right, diff } = compareContents(side('\ufeffone\n'), side('one\n'), {});
  assert.deepEqual([left.text, left.encoding], ['one\n', 'utf8bom']);
  assert.deepEqual([right.text, right.encoding, diff.encodingOnly], ['one\n', 'utf8', true]);
});

test('a side that does not exist has no hash, an empty file has one', () => {
  const { left, right, diff } = compareContents(side(undefined), side(''), {});
  assert.deepEqual(left, { text: '', size: 0 });
  assert.deepEqual(right, { text: '', size: 0, sha256: sha256(Buffer.from('')) });
  assert.deepEqual([diff.hunks, diff.binary], [[], false]);
});

test('a text that was given has no hash', () => {
  const { left, right } = compareContents({ ...side('one\n'), isGiven: true }, side('two\n'), {});
  assert.deepEqual([left, right.sha256], [{ text: 'one\n', lineEnding: 'LF', size: 4 }, sha256(Buffer.from('two\n'))]);
});

test('binary, huge and equal sides have no lines to show, but their sizes and hashes', () => {
  const huge = new Uint8Array(32 * 1024 * 1024 + 1).fill(97);
  const many = Buffer.from('\n'.repeat(1_000_001));
  for (const [old, present, flag] of [
    ['a\n', '\0', 'binary'],
    [huge, 'a\n', 'tooLarge'],
    ['a\n', many, 'tooLarge'],
    ['a\n', 'a\n', 'identical'],
    ['\0', '\0', 'identical'],
  ] as const) {
    const [from, to] = [side(old), side(present)];
    const { left, right, diff } = compareContents(from, to, {});
    assert.deepEqual([left.text, right.text, diff.hunks, diff[flag]], ['', '', [], true]);
    for (const [given, content] of [
      [from, left],
      [to, right],
    ] as const) {
      assert.ok(given.bytes);
      assert.deepEqual([content.size, content.sha256], [given.bytes.length, sha256(given.bytes)]);
    }
  }
});

test('an option that is no number of lines is refused', () => {
  for (const context of [-1, 0.5, NaN, Infinity, '3']) {
    assert.throws(() => compareContents(side('a'), side('b'), { context: context as number }), { code: 'badArgument' });
  }
});

/** The differences of a file's versions, oldest first. */
async function diffsOf(drafts: readonly VersionDraft[]) {
  const store = await openTestStore({ dir: temporaryFolder() });
  const versions = await store.append(drafts);
  const diffs = await Promise.all(versions.map(({ id }) => diffOfVersion({ store }, id, { context: 0 })));
  await store.close();
  return diffs;
}

test('a creation adds everything, a deletion removes it, and what comes after a deletion is a creation', async () => {
  const [created, changed, deleted, back] = await diffsOf([
    draft('a.md', 'one\n', { kind: 'created', time: 1 }),
    draft('a.md', 'one\ntwo\n', { time: 2 }),
    deletion('a.md', { time: 3 }),
    draft('a.md', 'two\n', { kind: 'created', time: 4 }),
  ]);
  assert.equal(created?.patch, '--- /dev/null\n+++ b/a.md\n@@ -0,0 +1 @@\n+one\n');
  assert.equal(changed?.patch, '--- a/a.md\n+++ b/a.md\n@@ -1,0 +2 @@\n+two\n');
  assert.equal(deleted?.patch, '--- a/a.md\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n');
  assert.equal(back?.patch, '--- /dev/null\n+++ b/a.md\n@@ -0,0 +1 @@\n+two\n');
});

test('the first version is compared with nothing, whatever it is called', async () => {
  const [first] = await diffsOf([draft('a.md', 'one\n', { kind: 'modified' })]);
  assert.deepEqual([first?.added, first?.removed], [1, 0]);
});

test('a rename is compared under both names', async () => {
  const [, renamed] = await diffsOf([
    draft('a.md', 'one\n', { kind: 'created', time: 1 }),
    draft('b.md', 'two\n', { kind: 'renamed', renamedFrom: 'a.md', time: 2 }),
  ]);
  assert.equal(renamed?.patch, '--- a/a.md\n+++ b/b.md\n@@ -1 +1 @@\n-one\n+two\n');
});

test('a version whose content, or that of the one before it, is not stored cannot be compared', async () => {
  const store = await openTestStore({ dir: temporaryFolder() });
  const { content: _content, ...large } = draft('a.md', 'large', { unstored: 'too large', time: 2 });
  const versions = await store.append([draft('a.md', 'one', { time: 1 }), large, draft('a.md', 'two', { time: 3 })]);
  const codes = await Promise.all(
    versions.map(({ id }) =>
      diffOfVersion({ store }, id, {}).then(
        () => 'compared',
        (error: unknown) => (error as { readonly code: string }).code,
      ),
    ),
  );
  assert.deepEqual(codes, ['compared', 'notStored', 'notStored']);
  await assert.rejects(diffOfVersion({ store }, 'v1-000000000-aaaaaa-0', {}), { code: 'notFound' });
  await store.close();
});
