import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordedFolder } from './cliFixture';

test('log lists the versions of a file, and show gives their bytes', async (t) => {
  const { obby, record, write } = recordedFolder(t);
  const bytes = Buffer.from([0, 255, 27, 91, 10, 13]);
  await record(() => {
    write('a.md', 'one\n');
    write('b.bin', bytes);
  });
  await record(() => write('a.md', 'one\ntwo\n'));
  const log = await obby(['log', 'a.md']);
  assert.equal(log.code, 0, log.err);
  const [newest, oldest] = log.out.split('\n');
  assert.match(newest ?? '', /^v1-\S+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\+1 {2}changed while closed$/);
  assert.match(oldest ?? '', /created/);
  const [id = ''] = (oldest ?? '').split(' ');
  assert.equal((await obby(['show', id])).out, 'one\n');
  assert.equal((await obby(['show', 'a.md~1'])).out, 'one\n');
  assert.equal((await obby(['show', 'a.md'])).out, 'one\ntwo\n');
  assert.equal((await obby(['show', 'a.md@now'])).out, 'one\ntwo\n');
  assert.deepEqual((await obby(['show', 'b.bin'])).bytes, bytes);
});

test('reading changes no file of the history and no time of one', async (t) => {
  const { obby, record, write, storeDir } = recordedFolder(t);
  await record(() => write('a.md', 'one\n'));
  const state = (): string[] =>
    readdirSync(storeDir).map((name) => `${name} ${statSync(join(storeDir, name)).mtimeMs}`);
  const before = [...state(), statSync(storeDir).mtimeMs];
  for (const args of [['log'], ['log', 'a.md'], ['show', 'a.md']]) assert.equal((await obby(args)).code, 0);
  assert.deepEqual([...state(), statSync(storeDir).mtimeMs], before);
});
