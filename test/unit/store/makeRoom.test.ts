import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore } from '../../../src/model/historyStore';
import { announceOwner, type Processes } from '../../../src/store/sync/owner';
import { draft, ListLog, openTestStore } from './fixtures';
import { errnoError, MemoryFiles } from './memoryFiles';

const dir = '/store';
const lockPath = `${dir}/upkeep.otherwindow.lock`;
const sizes = { fullBytes: 64 << 10, minSealBytes: 1 << 10 };
const quotaBytes = 200 << 10;
const everybodyRuns: Processes = { pid: process.pid, machine: 'here', isRunning: () => true };

async function open(files: MemoryFiles, log = new ListLog()): Promise<HistoryStore> {
  const store = await openTestStore({ dir, files, sizes, log, processes: everybodyRuns });
  store.setRetention({ quotaBytes, keepAllMs: 1e12, keepHourlyMs: 1e12 });
  return store;
}

/** Appends so many contents of 8 KB that nothing makes smaller, one after the other. */
async function fill(store: HistoryStore, count: number, onAppended: () => void = () => undefined) {
  const versions: VersionRecord[] = [];
  for (let n = 0; n < count; n++) {
    const parts = Array.from({ length: 256 }, (_, i) => createHash('sha256').update(`${n} ${i}`).digest());
    versions.push(...(await store.append([draft('a.bin', Buffer.concat(parts), { time: 1_000 + n })])));
    onAppended();
  }
  return versions;
}

function bytesOf(files: MemoryFiles): number {
  return files.paths().reduce((sum, path) => sum + files.get(path).length, 0);
}

test('who records without pause keeps the quota, by no more than a segment', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  let most = 0;
  await fill(store, 80, () => (most = Math.max(most, bytesOf(files))));
  assert.ok(most < quotaBytes + sizes.fullBytes, `${most} bytes`);
  await store.close();
});

test('a version is acknowledged although no room can be made', async () => {
  const files = new MemoryFiles();
  const log = new ListLog();
  const store = await open(files, log);
  files.onOperation = (operation, path) => {
    if (operation === 'create' && path.includes('.segment')) throw errnoError('EIO');
  };
  const versions = await fill(store, 60);
  files.onOperation = () => undefined;
  assert.equal((await store.recent({ limit: 100 })).length, versions.length);
  await store.close();
  assert.ok(log.lines.some((line) => line.startsWith('warn No room was made: ')));
});

test('recording does not wait for the upkeep of another window', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await announceOwner(files, dir, 'otherwindow', everybodyRuns);
  files.put(lockPath, Buffer.alloc(0));
  const versions = await fill(store, 60);
  assert.equal((await store.recent({ limit: 100 })).length, versions.length);
  await files.remove(lockPath);
  await store.close();
});
