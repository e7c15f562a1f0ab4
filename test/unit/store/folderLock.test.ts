import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FolderLock } from '../../../src/store/folderLock';
import { nodeFilePort } from '../../../src/store/nodeFilePort';
import { ListLog, temporaryFolder } from './fixtures';
import { errnoError, MemoryFiles } from './memoryFiles';

const log = new ListLog();

test('one at a time holds a lock, whoever died holding it', async () => {
  const dir = temporaryFolder();
  const dead = new Set<string>();
  const isAbandoned = (owner: string): Promise<boolean> => Promise.resolve(dead.has(owner));
  let [holding, most, held] = [0, 0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, ++holding);
    held++;
    await delay(Math.random() * 2);
    holding--;
  };
  const live = async (owner: string): Promise<void> => {
    const lock = new FolderLock({ dir, files: nodeFilePort, log, owner, name: 'record', isAbandoned });
    for (let n = 0; n < 40; n++) await lock.hold(work);
  };
  const diesHolding = async (owner: string): Promise<void> => {
    const lock = new FolderLock({ dir, files: nodeFilePort, log, owner, name: 'record', isAbandoned });
    await new Promise<void>((resolve) => {
      void lock.hold(async () => {
        await work();
        dead.add(owner);
        resolve();
        // Nobody who is dead lets go.
        await new Promise(() => undefined);
      });
    });
  };
  const dying = async (): Promise<void> => {
    for (let n = 0; n < 10; n++) await diesHolding(`dead${n}`);
  };
  await Promise.all([live('one'), live('two'), live('three'), dying()]);
  assert.equal(most, 1);
  assert.equal(held, 130);
  assert.deepEqual(
    (await nodeFilePort.list(dir)).filter((name) => !dead.has(name.split('.')[1] ?? '')),
    [],
  );
});

test('locks of other names and other files do not count; what cannot be locked is done all the same', async () => {
  const files = new MemoryFiles();
  for (const name of ['upkeep.other.lock', 'record.lock', 'lock', 'record.other.tmp']) {
    files.put(`/store/${name}`, Buffer.from(''));
  }
  const isAbandoned = (): Promise<boolean> => Promise.resolve(false);
  const options = { dir: '/store', log, owner: 'me', name: 'record', isAbandoned };
  assert.equal(await new FolderLock({ ...options, files }).hold(() => Promise.resolve('done')), 'done');
  const full = { ...options, files: { ...nodeFilePort, list: files.list.bind(files), create: fail } };
  assert.equal(await new FolderLock(full).hold(() => Promise.resolve('done')), 'done');
});

test('recording does not wait for ever for a window that is stuck', async () => {
  const files = new MemoryFiles();
  files.put('/store/record.stuck.lock', Buffer.from(''));
  const isAbandoned = (): Promise<boolean> => Promise.resolve(false);
  const lock = new FolderLock({ dir: '/store', files, log, owner: 'me', name: 'record', isAbandoned, patienceMs: 30 });
  assert.equal(await lock.hold(() => Promise.resolve('done')), 'done');
  assert.ok(log.lines.some((line) => line.includes('record.*.lock')));
  assert.ok(files.paths().includes('/store/record.stuck.lock'));
});

function fail(): never {
  throw errnoError('ENOSPC');
}
