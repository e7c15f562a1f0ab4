import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordedFolder, type Json } from './cliFixture';

test('verify finds damage without touching it, and repairs it when asked', async (t) => {
  const { obby, json, record, write, storeDir } = recordedFolder(t);
  const noise = (seed: number): string => Array.from({ length: 500 }, (_, n) => `${(n * seed) % 7919}\n`).join('');
  await record(() => write('b.md', noise(31)));
  await record(() => write('a.md', noise(77)));
  assert.deepEqual([(await json('verify'))['damagedCount'], (await obby(['verify'])).code], [0, 0]);
  const journal = readdirSync(storeDir).find((name) => name.endsWith('.journal')) ?? '';
  const bytes = readFileSync(join(storeDir, journal));
  const damaged = Buffer.from(bytes);
  damaged.fill(7, 300, 320);
  writeFileSync(join(storeDir, journal), damaged);
  const found = await obby(['verify']);
  assert.ok(readFileSync(join(storeDir, journal)).equals(damaged), 'it is as it was');
  assert.match(found.err + found.out, /damaged/);
  assert.equal(found.code, 1, found.out);
  assert.equal((await obby(['verify', '--repair'])).code, 2, 'not confirmed');
  const repaired = await obby(['verify', '--repair', '--yes']);
  assert.match(repaired.out + repaired.err, /damaged/);
  assert.equal((await obby(['show', 'a.md'])).out, noise(77));
});

test('export, import, stats and forget', async (t) => {
  const { obby, json, record, write, base, storeDir } = recordedFolder(t);
  await record(() => {
    write('a.md', 'one\n');
    write('b.md', 'the password is hunter2\n');
  });
  await record(() => write('b.md', 'no password\n'));
  const facts = await json('stats');
  assert.deepEqual([facts.versions, facts.files], [3, 2]);
  const target = join(base, 'out.obby');
  assert.deepEqual((await json('export', target)).versions, 3);
  assert.equal((await obby(['export', target])).code, 2, 'it exists');
  assert.equal((await obby(['export', target, 'a.md', '--yes'])).code, 0);
  assert.equal((await obby(['export', target, '--yes'])).code, 0);

  assert.equal((await obby(['forget', '--text-stdin'], { input: 'hunter2\n' })).code, 2, 'not confirmed');
  const forgot = await obby(['forget', '--text-stdin', '--yes'], { input: 'hunter2\n' });
  assert.equal(forgot.code, 0, forgot.err);
  assert.ok(!(forgot.out + forgot.err).includes('hunter2'));
  assert.equal((await obby(['show', 'b.md~1'])).code, 1);
  assert.equal((await obby(['forget', '--yes'])).code, 2);
  assert.equal((await obby(['forget', 'a.md', '--yes'])).code, 0);
  assert.equal((await obby(['log', 'a.md'])).code, 1);

  rmSync(storeDir, { recursive: true });
  await record(() => undefined);
  const imported = await obby(['import', target, '--yes', '--json']);
  assert.equal(imported.code, 0, imported.err);
  assert.equal((await obby(['show', 'b.md~2'])).out, 'the password is hunter2\n');
  assert.equal((await obby(['import', join(base, 'none'), '--yes'])).code, 2);
});

test('watch records a folder that no editor knows, until it is interrupted', async (t) => {
  const { obby, json, write, storeDir } = recordedFolder(t);
  write('a.md', 'one\n');
  const stop = new AbortController();
  const seen: Json[] = [];
  const saw = (path: string, count: number): boolean => seen.filter((each) => each.path === path).length >= count;
  const watching = obby(['watch', '--json'], {
    interrupt: stop.signal,
    onWrite: (lines) => {
      for (const line of lines.trim().split('\n')) seen.push(JSON.parse(line) as Json);
      if (!saw('a.md', 2)) write('a.md', 'two\n');
      else stop.abort();
    },
  });
  const { code, err } = await watching;
  assert.equal(code, 130, err);
  assert.match(err, /^Recording /);
  assert.ok(existsSync(storeDir), 'where an editor would look for it');
  assert.equal((await json('log', 'a.md')).versions.length, 2);
});
