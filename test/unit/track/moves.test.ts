import assert from 'node:assert/strict';
import { copyFile, link, rename, rm } from 'node:fs/promises';
import { test } from 'node:test';
import { systemClock } from '../../../src/base/clock';
import { setUp } from './recorderFixture';

const lines = (name: string, count = 20): string =>
  Array.from({ length: count }, (_, index) => `line ${index} of ${name}\n`).join('');

/** A folder with these files recorded; each holds lines of its own. */
async function withFiles(...names: string[]) {
  const folder = await setUp();
  for (const name of names) await folder.write(name, lines(name));
  await folder.record(...names);
  return { ...folder, move: (from: string, to: string) => rename(folder.on(from), folder.on(to)) };
}

test('a file that moved and was changed in the same breath is known by what it is on the disk', async () => {
  const { write, record, story, move } = await withFiles('a.md');
  await move('a.md', 'b.md');
  await write('b.md', 'nothing of what it was');
  await record('b.md', 'a.md');
  assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
});

test('of two equal files one moved and one went: the file system knows which', async () => {
  const { write, record, story, move, on } = await withFiles();
  await write('a.md', 'same');
  await write('b.md', 'same');
  await record('a.md', 'b.md');
  await move('a.md', 'c.md');
  await rm(on('b.md'));
  await record('a.md', 'b.md', 'c.md');
  assert.deepEqual(await story('c.md'), ['created a.md', 'renamed a.md → c.md']);
  assert.deepEqual(await story('b.md'), ['created b.md', 'deleted b.md']);
});

test('two equal files that vanish, a copy that appears: no pairing is guessed', async () => {
  const { write, record, story, on } = await withFiles();
  await write('a.md', 'same');
  await write('b.md', 'same');
  await record('a.md', 'b.md');
  await copyFile(on('a.md'), on('c.md'));
  await rm(on('a.md'));
  await rm(on('b.md'));
  await record('a.md', 'b.md', 'c.md');
  assert.deepEqual(await story('c.md'), ['created c.md']);
});

test('one file that vanishes, two copies that appear: no pairing is guessed', async () => {
  const { record, story, on } = await withFiles('a.md');
  await copyFile(on('a.md'), on('b.md'));
  await copyFile(on('a.md'), on('c.md'));
  await rm(on('a.md'));
  await record('b.md', 'c.md', 'a.md');
  assert.deepEqual([await story('b.md'), await story('c.md')], [['created b.md'], ['created c.md']]);
});

test('a file that was copied and moved: the history goes with the one that moved', async () => {
  const { record, story, move, on } = await withFiles('a.md');
  await copyFile(on('a.md'), on('b.md'));
  await move('a.md', 'c.md');
  await record('b.md', 'c.md', 'a.md');
  assert.deepEqual(
    [await story('b.md'), await story('c.md')],
    [['created b.md'], ['created a.md', 'renamed a.md → c.md']],
  );
});

test('a second name of a file that stays is no move', async () => {
  const { record, story, on } = await withFiles('a.md');
  await link(on('a.md'), on('b.md'));
  await record('b.md', 'a.md');
  assert.deepEqual([await story('a.md'), await story('b.md')], [['created a.md'], ['created b.md']]);
});

test('two files that were exchanged keep their histories', async () => {
  const { record, story, texts, move } = await withFiles('a.md', 'b.md');
  await move('a.md', 't');
  await move('b.md', 'a.md');
  await move('t', 'b.md');
  await record('a.md', 'b.md');
  assert.deepEqual(await story('a.md'), ['created b.md', 'renamed b.md → a.md']);
  assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
  assert.deepEqual(await texts('a.md'), [lines('b.md'), lines('b.md')]);
});

test('files that moved on in a row each keep their history, the last to a new path', async () => {
  const { write, record, story, store, move } = await withFiles('1.md', '2.md', '3.md');
  for (const name of ['3.md', '2.md', '1.md']) await move(name, `${Number(name[0]) + 1}.md`);
  await write('2.md', 'changed');
  await record('1.md', '2.md', '3.md', '4.md');
  for (const number of [2, 3, 4]) {
    assert.deepEqual(await story(`${number}.md`), [
      `created ${number - 1}.md`,
      `renamed ${number - 1}.md → ${number}.md`,
    ]);
  }
  assert.deepEqual(await store.deletedFiles(10), []);
});

test('a file that replaced another: the history of the path continues', async () => {
  const { record, story, move } = await withFiles('draft.md', 'final.md');
  await move('draft.md', 'final.md');
  await record('draft.md', 'final.md');
  assert.deepEqual(await story('final.md'), ['created final.md', 'modified final.md']);
  assert.deepEqual(await story('draft.md'), ['created draft.md', 'deleted draft.md']);
});

test('a file that moved to the path of a deleted one: both histories are found at the path', async () => {
  const { record, story, store, move, on } = await withFiles('foo.md', 'bar.md');
  await rm(on('foo.md'));
  await record('foo.md');
  await move('bar.md', 'foo.md');
  await record('bar.md', 'foo.md');
  assert.deepEqual(await story('foo.md'), ['created bar.md', 'renamed bar.md → foo.md']);
  const earlier = await store.versions('foo.md', { earlier: true });
  assert.deepEqual(
    earlier.map(({ kind, path }) => [kind, path]),
    [
      ['deleted', 'foo.md'],
      ['created', 'foo.md'],
    ],
  );
  assert.equal(Buffer.from(await store.content(earlier[1]?.id ?? '')).toString(), lines('foo.md'));
});

test('a copy of a file that took the place of another is not that file', async () => {
  const { record, story, move, on } = await withFiles('a.md', 'b.md');
  await move('b.md', 'a.md');
  await copyFile(on('a.md'), on('c.md'));
  await record('a.md', 'b.md', 'c.md');
  assert.deepEqual(await story('a.md'), ['created a.md', 'modified a.md']);
  assert.deepEqual([await story('b.md'), await story('c.md')], [['created b.md', 'deleted b.md'], ['created c.md']]);
});

test('what has the bytes of a file that is still there, and of one that just went, is a copy unless the disk knows better', async () => {
  const { record, story, move, on } = await withFiles('a.md', 'b.md');
  await move('b.md', 'a.md');
  await record('a.md', 'b.md');
  await copyFile(on('a.md'), on('c.md'));
  await record('c.md');
  assert.deepEqual(await story('c.md'), ['created c.md']);

  await move('c.md', '../waits elsewhere');
  await record('c.md');
  await move('../waits elsewhere', 'd.md');
  await record('d.md');
  assert.deepEqual(await story('d.md'), ['created c.md', 'deleted c.md', 'renamed c.md → d.md']);
});

test('an editor that keeps the old file as a backup leaves the history where it was', async () => {
  const { write, record, story, move } = await withFiles('a.md');
  await move('a.md', 'a.md~');
  await write('a.md', `${lines('a.md')}more\n`);
  await record('a.md~', 'a.md');
  assert.deepEqual([await story('a.md'), await story('a.md~')], [['created a.md', 'modified a.md'], ['created a.md~']]);
});

test('a file rewritten elsewhere with most of its lines keeps its history', async () => {
  const { write, record, story, texts, on } = await withFiles('a.md', 'other.md');
  await rm(on('a.md'));
  await rm(on('other.md'));
  await write('b.md', `${lines('a.md')}more\n`);
  await record('b.md', 'a.md', 'other.md');
  assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
  assert.deepEqual(await texts('b.md'), [lines('a.md'), `${lines('a.md')}more\n`]);
});

for (const [what, text] of [
  ['half of its lines', lines('a.md', 10) + lines('else', 10)],
  ['a few bytes', 'line 0 of a.md\n'],
] as const) {
  test(`${what} in common are no evidence`, async () => {
    const { write, record, story, on } = await withFiles('a.md');
    await rm(on('a.md'));
    await write('b.md', text);
    await record('b.md', 'a.md');
    assert.deepEqual(await story('b.md'), ['created b.md']);
  });
}

test('two files that are both like the one that went: no pairing is guessed', async () => {
  const { write, record, story, on } = await withFiles('a.md');
  await rm(on('a.md'));
  await write('b.md', `${lines('a.md')}b\n`);
  await write('c.md', `${lines('a.md')}c\n`);
  await record('b.md', 'c.md', 'a.md');
  assert.deepEqual([await story('b.md'), await story('c.md')], [['created b.md'], ['created c.md']]);
});

test('what would cost too much to compare is said, and nothing is guessed', async () => {
  const names = Array.from({ length: 101 }, (_, index) => `${index}.md`);
  const { write, record, story, skipped, on } = await withFiles(...names);
  for (const name of names) await rm(on(name));
  await write('new.md', `${lines('0.md')}more\n`);
  await record('new.md', ...names);
  assert.deepEqual(await story('new.md'), ['created new.md']);
  assert.match(skipped.join('\n'), /^101 files went and 1 came/);
});

test('a path that waits is where a file came from, and is not recorded itself', async () => {
  const { write, record, story, move } = await withFiles('a.md', 'c.md');
  await move('a.md', 'b.md');
  await write('c.md', 'not quiet yet');
  await record('b.md', { path: 'a.md', waits: true }, { path: 'c.md', waits: true });
  assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
  assert.deepEqual(await story('c.md'), ['created c.md']);
  assert.deepEqual(await record('a.md'), []);
});

test('a path that waits is recorded with the move that it belongs to', async () => {
  const { record, story, move } = await withFiles('a.md', 'b.md');
  await move('a.md', 't');
  await move('b.md', 'a.md');
  await move('t', 'b.md');
  await record('a.md', { path: 'b.md', waits: true });
  assert.deepEqual(await story('a.md'), ['created b.md', 'renamed b.md → a.md']);
  assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
});

test('a deletion whose turn it is waits for the file that is still written under its new name', async () => {
  const { write, record, story, move } = await withFiles('a.md');
  await move('a.md', 'b.md');
  await write('b.md', 'nothing of what it was');
  await record('a.md', { path: 'b.md', waits: true });
  assert.deepEqual(await story('b.md'), ['created a.md', 'renamed a.md → b.md']);
});

test('a file over the size limit takes its history along', async () => {
  const { write, record, story, limit, move } = await withFiles('a.md');
  limit.maxFileBytes = 10;
  await write('a.md', 'over the limit');
  await record('a.md');
  await move('a.md', 'b.md');
  await record('b.md', 'a.md');
  assert.deepEqual(await story('b.md'), ['created a.md', 'modified a.md', 'renamed a.md → b.md']);
});

test('an empty file that moved is known by what it is on the disk, another empty one is not it', async () => {
  const { write, record, story, move, on } = await withFiles();
  for (const name of ['a.md', 'c.md']) await write(name, '');
  await record('a.md', 'c.md');
  await move('a.md', 'b.md');
  await rm(on('c.md'));
  await write('d.md', '');
  await record('d.md', 'b.md', 'a.md', 'c.md');
  assert.deepEqual(
    [await story('b.md'), await story('d.md')],
    [['created a.md', 'renamed a.md → b.md'], ['created d.md']],
  );
});

test('a moved folder in which files were changed, exchanged and removed', async () => {
  const { write, record, story, move, on } = await withFiles('old/a.md', 'old/b.md', 'old/c.md', 'old/d.md');
  await move('old/a.md', 'old/t');
  await move('old/b.md', 'old/a.md');
  await move('old/t', 'old/b.md');
  await write('old/c.md', 'changed');
  await rm(on('old/d.md'));
  await move('old', 'new');
  await record('new', 'old');
  assert.deepEqual(await story('new/a.md'), ['created old/b.md', 'renamed old/b.md → new/a.md']);
  assert.deepEqual(await story('new/b.md'), ['created old/a.md', 'renamed old/a.md → new/b.md']);
  assert.deepEqual(await story('new/c.md'), ['created old/c.md', 'renamed old/c.md → new/c.md']);
  assert.deepEqual(await story('old/d.md'), ['created old/d.md', 'deleted old/d.md']);
});

for (const [name, aheadMs] of [
  ['back', -3_600_000],
  ['ahead', 3_600_000],
] as const) {
  test(`a file that was deleted before the clock was set ${name} is not taken for one that just moved`, async () => {
    let skew = 0;
    const recorderClock = { ...systemClock, now: () => Date.now() + skew };
    const { write, record, story, on } = await setUp({ recorderClock });
    await write('a.md', lines('a'));
    await record('a.md');
    await rm(on('a.md'));
    await record('a.md');
    skew = aheadMs;
    await write('b.md', lines('a'));
    await record('b.md');
    assert.deepEqual(await story('b.md'), ['created b.md']);
  });
}
