/** Windows that died, or seem to have: no wait for them is without end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceOwner } from '../../../src/store/sync/owner';
import { deletion, draft, textOf } from './fixtures';
import { dir, SharedFolder, type SharedWindow } from './sharedFolder';

const minute = 60_000;
/** A dead window is noticed within a minute and some heartbeats. */
const noticedMs = 100_000;
const beatMs = 15_000;

async function pathsIn({ store }: SharedWindow): Promise<string[]> {
  return (await store.heads('')).map(({ version }) => version.path);
}

/** A window that died while it held both locks. */
async function die(folder: SharedFolder, window: SharedWindow): Promise<void> {
  window.sleep();
  const [owner = ''] = folder.names('.owner');
  for (const lock of ['record', 'upkeep']) {
    folder.files.put(`${dir}/${lock}.${owner.replace('.owner', '')}.lock`, Buffer.alloc(0));
  }
  await folder.pass(1_000);
}

const unjudgeable = {
  'of a container that was built again': { machine: 'other boot ns' },
  'whose process id is used again': {},
};

for (const [what, options] of Object.entries(unjudgeable)) {
  test(`a dead window ${what} holds nothing up for more than a minute and a half`, async () => {
    const folder = new SharedFolder();
    const dead = await folder.open(options);
    await dead.store.append([draft('kept', 'of the dead'), draft('secret', 'hunter2')]);
    await die(folder, dead);
    const window = await folder.open();
    await folder.finish(window.store.append([draft('a', 'one')]), 5_000);
    await folder.finish(window.store.append([draft('a', 'two')]), 1_000);
    const forgotten = await folder.finish(window.store.forget({ path: 'secret' }), noticedMs);
    assert.equal(forgotten.versions, 1);
    assert.equal((await folder.finish(window.store.check(), 5_000)).damagedCount, 0);
    await folder.finish(window.store.append([draft('a', 'three')]), 1_000);
    assert.deepEqual(await pathsIn(window), ['a', 'kept']);
    assert.deepEqual(folder.names('.lock'), []);
    assert.equal(folder.names('.owner').length, 1);
    await folder.finish(window.store.close(), 1_000);
  });
}

test('upkeep takes over what a dead window left, without being asked', async () => {
  const folder = new SharedFolder();
  const dead = await folder.open({ machine: 'other boot ns' });
  await dead.store.append([draft('a', 'one')]);
  await die(folder, dead);
  const window = await folder.open();
  assert.equal(await folder.finish(window.store.maintain(), 5_000), false, 'the dead one still counts as at work');
  await folder.pass(noticedMs);
  while (await folder.finish(window.store.maintain(), 5_000));
  assert.deepEqual(folder.names('.journal'), []);
  assert.deepEqual(await pathsIn(window), ['a']);
});

test('a window that opens long after one died takes over at once, and leaves its journal as it is', async () => {
  const folder = new SharedFolder();
  const dead = await folder.open({ machine: 'other boot ns' });
  await dead.store.append([draft('a', 'one')]);
  await die(folder, dead);
  await folder.pass(2 * minute);
  const window = await folder.open();
  assert.equal(folder.names('.owner').length, 1);
  assert.deepEqual(folder.names('.lock'), []);
  await folder.finish(window.store.append([draft('b', 'two')]), 1_000);
  // It may only be asleep, and would write into what this one writes.
  assert.deepEqual(
    folder.names('.journal').map((name) => name.split('.')[1] === 'finished'),
    [true, false],
  );
  assert.deepEqual(await pathsIn(window), ['a', 'b']);
});

test('a window of version 0.1 without a heartbeat is asked before it is taken for dead', async () => {
  const folder = new SharedFolder();
  const old = { pid: 7, machine: 'old boot ns' };
  await announceOwner(folder.files, dir, 'olddead', old);
  await announceOwner(folder.files, dir, 'oldalive', old);
  folder.files.put(`${dir}/record.olddead.lock`, Buffer.alloc(0));
  await folder.pass(10 * minute);
  let answers = 0;
  const answer = (): void => {
    if (folder.files.paths().includes(`${dir}/oldalive.rotate`)) answers++;
    void folder.files.remove(`${dir}/oldalive.rotate`);
  };
  const window = await folder.open();
  for (let passed = 0; passed < 5 * minute; passed += 5_000) {
    answer();
    await folder.pass(5_000);
    await folder.finish(window.store.maintain(), 5_000);
  }
  assert.deepEqual(
    folder.names('.owner').filter((name) => name.startsWith('old')),
    ['oldalive.owner'],
  );
  assert.deepEqual(folder.names('.lock'), []);
  assert.equal(answers, 1, 'each answer costs a journal');
});

test('one whose process is the one that wrote its file is not even asked', async () => {
  const folder = new SharedFolder();
  await announceOwner(folder.files, dir, 'old', { pid: 7, machine: 'host boot', start: '1' });
  const window = await folder.open();
  for (let n = 0; n < 20; n++) {
    await folder.pass(beatMs);
    await folder.finish(window.store.maintain(), 5_000);
  }
  assert.deepEqual(folder.names('.rotate'), []);
  assert.ok(folder.names('.owner').includes('old.owner'));
});

test('recording waits once for a window that lives and does not let go, and briefly', async () => {
  const folder = new SharedFolder();
  const other = await folder.open();
  const lock = `${dir}/record.${folder.names('.owner')[0]?.replace('.owner', '') ?? ''}.lock`;
  const window = await folder.open();
  folder.files.put(lock, Buffer.alloc(0));
  const start = folder.time;
  await folder.finish(window.store.append([draft('a', 'one')]), 5_000);
  assert.ok(folder.time > start);
  for (let n = 0; n < 5; n++) await folder.finish(window.store.append([draft('a', `${n}`)]), 0);
  // Another may drop something right now that a pin would keep.
  const [version] = await window.store.versions('a', { limit: 1 });
  const pinning = folder.finish(window.store.pin(version?.id ?? '', true), 0);
  await assert.rejects(pinning, { code: 'storeFailed', message: /process 1 on “host”/ });
  await folder.files.remove(lock);
  await folder.finish(window.store.append([deletion('a')]), 0);
  folder.files.put(lock, Buffer.alloc(0));
  const later = folder.time;
  await folder.finish(window.store.append([draft('a', 'again')]), 5_000);
  assert.ok(folder.time > later, 'it was let go since');
  await other.store.close();
});

for (const [what, name] of [
  ['the upkeep of another window', 'upkeep.other.lock'],
  ['an answer of another window', ''],
] as const) {
  test(`waiting for ${what} ends with who is waited for, or with the store`, async () => {
    const folder = new SharedFolder();
    const window = await folder.open();
    await announceOwner(folder.files, dir, 'other', { pid: 4711, machine: 'elsewhere boot', beatMs });
    const facts = folder.files.get(`${dir}/other.owner`);
    const lives = setInterval(() => folder.files.put(`${dir}/other.owner`, facts), 1);
    if (name) folder.files.put(`${dir}/${name}`, Buffer.alloc(0));
    await window.store.append([draft('a', 'one')]);
    const forgetting = folder.finish(window.store.forget({ path: 'a' }), 3 * minute);
    await assert.rejects(forgetting, { code: 'storeFailed', message: /process 4711 on “elsewhere”/ });
    assert.equal(await textOf(window.store, (await window.store.recent({}))[0]?.id ?? ''), 'one');
    const waiting = window.store.forget({ path: 'a' });
    waiting.catch(() => undefined);
    await folder.pass(5_000);
    await folder.finish(window.store.close(), 0);
    await assert.rejects(waiting, { code: 'closed' });
    clearInterval(lives);
    assert.ok(!folder.names('.rotate').includes('other.rotate'));
  });
}

test('closing ends long work', async () => {
  const folder = new SharedFolder();
  const { store } = await folder.open();
  await store.append([draft('a', 'one'), draft('b', 'two')]);
  let closing: Promise<void> | undefined;
  const matches = (): boolean => {
    closing ??= store.close();
    return true;
  };
  await assert.rejects(store.forget({ matches }), { code: 'closed' });
  await closing;
  const again = await folder.open();
  assert.deepEqual(await pathsIn(again), ['a', 'b']);
});

test('a window that lives shows it, also in a folder whose clock is not its own, and costs a small file', async () => {
  const folder = new SharedFolder();
  const one = await folder.open({ machine: 'one boot', aheadMs: -3_600_000 });
  const two = await folder.open({ machine: 'two boot', aheadMs: 3_600_000 });
  const owners = folder.names('.owner');
  await folder.pass(120 * minute);
  for (const { store } of [one, two]) await folder.finish(store.maintain(), 5_000);
  assert.deepEqual(folder.names('.owner'), owners);
  for (const owner of owners) {
    const path = `${dir}/${owner}`;
    const { modified = 0 } = (await folder.files.stat(path)) ?? {};
    assert.ok(folder.time - modified <= beatMs);
    assert.ok(folder.files.get(path).length < 512);
    JSON.parse(folder.files.get(path).toString());
  }
  for (const { store } of [one, two]) await folder.finish(store.close(), 5_000);
  assert.deepEqual(folder.names('.owner'), []);
});

test('after all have slept, none takes another for dead', async () => {
  const folder = new SharedFolder();
  const windows = [await folder.open({ machine: 'one boot' }), await folder.open({ machine: 'two boot' })];
  const owners = folder.names('.owner');
  await folder.pass(minute);
  for (const window of windows) window.sleep();
  await folder.pass(60 * minute);
  for (const window of windows) {
    window.wake();
    await folder.finish(window.store.maintain(), 5_000);
  }
  await folder.pass(5 * minute);
  for (const { store } of windows) await folder.finish(store.maintain(), 5_000);
  assert.deepEqual(folder.names('.owner'), owners);
});

test('a heartbeat from a time that the folder has not reached is none', async () => {
  const folder = new SharedFolder();
  await folder.pass(minute);
  const dead = await folder.open({ machine: 'other boot ns' });
  dead.sleep();
  folder.time -= 60 * minute;
  const window = await folder.open();
  assert.equal(folder.names('.owner').length, 1);
  await window.store.close();
});
