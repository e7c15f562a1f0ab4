import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { HistoryStore } from '../../../src/model/historyStore';
import type { ScanReason } from '../../../src/model/scan';
import type { VersionRecord } from '../../../src/model/version';
import { Rules } from '../../../src/rules/rules';
import { FolderScanner } from '../../../src/watch/folderScanner';
import { FakeClock } from '../../support/fakeClock';
import { temporaryFolder } from '../store/fixtures';

/** A scanner whose history has what was noted as recorded, without stamps; `onFolder` runs each time a comparison enters a folder. */
function setUp(files: readonly string[]) {
  const root = temporaryFolder();
  for (const path of files) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  const entered: string[] = [];
  const state = { onFolder: (_folder: string): void => undefined };
  const recorded = new Set<string>();
  const head = (path: string) => Promise.resolve(recorded.has(path) ? { version: { path } } : undefined);
  const scanner = new FolderScanner({
    root,
    store: { stamps: () => Promise.resolve([]), head } as unknown as HistoryStore,
    clock: new FakeClock(Date.now()),
    onError: () => undefined,
    onFolder: ({ folder }) => {
      entered.push(folder);
      state.onFolder(folder);
    },
  });
  const rules = new Rules({ watch: '*.txt\n', ignores: [] });
  const find = async (reason: ScanReason | 'poll') => {
    const request = { rules, reason, isAwaited: true, blindSince: undefined, previousStart: undefined, isNew: false };
    const found = await scanner.find({ ...request, onProgress: () => undefined, isCancelled: () => false });
    return { found: found.found.map(({ path }) => path).sort(), gone: found.gone.map(({ path }) => path).sort() };
  };
  const noteRecorded = (): void => {
    for (const path of files) recorded.add(path);
    scanner.noteRecorded(files.map((path) => ({ path }) as VersionRecord));
  };
  return { root, state, entered, find, noteRecorded, recorded };
}

test('a folder that moves during a comparison is found where it went', async () => {
  const { root, state, find, noteRecorded } = setUp(['old/a.txt', 'old/b/c.txt']);
  await find('start');
  noteRecorded();
  state.onFolder = (folder) => {
    if (folder !== '') return;
    state.onFolder = () => undefined;
    renameSync(join(root, 'old'), join(root, 'new'));
  };
  assert.deepEqual(await find('burst'), {
    found: ['new/a.txt', 'new/b/c.txt'],
    gone: ['old/a.txt', 'old/b/c.txt'],
  });
});

test('files that move again while a comparison is repeated are found at their last place', async () => {
  const { root, state, find, noteRecorded } = setUp(['one/a.txt']);
  await find('start');
  noteRecorded();
  const moves = [
    ['one', 'two'],
    ['two', 'three'],
  ];
  state.onFolder = (folder) => {
    const [from, to] = folder === '' ? (moves.shift() ?? []) : [];
    if (from !== undefined && to !== undefined) renameSync(join(root, from), join(root, to));
  };
  assert.deepEqual(await find('burst'), { found: ['three/a.txt'], gone: ['one/a.txt'] });
});

test('a deletion before the comparison costs no second one; a poll is never repeated', async () => {
  const { root, entered, find, noteRecorded } = setUp(['a/a.txt', 'b/b.txt']);
  await find('start');
  noteRecorded();
  rmSync(join(root, 'a/a.txt'));
  const before = new Date(Date.now() - 60_000);
  utimesSync(join(root, 'a'), before, before);
  entered.length = 0;
  assert.deepEqual((await find('flush')).gone, ['a/a.txt']);
  assert.equal(entered.filter((folder) => folder === 'b').length, 1);
  noteRecorded();
  rmSync(join(root, 'b/b.txt'));
  entered.length = 0;
  assert.deepEqual((await find('poll')).gone, ['a/a.txt', 'b/b.txt']);
  assert.equal(entered.filter((folder) => folder === 'a').length, 1);
});

test('a missing file is found missing until its deletion is recorded: a file system may cache what it was', async () => {
  const { root, find, noteRecorded, recorded } = setUp(['a/a.txt', 'b.txt']);
  await find('start');
  noteRecorded();
  await find('poll');
  rmSync(join(root, 'a/a.txt'));
  for (const reason of ['poll', 'poll', 'burst', 'poll'] as const) {
    assert.deepEqual((await find(reason)).gone, ['a/a.txt'], reason);
  }
  recorded.delete('a/a.txt');
  assert.deepEqual((await find('poll')).gone, []);
});
