import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { historyName } from '../../../src/host/settings/storageSettings';
import type { Clock } from '../../../src/base/clock';
import type { Log } from '../../../src/base/log';
import { nodeFilePort } from '../../../src/store/disk/nodeFilePort';
import { openStore } from '../../../src/store/openStore';
import type { Engine } from '../../../src/engine/engine';
import { EngineHost } from '../../../src/engine/engineHost';
import { folderSettings } from '../folderSettings';
import { projectRoot } from '../host/project';
import { baseline, story, type Step } from './story';

/** A clock that tells the time of some minutes ago. */
class PastClock implements Clock {
  minutesAgo = 0;

  now(): number {
    return Date.now() - this.minutesAgo * 60_000;
  }

  elapsed(): number {
    return performance.now();
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }
}

const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => process.stderr.write(`${message}\n`),
  error: (message) => process.stderr.write(`${String(message)}\n`),
};

/**
 * Makes a small workspace and plays half an hour of work in it. Obby's own engine records every step, at the time at
 * which the story has it, into the history that a VS Code with this profile will find.
 */
export async function makeDemo(folder: string, profileDir: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const uri = pathToFileURL(folder).toString();
  const histories = path.join(profileDir, 'data', 'User', 'globalStorage', 'obby.obby', 'histories');
  const storeDir = path.join(histories, historyName(path.basename(folder), uri));
  await rm(storeDir, { recursive: true, force: true });

  const clock = new PastClock();
  const wasmDir = path.join(projectRoot, 'dist');
  const engine = new EngineHost({
    patternProgram: path.join(wasmDir, 'matcher.js'),
    clock,
    log,
    files: nodeFilePort,
    emit: () => undefined,
    openStore: (dir) => openStore({ dir, files: nodeFilePort, clock, log, wasmDir }),
  });
  clock.minutesAgo = 31;
  await write(folder, baseline);
  await engine.open(uri, { root: folder, storeDir, settings: folderSettings() });
  await engine.scan(uri, 'start');
  for (const step of story) {
    clock.minutesAgo = step.minutesAgo;
    await play(engine, uri, folder, step);
  }
  clock.minutesAgo = 0;
  await engine.close(uri);
}

async function play(engine: Engine, uri: string, folder: string, step: Step): Promise<void> {
  const { write: contents = {}, move, as } = step;
  await write(folder, contents);
  const paths = Object.keys(contents);
  if (as) {
    await engine.notify(
      uri,
      paths.map((file) => ({ ...as, path: file })),
    );
  }
  if (move) {
    await rename(path.join(folder, move.from), path.join(folder, move.to));
    await engine.notify(uri, [{ type: 'move', ...move }]);
    paths.push(move.to, move.from);
  }
  // What was notified is recorded before.
  await engine.record(uri, paths);
}

async function write(folder: string, contents: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [name, text] of Object.entries(contents)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    if (text === undefined) await rm(file);
    else await writeFile(file, text);
  }
}
