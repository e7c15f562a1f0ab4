import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { setUp } from './recorderFixture';

type Put = (file: string) => void;

describe('what is no file takes the place of one', () => {
  const replacements: Readonly<Record<string, Put>> = {
    'a link that leads nowhere': (file) => symlinkSync('nowhere', file),
    'a link to itself': (file) => symlinkSync('a.md', file),
    'a link out of the folder': (file) => symlinkSync(dirname(dirname(file)), file),
    'a link to a folder': (file) => symlinkSync('.', file),
    'a pipe': (file) => execFileSync('mkfifo', [file]),
    'a folder': (file) => mkdirSync(file),
  };
  for (const [what, put] of Object.entries(replacements)) {
    test(`${what}: the file counts as deleted, and its content is there`, async () => {
      const { write, record, story, texts, on } = await setUp();
      await write('a.md', 'text');
      await record('a.md');
      rmSync(on('a.md'));
      put(on('a.md'));
      await record('a.md');
      await record('a.md');
      assert.deepEqual(await story('a.md'), ['created a.md', 'deleted a.md']);
      assert.equal((await texts('a.md'))[0], 'text');
    });
  }

  test('a link to a file keeps the history of its path', async () => {
    const { write, record, story, on } = await setUp();
    await write('a.md', 'text');
    await record('a.md');
    await write('b.md', 'another text');
    rmSync(on('a.md'));
    symlinkSync('b.md', on('a.md'));
    await record('a.md');
    assert.deepEqual(await story('a.md'), ['created a.md', 'modified a.md']);
  });
});

describe('a folder becomes a link', () => {
  test('to its new name: its files moved there', async () => {
    const { write, record, story, on, store } = await setUp();
    await write('dir/a.md', 'one');
    await write('dir/sub/b.md', 'two');
    await record('dir/a.md', 'dir/sub/b.md');
    renameSync(on('dir'), on('real'));
    symlinkSync('real', on('dir'));
    await record('dir', 'real', 'dir/a.md', 'real/a.md');
    assert.deepEqual(await story('real/a.md'), ['created dir/a.md', 'renamed dir/a.md → real/a.md']);
    assert.deepEqual(await story('real/sub/b.md'), ['created dir/sub/b.md', 'renamed dir/sub/b.md → real/sub/b.md']);
    assert.deepEqual(await store.heads('dir'), []);
  });

  test('to another folder: its files are deleted, those there are no news', async () => {
    const { write, record, story, on, store } = await setUp();
    await write('dir/a.md', 'one');
    await write('other/a.md', 'another');
    await record('dir/a.md', 'other/a.md');
    rmSync(on('dir'), { recursive: true });
    symlinkSync('other', on('dir'));
    await record('dir/a.md');
    assert.deepEqual(await story('dir/a.md'), ['created dir/a.md', 'deleted dir/a.md']);
    assert.equal((await store.versions('other/a.md', {})).length, 1);
  });

  test('a save through it is no version at the path through the link', async () => {
    const { write, record, store, on } = await setUp();
    await write('real/a.md', 'one');
    await record('real/a.md');
    symlinkSync('real', on('dir'));
    writeFileSync(on('real/a.md'), 'two');
    await record({ path: 'dir/a.md', cause: 'save', saved: { text: 'two' } }, 'real/a.md');
    assert.deepEqual(await store.versions('dir/a.md', {}), []);
    assert.equal((await store.versions('real/a.md', {})).length, 2);
  });

  test('a file in it is restored to no other path, and the message names that path', async () => {
    const { write, record, store, on, recorder } = await setUp();
    await write('dir/a.md', 'one');
    await record('dir/a.md');
    const [version] = await store.versions('dir/a.md', {});
    renameSync(on('dir'), on('real'));
    symlinkSync('real', on('dir'));
    const { failed } = await recorder.restore([{ path: 'dir/a.md', ...(version && { version: version.id }) }]);
    assert.match(String(failed[0]?.error.message), /dir is a link to real now\. Restore real\/a\.md instead/);
  });
});

test('the root may be behind a link', async () => {
  const { write, record, story, root } = await setUp();
  renameSync(root, `${root} real`);
  symlinkSync(`${root} real`, root);
  await write('dir/a.md', 'one');
  await record('dir/a.md');
  rmSync(join(root, 'dir/a.md'));
  await record('dir');
  assert.deepEqual(await story('dir/a.md'), ['created dir/a.md', 'deleted dir/a.md']);
});
