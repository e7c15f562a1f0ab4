import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { systemClock } from '../../../src/base/clock';
import type { Log } from '../../../src/base/log';
import { OptionalWork } from '../../../src/base/optionalWork';
import type { VersionRecord } from '../../../src/model/version';
import type { HistoryStore } from '../../../src/model/historyStore';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import { NodeDisk } from '../../../src/track/disk/nodeDisk';
import { nodeWriteAccess } from '../../../src/track/disk/writeAccess';
import type { Candidate, Restoration } from '../../../src/track/candidate';
import { Recorder } from '../../../src/track/recorder';
import type { RecorderDeps } from '../../../src/track/recorderDeps';
import { Rules } from '../../../src/rules/rules';
import { FolderSnapshot } from '../../../src/watch/folderSnapshot';
import { wasmDir } from '../store/fixtures';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const folders: string[] = [];
const stores: HistoryStore[] = [];

after(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A workspace folder in which everything is watched but `*.tmp`, with a recorder and a few shorthands. */
export async function setUp({
  maxFileBytes = 1_000_000,
  watch = '*\n!*.tmp\n',
  /** What the recorder goes by. */
  recorderClock = systemClock,
  /** Makes calls of the recorder's ports fail: throws what they reject with. */
  fault = (_port: 'store' | 'disk', _call: string, _args: readonly unknown[]): void => undefined,
  attribution = undefined as RecorderDeps['attribution'],
  writeAccess = nodeWriteAccess,
} = {}) {
  const base = await mkdtemp(join(tmpdir(), 'obby-recorder-'));
  folders.push(base);
  const root = join(base, 'folder');
  await mkdir(root);
  const clock = systemClock;
  const limit = { maxFileBytes };
  const rules = new Rules({ watch, ignores: [] });
  const store = await openStore({
    dir: join(base, 'store'),
    files: nodeFilePort,
    clock,
    log: silent,
    wasmDir: wasmDir(),
  });
  stores.push(store);
  const watchedBelow = (from: string): string[] => {
    const options = { root, from, rules, now: clock.now(), onError: (path: string) => assert.fail(path) };
    return [...new FolderSnapshot().compare(options)]
      .flatMap(({ found }) => found.map(({ path }) => path))
      .filter((path) => rules.isWatched(path));
  };
  const disk = new NodeDisk({
    root,
    clock,
    maxFileBytes: () => limit.maxFileBytes,
    watchedBelow,
    mayFollow: () => true,
    writeAccess,
  });
  /** Runs once, right after the next read of a file. */
  const afterObserved: { once?: () => Promise<void> } = {};
  const observe = disk.observe.bind(disk);
  disk.observe = async (path) => {
    const observation = await observe(path);
    const { once } = afterObserved;
    delete afterObserved.once;
    await once?.();
    return observation;
  };
  const overwritten: string[] = [];
  const skipped: string[] = [];
  const failures: string[] = [];
  const recorder = new Recorder({
    store: failing(store, (call, args) => fault('store', call, args)),
    disk: failing(disk, (call, args) => fault('disk', call, args)),
    optional: new OptionalWork((message) => failures.push(message)),
    ...(attribution && { attribution }),
    clock: recorderClock,
    isWatched: (path) => rules.isWatched(path),
    onRecorded: () => undefined,
    onOverwritten: (path) => overwritten.push(path),
    onSkipped: (what) => skipped.push(what),
  });
  const on = (path: string): string => join(root, path);
  return {
    root,
    store,
    recorder,
    overwritten,
    afterObserved,
    skipped,
    /** What the recorder did without. */
    failures,
    limit,
    on,
    write: async (path: string, content: string | Uint8Array) => {
      await mkdir(dirname(on(path)), { recursive: true });
      await writeFile(on(path), content);
    },
    record: (...paths: (string | Partial<Candidate>)[]) =>
      recorder.record(
        paths.map((path) => ({
          cause: 'external',
          confidence: 'likely',
          path: '',
          ...(typeof path === 'string' ? { path } : path),
        })),
      ),
    restore: async (items: readonly Restoration[]) => {
      const { restored, failed } = await recorder.restore(items);
      if (failed[0]) throw failed[0].error;
      return restored;
    },
    /** `kind path`, oldest first. */
    story: async (path: string) => (await store.versions(path, {})).reverse().map(told),
    /** The text of each version that has one, oldest first. */
    texts: async (path: string) => {
      const versions = (await store.versions(path, {})).reverse().filter(({ sha256 }) => sha256 !== undefined);
      return Promise.all(versions.map(async ({ id }) => Buffer.from(await store.content(id)).toString()));
    },
  };
}

/** The same, but each call does what `fault` does first. */
function failing<T extends object>(port: T, fault: (call: string, args: readonly unknown[]) => void): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        fault(String(name), args);
        return Reflect.apply(value, target, args);
      };
    },
  });
}

function told({ kind, path, renamedFrom }: VersionRecord): string {
  return renamedFrom === undefined ? `${kind} ${path}` : `${kind} ${renamedFrom} → ${path}`;
}
