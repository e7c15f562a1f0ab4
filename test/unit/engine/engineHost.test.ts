import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { DiffSource, Engine } from '../../../src/engine/engine';
import { EngineHost } from '../../../src/engine/engineHost';
import { actionsOf, readerOf } from '../../../src/engine/historyCalls';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { patternProgram } from '../../support/patternProgram';
import { FakeClock, impatientClock, settled } from '../../support/fakeClock';
import { folderSettings } from '../../support/folderSettings';
import { ListLog, openTestStore, sha256, temporaryFolder } from '../store/fixtures';

const key = 'file:///folder';
const settings = folderSettings({ maxFileBytes: 100_000_000 });

/** An engine with an open folder in which everything is watched. */
async function setUp(t: TestContext) {
  const base = temporaryFolder();
  const root = join(base, 'folder');
  mkdirSync(root);
  const clock = new FakeClock(Date.now() + 60_000);
  const log = new ListLog();
  const trouble: { opening?: Error; starting?: Error } = {};
  /** What a flush of the store of a folder does, where that is to fail. */
  const flush = new Map<string, () => Promise<void>>();
  const opening = { folder: key };
  const host = new EngineHost({
    patternProgram,
    ...{ clock: impatientClock(clock), log, files: nodeFilePort, emit: () => undefined },
    openStore: async (dir) => {
      if (trouble.opening) throw trouble.opening;
      const { folder } = opening;
      const store = await openTestStore({ dir, clock, log });
      const flushStore = store.flush.bind(store);
      const { starting } = trouble;
      const fail = (): never => {
        throw starting ?? new Error('never');
      };
      if (starting) Object.assign(store, { setRetention: fail });
      return Object.assign(store, { flush: () => flush.get(folder)?.() ?? flushStore() });
    },
  });
  const open = (folder = key, storeDir = join(base, 'store')) => {
    opening.folder = folder;
    return host.open(folder, { root, storeDir, settings });
  };
  const write = (path: string, content: string | Uint8Array): void => writeFileSync(join(root, path), content);
  const record = async (path: string, content: string | Uint8Array): Promise<string> => {
    write(path, content);
    const [outcome] = await host.record(key, [path]);
    return outcome?.versions[0]?.id ?? '';
  };
  write('.obbywatch', '*\n');
  await open();
  await host.flush();
  t.after(() => host.close(key));
  return {
    root,
    host,
    open,
    write,
    record,
    trouble,
    flush,
    history: readerOf(host, key),
    actions: actionsOf(host, key),
  };
}

const strangeNames = ['', 'nothing', 'constructor', 'toString', '__proto__', 'hasOwnProperty', 'Version', 'version '];

test('a question or an action that there is not is named, and does nothing', async (t) => {
  const { host } = await setUp(t);
  for (const name of [...strangeNames, 'label']) {
    const rejected = { code: 'badArgument', message: `The engine has no ${name}.` };
    await assert.rejects(host.ask(key, name as 'version', []), rejected);
  }
  for (const name of [...strangeNames, 'version']) {
    const rejected = { code: 'badArgument', message: `The engine has no ${name}.` };
    await assert.rejects(host.act(key, name as 'label', []), rejected);
  }
});

test('what is asked of a folder that is not open is rejected with its name, by every call', async (t) => {
  const { host } = await setUp(t);
  const folder = 'file:///other';
  const file: DiffSource = { folder, file: 'a.md' };
  const calls: Partial<Record<keyof Engine, () => Promise<unknown>>> = {
    ask: () => host.ask(folder, 'labels', []),
    act: () => host.act(folder, 'label', ['name']),
    compare: () => host.compare({ text: 'a', name: 'a.md' }, file, {}),
    configure: () => host.configure(folder, settings),
    notify: () => host.notify(folder, []),
    explain: () => host.explain(folder, 'a.md'),
    status: () => host.status(folder),
    restoreRules: () => host.restoreRules(folder),
    record: () => host.record(folder, ['a.md']),
    scan: () => host.scan(folder, 'asked'),
    cancelScans: () => host.cancelScans(folder),
    restore: () => host.restore(folder, [], 'r'),
    lastRestore: () => host.lastRestore(folder),
    undoRestore: () => host.undoRestore(folder, 'r', []),
    flush: () => host.flush(folder),
  };
  const rejected = { code: 'noFolder', message: `${folder} is not open.` };
  for (const [name, call] of Object.entries(calls)) await assert.rejects(call(), rejected, name);
  await host.close(folder);
});

test('a folder that is open is not opened again, and goes on', async (t) => {
  const { open, history, record } = await setUp(t);
  await assert.rejects(open(), { code: 'badArgument', message: `${key} is open already.` });
  const id = await record('a.md', 'one');
  assert.equal((await history.version(id)).path, 'a.md');
});

test('a folder whose store cannot be opened is not open, and can be opened later', async (t) => {
  const { host, open, trouble, history } = await setUp(t);
  await host.close(key);
  trouble.opening = new Error('in use');
  await assert.rejects(open(), /in use/);
  await assert.rejects(host.status(key), { code: 'noFolder' });
  delete trouble.opening;
  await open();
  assert.equal((await history.recent({})).length, 1);
});

test('questions and actions reach the history by their names, with their arguments', async (t) => {
  const { record, history, actions } = await setUp(t);
  const id = await record('a.md', 'one');
  const label = await actions.label('a name', 1_000);
  assert.deepEqual(await history.labels(), [label]);
  assert.equal((await actions.pin(id, true)).pinned, true);
  assert.equal((await history.version(id)).pinned, true);
  assert.deepEqual(await history.hash('a.md'), { sha256: sha256(Buffer.from('one')), size: 3 });
  assert.equal(await history.text(id), 'one');
});

test('both sides of a comparison are exact, whether a version, a file, a text or nothing', async (t) => {
  const { host, write, record } = await setUp(t);
  const text = '\ufeffone\r\ntwo';
  const version = await record('a.md', text);
  write('a.md', 'on disk\n');
  const sources: readonly (readonly [DiffSource, string, boolean])[] = [
    [{ folder: key, version }, text, true],
    [{ folder: key, file: 'a.md' }, 'on disk\n', true],
    [{ text: `${text} given`, name: 'a.md' }, `${text} given`, false],
    [{ nothing: 'a.md' }, '', false],
  ];
  for (const [left, leftText, isLeftHashed] of sources) {
    for (const [right, rightText, isRightHashed] of sources) {
      if (left === right) continue;
      const { left: from, right: to, diff } = await host.compare(left, right, {});
      const side = (of: string, isHashed: boolean) => {
        const bytes = Buffer.from(of);
        const [encoding, lineEnding] = of.startsWith('\ufeff') ? ['utf8bom', 'CRLF'] : ['utf8', 'LF'];
        return {
          ...{ text: of.replace('\ufeff', ''), size: bytes.length },
          ...(of !== '' && { lineEnding }),
          ...(isHashed && { encoding, sha256: sha256(bytes) }),
        };
      };
      assert.deepEqual([from, to], [side(leftText, isLeftHashed), side(rightText, isRightHashed)]);
      assert.equal(diff.patch.startsWith('--- /dev/null\n'), leftText === '');
      assert.equal(diff.patch.includes('\n+++ /dev/null\n'), rightText === '');
    }
  }
});

test('equal, binary and huge sides are said to be so', async (t) => {
  const { root, host, write, record } = await setUp(t);
  const file: DiffSource = { folder: key, file: 'a.md' };
  const version = await record('a.md', 'one\n');
  const same = await host.compare({ folder: key, version }, file, {});
  assert.deepEqual([same.diff.identical, same.left, same.left], [true, same.right, { ...same.right, size: 4 }]);
  write('a.md', Buffer.from([0, 1, 2]));
  assert.equal((await host.compare({ folder: key, version }, file, {})).diff.binary, true);
  truncateSync(join(root, 'a.md'), 33 * 1024 * 1024);
  const { diff, left, right } = await host.compare({ folder: key, version }, file, {});
  assert.deepEqual([diff.tooLarge, diff.hunks, left.size, right.size], [true, [], 4, 33 * 1024 * 1024]);
});

test('a side that cannot be read says why, and never counts as empty', async (t) => {
  const { root, host, write } = await setUp(t);
  const text: DiffSource = { text: 'a', name: 'a.md' };
  const codeOf = (source: DiffSource): Promise<string> =>
    host.compare(text, source, {}).then(
      () => 'compared',
      (error: unknown) => (error as { readonly code: string }).code,
    );
  mkdirSync(join(root, 'folder'));
  write('large.md', '');
  truncateSync(join(root, 'large.md'), settings.maxFileBytes + 1);
  assert.deepEqual(
    await Promise.all([
      codeOf({ folder: key, file: 'none.md' }),
      codeOf({ folder: key, file: 'folder' }),
      codeOf({ folder: key, file: 'large.md' }),
      codeOf({ folder: key, version: 'v1-000000000-aaaaaa-0' }),
      codeOf({ folder: key, version: 'no id' }),
    ]),
    ['notFound', 'unreadable', 'tooLarge', 'notFound', 'notFound'],
  );
});

test('a flush of all folders ends when each has ended, and rejects if one failed', async (t) => {
  const { host, root, open, flush } = await setUp(t);
  const other = 'file:///other';
  await open(other, join(root, '..', 'other'));
  const order: string[] = [];
  const hasFailed = new Promise<void>((resolve) => {
    flush.set(other, () => {
      order.push('failed');
      resolve();
      return Promise.reject(new Error('no space left'));
    });
  });
  flush.set(key, async () => {
    await hasFailed;
    await settled();
    order.push('durable');
  });
  await assert.rejects(host.flush(), /no space left/);
  assert.deepEqual(order, ['failed', 'durable']);
  flush.clear();
  await host.close(other);
});

test('opening and closing a folder takes effect in the order of the calls', async (t) => {
  const { host, open, history } = await setUp(t);
  const closed = host.close(key);
  const opened = open();
  await assert.rejects(open(), { code: 'badArgument', message: /is open already/ });
  await Promise.all([closed, opened]);
  assert.deepEqual(await history.deletedFiles(1), []);
  const [reopened, ended] = [host.close(key).then(() => open()), host.close(key)];
  await Promise.all([reopened, ended]);
  assert.deepEqual(await history.deletedFiles(1), []);
});

test('a folder that does not start leaves nothing running', async (t) => {
  const { host, open, trouble } = await setUp(t);
  await host.close(key);
  trouble.starting = new Error('no heartbeat');
  await assert.rejects(open(), /no heartbeat/);
  delete trouble.starting;
  await open();
  await host.flush();
});
