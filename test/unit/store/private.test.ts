import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import type { FilePort } from '../../../src/store/disk/filePort';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { draft, ListLog, onlyMe, openTestStore, temporaryFolder } from './fixtures';

/** Windows has no modes: there, the same calls must do no harm. */
const hasModes = process.platform !== 'win32';
const sizes = { fullBytes: 64 << 10, minSealBytes: 1 << 10 };

let mask = 0;
before(() => void (mask = process.umask(0)));
after(() => void process.umask(mask));

/** Paths of which others may read, change or use anything. */
function wide(paths: readonly string[]): string[] {
  return hasModes ? paths.filter((path) => (statSync(path).mode & 0o077) !== 0) : [];
}

function below(dir: string): string[] {
  return [dir, ...readdirSync(dir).map((name) => `${dir}/${name}`)];
}

/** The disk, with a look at each file as soon as it was made. */
function watchedPort(): { readonly files: FilePort; readonly made: Set<string>; readonly wideWhenMade: string[] } {
  const made = new Set<string>();
  const wideWhenMade: string[] = [];
  const create: FilePort['create'] = async (path) => {
    const file = await nodeFilePort.create(path);
    made.add(path.slice(path.lastIndexOf('.')));
    wideWhenMade.push(...wide([path]));
    return file;
  };
  return { files: { ...nodeFilePort, create }, made, wideWhenMade };
}

/** A store with a segment, a journal, notes of upkeep, a saved catalog, and an exported history. */
async function use(dir: string, exported: string, files: FilePort = nodeFilePort, log = new ListLog()): Promise<void> {
  const store = await openTestStore({ dir, files, log, processes: onlyMe, sizes });
  await store.append([draft('a.txt', 'one\n'.repeat(2_000)), draft('b.bin', Buffer.alloc(9_000, 7))]);
  while (await store.maintain());
  await store.append([draft('a.txt', 'two\n')]);
  await store.writeHeartbeat();
  await store.exportTo(exported, () => true);
  assert.deepEqual(wide(below(dir)), []);
  await store.close();
}

test('nobody but the user can read a file of the store, from its first moment on', async () => {
  const root = temporaryFolder();
  const dir = `${root}/histories/of a folder`;
  const exported = `${root}/exported.obby`;
  writeFileSync(exported, 'an earlier export');
  const { files, made, wideWhenMade } = watchedPort();
  await use(dir, exported, files);
  assert.deepEqual([...made].sort(), ['.journal', '.lock', '.part', '.starting', '.tmp']);
  assert.deepEqual(wideWhenMade, []);
  assert.deepEqual(wide([dirname(dir), ...below(dir), exported]), []);
});

test('what others could read is mended when the store is opened', async () => {
  const root = temporaryFolder();
  const dir = `${root}/store`;
  await use(dir, `${root}/exported.obby`);
  writeFileSync(`${dir}/left.tmp`, 'by another program');
  for (const path of below(dir)) chmodSync(path, path === dir ? 0o755 : 0o666);
  const store = await openTestStore({ dir, processes: onlyMe, sizes });
  assert.deepEqual(wide(below(dir)), []);
  if (hasModes) assert.equal(statSync(dir).mode & 0o777, 0o700);
  await store.close();
});

test('a disk that takes no modes is said once and keeps nothing back', async () => {
  const dir = temporaryFolder();
  const log = new ListLog();
  const makePrivate = (): Promise<void> => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' }));
  const store = await openTestStore({ dir, files: { ...nodeFilePort, makePrivate }, log });
  assert.equal((await store.append([draft('a.txt', 'one')])).length, 1);
  assert.equal(log.lines.filter((line) => line.includes('Other users')).length, 1);
  await store.close();
});
