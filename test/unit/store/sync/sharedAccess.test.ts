import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogFileName } from '../../../../src/store/catalog/catalogFile';
import type { HistoryStore } from '../../../../src/model/historyStore';
import type { Processes } from '../../../../src/store/sync/owner';
import { FakeClock } from '../../../support/fakeClock';
import { deletion, draft, ListLog, openTestStore, textOf } from '../fixtures';
import { errnoError, MemoryFiles } from '../memoryFiles';

const dir = '/store';
const journals = (files: MemoryFiles): string[] => files.paths().filter((path) => path.endsWith('.journal'));

/** A machine on which windows run until they are killed. */
class Machine {
  private readonly running = new Set<number>();
  private pid = 0;

  constructor(private readonly name = 'machine') {}

  window(): Processes {
    const pid = ++this.pid;
    this.running.add(pid);
    return { pid, machine: this.name, isRunning: (other) => this.running.has(other) };
  }

  kill({ pid }: Processes): void {
    this.running.delete(pid);
  }
}

test('a window opens while another closes', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const one = await open(files, machine.window());
  const owner = files.paths().find((path) => path.endsWith('.owner')) ?? '';
  files.onOperation = (operation, path) => {
    if (operation !== 'openRead' || path !== owner) return;
    files.onOperation = () => undefined;
    throw errnoError('ENOENT');
  };
  await (await open(files, machine.window())).close();
  await one.close();
});

function open(files: MemoryFiles, processes: Processes): Promise<HistoryStore> {
  return openTestStore({ dir, files, processes });
}

async function pathsOf(store: HistoryStore): Promise<string[]> {
  return (await store.heads('')).map(({ version }) => version.path);
}

test('two windows record side by side, each in a journal of its own, and none is lost', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const [one, two] = [await open(files, machine.window()), await open(files, machine.window())];
  for (let n = 0; n < 20; n++) {
    await Promise.all([one.append([draft(`one${n}`, `${n}`)]), two.append([draft(`two${n}`, `${n}`)])]);
  }
  assert.equal(journals(files).length, 2);
  await one.close();
  await two.close();
  const again = await open(files, machine.window());
  assert.equal((await pathsOf(again)).length, 40);
  assert.deepEqual(again.problems, []);
  for (const { version } of await again.heads('')) assert.equal(await textOf(again, version.id), version.path.slice(3));
  await again.close();
});

test('a window that opens later sees what another has recorded so far, and leaves its journal alone', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const one = await open(files, machine.window());
  await one.append([draft('a', 'one')]);
  const [journal = ''] = journals(files);
  files.put(journal, Buffer.concat([files.get(journal), Buffer.from('half a record')]));
  const size = files.get(journal).length;
  const two = await open(files, machine.window());
  assert.deepEqual(await pathsOf(two), ['a']);
  await two.append([draft('a', 'two'), draft('b', 'two')]);
  assert.equal(files.get(journal).length, size);
  assert.deepEqual(journals(files).length, 2);
  assert.deepEqual(two.problems, []);
  assert.deepEqual((await two.versions('a', {})).length, 2);
});

test('the journal of a killed window is taken over and goes on', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const window = machine.window();
  const one = await open(files, window);
  await one.append([draft('a', 'one')]);
  const [journal = ''] = journals(files);
  files.put(journal, Buffer.concat([files.get(journal), Buffer.from('half a record')]));
  machine.kill(window);
  const two = await open(files, machine.window());
  await two.append([draft('a', 'two')]);
  await two.close();
  assert.equal(journals(files).length, 1);
  const three = await open(files, machine.window());
  assert.equal((await three.versions('a', {})).length, 2);
  assert.deepEqual(three.problems, []);
  await three.close();
  assert.deepEqual(
    files.paths().filter((path) => path.endsWith('.owner')),
    [],
  );
});

test('windows that open at once after a kill share out what it left', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const window = machine.window();
  const killed = await open(files, window);
  await killed.append([draft('a', 'one')]);
  machine.kill(window);
  const stores = await Promise.all(Array.from({ length: 6 }, () => open(files, machine.window())));
  await Promise.all(stores.map((store, n) => store.append([draft(`w${n}`, `${n}`)])));
  for (const store of stores) await store.close();
  const again = await open(files, machine.window());
  assert.deepEqual(await pathsOf(again), ['a', 'w0', 'w1', 'w2', 'w3', 'w4', 'w5']);
  assert.deepEqual(again.problems, []);
});

test('a window that opens while another is just starting does not take that for gone', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const rename = files.rename.bind(files);
  let other: HistoryStore | undefined;
  const meanwhile = Object.create(files, {
    rename: {
      value: async (from: string, to: string) => {
        if (to.endsWith('.owner')) other ??= await open(files, machine.window());
        await rename(from, to);
      },
    },
  }) as MemoryFiles;
  const store = await open(meanwhile, machine.window());
  await store.append([draft('a', 'one')]);
  assert.equal(files.paths().filter((path) => path.endsWith('.owner')).length, 2);
  await other?.append([draft('b', 'two')]);
  assert.deepEqual(await pathsOf(store), ['a']);
  await other?.close();
  await store.close();
  assert.deepEqual(
    files.paths().filter((path) => path.endsWith('.owner') || path.endsWith('.starting')),
    [],
  );
});

test('what somebody left who was killed while starting is removed after a while', async () => {
  const files = new MemoryFiles();
  const clock = new FakeClock(1_700_000_000_000);
  files.now = () => clock.now();
  files.put(`${dir}/0123456789.starting`, Buffer.from('{'));
  await (await openTestStore({ dir, files, clock })).close();
  assert.ok(files.paths().includes(`${dir}/0123456789.starting`));
  clock.advance(61_000);
  await (await openTestStore({ dir, files, clock })).close();
  assert.ok(!files.paths().includes(`${dir}/0123456789.starting`));
});

test('a window of another machine counts as running', async () => {
  const files = new MemoryFiles();
  const one = await open(files, new Machine('here 1').window());
  await one.append([draft('a', 'one')]);
  const two = await open(files, new Machine('there 1').window());
  await two.append([draft('a', 'two')]);
  assert.equal(journals(files).length, 2);
});

test('a window from before the machine was started anew does not', async () => {
  const files = new MemoryFiles();
  const one = await open(files, new Machine('here boot1').window());
  await one.append([draft('a', 'one')]);
  const two = await open(files, new Machine('here boot2').window());
  await two.append([draft('a', 'two')]);
  assert.equal(journals(files).length, 1);
});

test('a journal that somebody else touched is not appended to', async () => {
  const files = new MemoryFiles();
  const store = await open(files, new Machine().window());
  await store.append([draft('a', 'one')]);
  const [journal = ''] = journals(files);
  files.put(journal, Buffer.concat([files.get(journal), Buffer.from('x')]));
  await store.append([draft('a', 'two')]);
  assert.equal(journals(files).length, 2);
  await files.remove(journals(files).find((path) => path !== journal) ?? '');
  await store.append([draft('a', 'three')]);
  assert.equal(journals(files).length, 2);
});

test('a folder that cannot be written is read', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const store = await open(files, machine.window());
  const [version] = await store.append([draft('a', 'one')]);
  await store.close();
  files.onOperation = (operation) => {
    if (['create', 'openAppend', 'rename', 'remove', 'truncate'].includes(operation)) throw errnoError('EROFS');
  };
  const readOnly = await open(files, machine.window());
  assert.equal(await textOf(readOnly, version?.id ?? ''), 'one');
  await assert.rejects(readOnly.append([draft('a', 'two')]), { code: 'storeReadOnly', message: /EROFS/ });
  await readOnly.close();
});

test('a folder that cannot be opened says so', async () => {
  const files = new MemoryFiles();
  files.onOperation = () => {
    throw errnoError('EIO');
  };
  await assert.rejects(open(files, new Machine().window()), {
    name: 'ObbyError',
    code: 'storeFailed',
    message: /\/store/,
  });
});

test('a catalog of other journals is not trusted', async () => {
  const files = new MemoryFiles();
  const machine = new Machine();
  const store = await open(files, machine.window());
  await store.append([draft('a', 'one'), deletion('a')]);
  await store.close();
  const [journal = ''] = journals(files);
  await files.remove(journal);
  const log = new ListLog();
  const again = await openTestStore({ dir, files, processes: machine.window(), log });
  assert.deepEqual(await again.recent({}), []);
  assert.ok(log.lines.some((line) => line.includes(catalogFileName)));
});
