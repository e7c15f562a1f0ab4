import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../../src/base/clock';
import type { FilePort } from '../../../../src/store/disk/filePort';
import { Busy, FolderLock, type FolderLockOptions } from '../../../../src/store/sync/folderLock';
import { nodeFilePort } from '../../../../src/store/disk/nodeFilePort';
import { chanceOf } from '../../../support/chance';
import { FakeClock } from '../../../support/fakeClock';
import { ListLog, temporaryFolder } from '../fixtures';
import { errnoError, MemoryFiles } from '../memoryFiles';

const log = new ListLog();
const chance = chanceOf('folder lock');
const long = 60_000;

interface LockOptions extends Partial<Omit<FolderLockOptions, 'owners'>> {
  readonly dir: string;
  readonly files: FilePort;
  readonly isGone?: (owner: string) => boolean;
}

function lockOf(owner: string, { isGone = () => false, ...options }: LockOptions): FolderLock {
  const owners = {
    isGone: (other: string) => Promise.resolve(isGone(other)),
    describe: (other: string) => Promise.resolve(`The window ${other}`),
  };
  const ownership = { hold: () => ({ name: owner, isKept: () => Promise.resolve(true) }) };
  const stop = new AbortController().signal;
  return new FolderLock({ name: 'record', clock: systemClock, log, ownership, owners, stop, ...options });
}

test('one at a time holds a lock, whoever died holding it', async () => {
  const dir = temporaryFolder();
  const dead = new Set<string>();
  const options = { dir, files: nodeFilePort, isGone: (owner: string) => dead.has(owner) };
  let [holding, most, held] = [0, 0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, ++holding);
    held++;
    await delay(chance.below(2));
    holding--;
  };
  const live = async (owner: string): Promise<void> => {
    const lock = lockOf(owner, options);
    for (let n = 0; n < 40; n++) await lock.hold(long, work);
  };
  const diesHolding = async (owner: string): Promise<void> => {
    const lock = lockOf(owner, options);
    await new Promise<void>((resolve) => {
      void lock.hold(long, async () => {
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
  const obstacleOf = (over: FilePort): Promise<unknown> =>
    lockOf('me', { dir: '/store', files: over }).hold(long, (obstacle) => Promise.resolve(obstacle));
  assert.equal(await obstacleOf(files), undefined);
  const full = await obstacleOf({ ...nodeFilePort, list: files.list.bind(files), create: fail });
  assert.match(String(full), /ENOSPC/);
});

test('a window that is stuck is waited for once, until it lets go', async () => {
  const files = new MemoryFiles();
  const clock = new FakeClock();
  const lock = lockOf('me', { dir: '/store', files, clock, remembers: true });
  const enter = async (): Promise<{ readonly obstacle: unknown; readonly waited: number }> => {
    const start = clock.now();
    const held = lock.hold(3_000, (obstacle) => Promise.resolve({ obstacle, waited: clock.now() - start }));
    for (;;) {
      const entered = await Promise.race([held, delay(2)]);
      if (entered !== undefined) return entered;
      clock.advance(500);
    }
  };
  files.put('/store/record.stuck.lock', Buffer.from(''));
  const [first, second] = [await enter(), await enter()];
  for (const { obstacle } of [first, second]) assert.ok(obstacle instanceof Busy && /stuck/.test(obstacle.message));
  assert.ok(first.waited >= 3_000);
  assert.ok(second.waited < 3_000);
  assert.ok(files.paths().includes('/store/record.stuck.lock'));
  await files.remove('/store/record.stuck.lock');
  assert.equal((await enter()).obstacle, undefined);
  files.put('/store/record.stuck.lock', Buffer.from(''));
  assert.ok((await enter()).waited >= 3_000);
});

test('who waits stops when the store is closed', async () => {
  const files = new MemoryFiles();
  files.put('/store/record.stuck.lock', Buffer.from(''));
  const stop = new AbortController();
  const lock = lockOf('me', { dir: '/store', files, clock: new FakeClock(), stop: stop.signal });
  const held = lock.hold(long, (obstacle) => Promise.resolve(obstacle));
  stop.abort(new Error('closed'));
  assert.match(String(await held), /closed/);
});

function fail(): never {
  throw errnoError('ENOSPC');
}
