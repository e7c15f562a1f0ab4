import assert from 'node:assert/strict';
import { test } from 'node:test';
import { times } from '../../support/chance';
import fc from '../../support/properties';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore } from '../../../src/model/historyStore';
import { draft, onlyMe, openTestStore, sha256, textOf } from './fixtures';
import { errnoError, MemoryFiles, type FileOperation } from './memoryFiles';

const dir = '/store';
const open = (files: MemoryFiles): Promise<HistoryStore> => openTestStore({ dir, files, processes: onlyMe });
const journals = (files: MemoryFiles): string[] => files.paths().filter((path) => path.endsWith('.journal'));

function only<T>(items: readonly T[]): T {
  assert.equal(items.length, 1);
  return items[0] as T;
}

async function assertHolds(store: HistoryStore, versions: readonly VersionRecord[]): Promise<void> {
  for (const version of versions) {
    assert.deepEqual(await store.version(version.id), version);
    if (version.sha256 !== undefined) assert.equal(sha256(await store.content(version.id)), version.sha256);
  }
}

/** Texts of one file that grow by a line each. */
function texts(count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    Array.from({ length: n + 3 }, (_line, i) => `line ${i} of many\n`).join(''),
  );
}

test('writes that take few bytes at a time lose nothing', async () => {
  const files = new MemoryFiles();
  files.maxWrite = 7;
  const store = await open(files);
  const versions = await store.append(texts(20).map((text) => draft('a', text)));
  files.maxWrite = Infinity;
  await assertHolds(await open(files.afterPowerCut()), versions);
});

test('a full disk rejects, keeps what was acknowledged, and goes on once there is room', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  const before = await store.append([draft('a', 'one\n')]);
  const size = files.get(only(journals(files))).length;
  files.capacity = files.paths().reduce((sum, path) => sum + files.get(path).length, 0) + 30;
  await assert.rejects(store.append([draft('a', 'two\n'.repeat(50))]), { name: 'ObbyError', code: 'diskFull' });
  assert.equal(files.get(only(journals(files))).length, size, 'the half-written tail is cut');
  assert.deepEqual(await store.versions('a', {}), before);
  files.capacity = Infinity;
  const after = await store.append([draft('a', 'three\n')]);
  await assertHolds(store, [...before, ...after]);
  const again = await open(files.afterPowerCut());
  assert.deepEqual(await again.versions('a', {}), [...after, ...before]);
  assert.deepEqual(again.problems, []);
});

test('a full disk at the very first version leaves no journal behind', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  files.capacity = 0;
  for (let n = 0; n < 3; n++) await assert.rejects(store.append([draft('a', 'x')]), { code: 'diskFull' });
  assert.deepEqual(journals(files), []);
  files.capacity = Infinity;
  await assertHolds(store, await store.append([draft('a', 'x')]));
});

test('a history is opened and read although the disk is full, and goes on once there is room', async () => {
  const files = new MemoryFiles();
  const first = await open(files);
  const before = await first.append([draft('a', 'one\n')]);
  await first.close();
  files.capacity = 0;
  const store = await open(files);
  await assertHolds(store, before);
  await assert.rejects(store.append([draft('a', 'two\n')]), { code: 'diskFull' });
  files.capacity = Infinity;
  const after = await store.append([draft('a', 'three\n')]);
  await store.close();
  const again = await open(files);
  assert.deepEqual(await again.versions('a', {}), [...after, ...before]);
  await again.close();
});

test('whatever fails while opening, nothing is left behind, and the next time it works', async () => {
  const untouched = new MemoryFiles();
  const first = await open(untouched);
  const versions = await first.append(texts(4).map((text) => draft('a', text)));
  await first.close();
  for (let at = 0, hasFailed = true; hasFailed; at++) {
    const files = untouched.copy();
    let operations = 0;
    files.onOperation = () => {
      if (operations++ === at) throw errnoError('EIO');
    };
    const opened = await open(files).catch(() => undefined);
    hasFailed = operations > at;
    files.onOperation = () => undefined;
    await opened?.close();
    assert.deepEqual(
      files.paths().filter((path) => path.endsWith('.owner')),
      [],
      `operation ${at}`,
    );
    const store = await open(files);
    await assertHolds(store, versions);
    await store.close();
  }
});

test('after a failed sync the journal is left alone and a fresh one is begun', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  const before = await store.append([draft('a', 'one\n')]);
  const first = only(journals(files));
  const size = files.get(first).length;
  let failures = 1;
  files.onOperation = (operation) => {
    if (operation === 'sync' && failures-- > 0) throw errnoError('EIO');
  };
  await assert.rejects(store.append([draft('a', 'two\n')]), { name: 'ObbyError', code: 'storeFailed' });
  const after = await store.append([draft('a', 'three\n')]);
  assert.equal(files.get(first).length, size);
  assert.equal(journals(files).length, 2);
  await assertHolds(await open(files.afterPowerCut()), [...before, ...after]);
});

test('ids are not used again after a failure that could not be taken back', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  let failures = 2;
  files.onOperation = (operation) => {
    if ((operation === 'sync' || operation === 'truncate' || operation === 'remove') && failures-- > 0) {
      throw errnoError('EIO');
    }
  };
  await assert.rejects(store.append([draft('a', 'never acknowledged')]), { code: 'storeFailed' });
  const [after] = await store.append([draft('a', 'acknowledged')]);
  assert.equal(await textOf(await open(files), after?.id ?? ''), 'acknowledged');
});

test('appends that arrive together share a sync', async () => {
  const files = new MemoryFiles();
  const store = await open(files);
  await store.append([draft('first', 'x')]);
  const operations: FileOperation[] = [];
  files.onOperation = (operation) => void operations.push(operation);
  const versions = await Promise.all(texts(50).map((text, n) => store.append([draft(`f${n}`, text)])));
  assert.equal(operations.filter((operation) => operation === 'sync').length, 1);
  await assertHolds(store, versions.flat());
});

test('an unreadable journal is named, and recording goes on', async () => {
  const files = new MemoryFiles();
  const first = await open(files);
  const [version] = await first.append([draft('a', 'one\n')]);
  files.onOperation = (operation, path) => {
    if (operation === 'read' && path.endsWith('.journal')) throw errnoError('EIO');
  };
  const store = await open(files);
  assert.match(only(store.problems).file, /\.journal$/);
  files.onOperation = () => undefined;
  const [other] = await store.append([draft('b', 'two\n')]);
  await store.close();
  const again = await open(files);
  await assertHolds(
    again,
    [version, other].filter((found) => found !== undefined),
  );
});

test('a content that cannot be read rejects with the file and what to do', async () => {
  const files = new MemoryFiles();
  const first = await open(files);
  const [version] = await first.append([draft('notes/a.md', 'one\n')]);
  await first.close();
  const store = await open(files);
  files.onRead = (path, _position, bytes) => {
    if (path.endsWith('.journal')) bytes.writeUInt8(bytes.readUInt8(bytes.length - 6) ^ 1, bytes.length - 6);
    return bytes;
  };
  await assert.rejects(store.content(version?.id ?? ''), (error: Error) => {
    assert.equal(Reflect.get(error, 'code'), 'storeFailed');
    assert.match(error.message, /notes\/a\.md/);
    assert.match(error.message, /\.journal is damaged at byte \d+/);
    return true;
  });
});

test('whenever the power goes, every acknowledged version survives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 20, max: 300 }),
      fc.integer({ min: 1, max: 64 }),
      fc.nat(),
      async (at, maxWrite, seed) => {
        const files = new MemoryFiles();
        files.maxWrite = maxWrite * 40;
        let operations = 0;
        files.onOperation = () => {
          if (operations++ >= at) throw errnoError('EIO');
        };
        const acknowledged = await appendUntilFailure(files);
        const left = files.afterPowerCut((appended) => appended.subarray(0, seed % (appended.length + 1)));
        const store = await open(left);
        await assertHolds(store, acknowledged);
        assert.deepEqual(store.problems, []);
        await assertHolds(store, await store.append([draft('after', 'goes on')]));
        await store.close();
      },
    ),
    { numRuns: times(30) },
  );
});

/** Appends to several files, reopening in between, until the disk is gone; returns what was acknowledged. */
async function appendUntilFailure(files: MemoryFiles): Promise<VersionRecord[]> {
  const acknowledged: VersionRecord[] = [];
  try {
    for (let round = 0; ; round++) {
      const store = await open(files);
      for (const [n, text] of texts(8).entries()) {
        const drafts = ['a', 'b'].map((path) => draft(path, `${path} ${round}\n${text}`));
        const lists = await Promise.all([store.append(drafts), store.append([draft(`c${n}`, text)])]);
        acknowledged.push(...lists.flat());
      }
      await store.close();
    }
  } catch {
    return acknowledged;
  }
}
