import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObbyError } from '../../../src/base/errors';
import type { Log } from '../../../src/base/log';
import type { HistoryStore } from '../../../src/model/historyStore';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import { CauseSpans } from '../../../src/track/causeSpans';
import type { EngineEvent } from '../../../src/engine/engine';
import { FolderEngine } from '../../../src/engine/folderEngine';
import { GapLedger, gapFileIn } from '../../../src/engine/gapLedger';
import { patternProgram } from '../../support/patternProgram';
import { folderSettings } from '../../support/folderSettings';
import { FakeClock, impatientClock } from '../../support/fakeClock';
import { temporaryFolder, wasmDir } from '../store/fixtures';

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A folder in which everything is watched, and a store whose `failure`, while set, is what each append rejects with. */
export async function setUp({
  /** Of an engine before that is closed, whose files stay. */
  again = undefined as string | undefined,
  store: storeIn = 'store',
  /** The workspace folder; default: one in a temporary folder. */
  folder = undefined as string | undefined,
  watch = '*\n',
  closedSince = undefined as number | undefined,
  aheadMs = 60_000,
  log = silent,
  /** Called before each call of a port; what it throws is what the call rejects with. */
  fault = (_port: 'store' | 'files', _call: string): void => undefined,
} = {}) {
  const base = again ?? temporaryFolder();
  const root = folder ?? join(base, 'folder');
  const storeDir = join(base, storeIn);
  const clock = new FakeClock(Date.now() + aheadMs);
  mkdirSync(storeDir, { recursive: true });
  mkdirSync(root, { recursive: true });
  const on = (path: string): string => join(root, path);
  if (again === undefined) writeFileSync(on('.obbywatch'), watch);
  const store = await openStore({ dir: storeDir, files: nodeFilePort, clock, log: silent, wasmDir: wasmDir() });
  const trouble: { failure?: ObbyError; seen?: Error } = {};
  const calls: string[] = [];
  const failing = new Proxy(store, {
    get(target, name: keyof HistoryStore) {
      if (name === 'append' && trouble.failure) return () => Promise.reject(trouble.failure ?? new Error());
      if (name === 'writeHeartbeat' && trouble.seen) return () => Promise.reject(trouble.seen ?? new Error());
      if (name === 'writeHeartbeat' || name === 'close') calls.push(name);
      return guarded(target, name, (call) => fault('store', call));
    },
  });
  const events: EngineEvent[] = [];
  const settings = folderSettings({ maxFileBytes: 1_000 });
  const engineClock = impatientClock(clock);
  const engine = new FolderEngine({
    patternProgram,
    files: faulty(nodeFilePort, (call) => fault('files', call)),
    key: 'file:///folder',
    options: { root, storeDir, settings },
    store: failing,
    closedSince,
    spans: new CauseSpans(),
    gaps: new GapLedger({ file: gapFileIn(storeDir, nodeFilePort, silent), clock: engineClock, log: silent }),
    clock: engineClock,
    log,
    emit: (event) => events.push(event),
  });
  await engine.start();
  await engine.scan('asked');
  const scans = (): number => events.filter(({ type }) => type === 'scanned').length;
  return { base, on, clock, store, engine, settings, events, trouble, calls, scans };
}

/** The same port, whose calls and those of the files that it opens do what `fault` does first. */
function faulty<T extends object>(port: T, fault: (call: string) => void): T {
  return new Proxy(port, { get: (target, name) => guarded(target, name, fault) });
}

function guarded(target: object, name: string | symbol, fault: (call: string) => void): unknown {
  const value: unknown = Reflect.get(target, name);
  if (typeof value !== 'function' || typeof name === 'symbol') return value;
  return (...args: unknown[]): unknown => {
    const answer = failureOf(() => fault(name)) ?? (Reflect.apply(value, target, args) as unknown);
    if (!name.startsWith('open') || !(answer instanceof Promise)) return answer;
    return answer.then((opened: object) => faulty(opened, fault));
  };
}

function failureOf(call: () => void): Promise<never> | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}
