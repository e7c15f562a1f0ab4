import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { systemClock } from '../../src/base/clock';
import { EngineClient, workerOf } from '../../src/host/session/engineClient';
import type { Log } from '../../src/base/log';
import type { Engine } from '../../src/engine/engine';
import { folderSettings } from '../support/folderSettings';
import { distDir } from './benchStore';

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (message) => process.stderr.write(`${String(message)}\n`),
};

/** A watched folder, as the extension host has it: every call is a message to the worker that ships. */
export interface WatchedFolder {
  readonly engine: Engine;
  readonly key: string;
  /** Absolute path. */
  readonly root: string;
}

/** Watches every file of the folder `root`, which is made, while `run` runs. */
export async function withWatchedFolder<T>(
  folder: string,
  fill: (root: string) => Promise<void>,
  run: (watched: WatchedFolder) => Promise<T>,
): Promise<T> {
  const root = path.join(folder, 'workspace');
  await mkdir(root, { recursive: true });
  await writeFile(path.join(root, '.obbywatch'), '*\n');
  await fill(root);
  const client = new EngineClient(() => workerOf(path.join(distDir, 'worker.js'), []), log, systemClock);
  const { engine } = client;
  // The scan that follows the start when a client's watcher has begun would record what is to be measured.
  const settled = new Promise<void>((resolve) => {
    client.onDidReceiveEvent((event) => {
      if (event.type === 'scanned' && event.reason === 'watched') resolve();
    });
  });
  try {
    await engine.open(root, { root, storeDir: path.join(folder, 'history'), settings: folderSettings() });
    await settled;
    const result = await run({ engine, key: root, root });
    await engine.close(root);
    return result;
  } finally {
    client.dispose();
  }
}
