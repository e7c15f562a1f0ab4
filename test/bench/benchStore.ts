import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../src/model/clock';
import { systemClock } from '../../src/model/clock';
import type { Log } from '../../src/model/log';
import type { HistoryStore } from '../../src/store/contract';
import { nodeFilePort } from '../../src/store/nodeFilePort';
import { openStore } from '../../src/store/store';
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

/** Of every file in a folder and below. */
export async function bytesOf(dir: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    bytes += entry.isDirectory() ? await bytesOf(file) : (await stat(file)).size;
  }
  return bytes;
}
