import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../src/base/clock';
import { systemClock } from '../../src/base/clock';
import { errnoOf } from '../../src/base/errors';
import type { Log } from '../../src/base/log';
import type { HistoryStore } from '../../src/model/historyStore';
import { nodeFilePort } from '../../src/store/disk/nodeFilePort';
import { openStore } from '../../src/store/openStore';
import { projectRoot } from '../support/host/project';

/** The folder that holds what ships. */
export const distDir = path.join(projectRoot, 'dist');

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => process.stderr.write(`${message}\n`),
  error: (message) => process.stderr.write(`${String(message)}\n`),
};

/** Opens a store as the worker does. */
export function openBenchStore(dir: string, clock: Clock = systemClock): Promise<HistoryStore> {
  return openStore({ dir, files: nodeFilePort, clock, log, wasmDir: distDir });
}

/** One step of upkeep after the other until there is nothing left to do, as in a window where nobody works. */
export async function tidy(store: HistoryStore, afterStep?: () => Promise<void>): Promise<void> {
  while (await store.maintain()) await afterStep?.();
}

/** Bytes of every file in a folder and below. */
export async function bytesOf(dir: string): Promise<number> {
  return [...(await bytesByKind(dir)).values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Bytes of the files in a folder and below, by what their names end with. */
export async function bytesByKind(dir: string): Promise<Map<string, number>> {
  const kinds = new Map<string, number>();
  for (const name of await readdir(dir, { recursive: true })) {
    const info = await stat(path.join(dir, name)).catch(undefinedIfMissing);
    if (info?.isFile() !== true) continue;
    const kind = path.extname(name) || path.basename(name);
    kinds.set(kind, (kinds.get(kind) ?? 0) + info.size);
  }
  return kinds;
}

/** A store may tidy up while it is looked at. */
function undefinedIfMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
  return undefined;
}
