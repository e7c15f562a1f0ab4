import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ObbyError } from '../../../src/model/errors';
import type { Log } from '../../../src/model/log';
import type { HistoryStore } from '../../../src/store/contract';
import { nodeFilePort } from '../../../src/store/nodeFilePort';
import { openStore } from '../../../src/store/store';
import type { EngineEvent } from '../../../src/worker/contract';
import { FolderEngine } from '../../../src/worker/folderEngine';
import { FakeClock } from '../../support/fakeClock';
import { temporaryFolder, wasmDir } from '../store/fixtures';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A folder in which everything is watched, and a store whose `failure`, while set, is what each append rejects with. */
async function setUp({ store: storeIn = 'store', closedSince = undefined as number | undefined } = {}) {
  const base = temporaryFolder();
  const root = join(base, 'folder');
  const storeDir = join(base, storeIn);
  const clock = new FakeClock(Date.now() + 60_000);
  mkdirSync(storeDir, { recursive: true });
  mkdirSync(root, { recursive: true });
  const on = (path: string): string => join(root, path);
  writeFileSync(on('.obbywatch'), '*\n');
  const store = await openStore({ dir: storeDir, files: nodeFilePort, clock, log: silent, wasmDir: wasmDir() });
  const trouble: { failure?: ObbyError; seen?: Error } = {};
  const calls: string[] = [];
  const failing = new Proxy(store, {
    get(target, name: keyof HistoryStore) {
      if (name === 'append' && trouble.failure) return () => Promise.reject(trouble.failure ?? new Error());
      if (name === 'noteSeen' && trouble.seen) return () => Promise.reject(trouble.seen ?? new Error());
      if (name === 'noteSeen' || name === 'close') calls.push(name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const events: EngineEvent[] = [];
  const engine = new FolderEngine({
    key: 'file:///folder',
    options: { root, storeDir, maxFileBytes: 1_000 },
    store: failing,
    closedSince,
    clock,
    emit: (event) => events.push(event),
  });
  engine.loadRules();
  const scans = (): number => events.filter(({ type }) => type === 'scanned').length;
  return { on, clock, store, engine, events, trouble, calls, scans };
}

test('its own histories inside the folder are never watched', async () => {
  const { engine, on } = await setUp({ store: 'folder/data/histories/one' });
  const paths = async () => (await engine.store.recent({})).map(({ path }) => path);
  mkdirSync(on('data/histories/another'));
  writeFileSync(on('data/histories/another/journal'), 'of another window');
  writeFileSync(on('data/settings.json'), '{}');
  await engine.scan('start');
  assert.deepEqual(await paths(), ['data/settings.json', '.obbywatch']);
  await engine.close();
});
