import * as l10n from '@vscode/l10n';
import { join } from 'node:path';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { systemClock } from './base/clock';
import { detached, type Log } from './base/log';
import { nodeFilePort } from './store/disk/nodeFilePort';
import { openStore } from './store/openStore';
import { systemProcesses } from './store/sync/owner';
import type { EngineEvent } from './engine/engine';
import { EngineHost } from './engine/engineHost';
import { answer, type HostMessage, type WorkerData, type WorkerMessage } from './engine/rpc';

/** The composition root of the engine's thread. */
function main(): void {
  const port = parentPort;
  if (!port) throw new Error('This file runs in a worker thread.');
  const { words, endedThreads } = workerData as WorkerData;
  const processes = { ...systemProcesses, thread: threadId, endedThreads };
  if (words) l10n.config({ contents: words });
  const post = (message: WorkerMessage): void => port.postMessage(message);
  const emit = (event: EngineEvent): void => post({ type: 'event', event });
  const log: Log = {
    debug: (message) => emit({ type: 'log', level: 'debug', message }),
    info: (message) => emit({ type: 'log', level: 'info', message }),
    warn: (message) => emit({ type: 'log', level: 'warn', message }),
    error: (message) => emit({ type: 'log', level: 'error', message: String(message) }),
  };
  const engine = new EngineHost({
    clock: systemClock,
    log,
    files: nodeFilePort,
    emit,
    patternProgram: join(__dirname, 'matcher.js'),
    openStore: (dir, onRecordedElsewhere) =>
      openStore({
        dir,
        files: nodeFilePort,
        clock: systemClock,
        log,
        wasmDir: __dirname,
        processes,
        onRecordedElsewhere,
      }),
  });
  port.on('message', (request: HostMessage) => {
    detached(answer(engine, request).then(post), log, `${request.method} was not answered`);
  });
}

main();
