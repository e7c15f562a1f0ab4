import * as l10n from '@vscode/l10n';
import { Worker } from 'node:worker_threads';
import { detached, type Log } from '../../base/log';
import type { Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { Emitter } from '../../base/events';
import type { Engine, EngineEvent } from '../../engine/engine';
import { RpcClient, type HostMessage, type WorkerData, type WorkerMessage } from '../../engine/rpc';

/** What a client needs of the engine's thread. */
export interface WorkerPort {
  postMessage(message: HostMessage): void;
  on(event: 'message', listener: (message: WorkerMessage) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

/** Starts the engine's thread and talks to it. */
export class EngineClient implements Disposable {
  readonly engine: Engine;
  private worker: WorkerPort | undefined;
  /** Messages from before the thread runs. */
  private waiting: HostMessage[] = [];
  private readonly rpc: RpcClient;
  private readonly events: Emitter<EngineEvent>;
  private readonly exits: Emitter<Error>;
  private isClosing = false;

  constructor(
    private readonly startWorker: () => WorkerPort,
    private readonly log: Log,
  ) {
    const report = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
    this.events = new Emitter(report);
    this.exits = new Emitter(report);
    this.rpc = new RpcClient(
      (message) => (this.worker ? this.worker.postMessage(message) : this.waiting.push(message)),
      (event) => this.events.fire(event),
    );
    this.engine = this.rpc.engine;
    // Starting a thread would double the time of activation, so it comes later.
    setImmediate(() => this.start());
  }

  readonly onDidReceiveEvent = (listener: (event: EngineEvent) => void): Disposable => this.events.event(listener);
  /** The thread ended unexpectedly; all pending calls were rejected. */
  readonly onDidFail = (listener: (error: Error) => void): Disposable => this.exits.event(listener);

  /** Ends the thread; folders must be closed before. */
  dispose(): void {
    this.isClosing = true;
    this.rpc.dispose();
    if (this.worker) detached(this.worker.terminate(), this.log, "The engine's thread did not end");
  }

  private start(): void {
    if (this.isClosing) return;
    const worker = this.startWorker();
    worker.on('message', (message) => this.rpc.receive(message));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', (code) => this.fail(new Error(`the worker thread ended with code ${code}`)));
    this.worker = worker;
    for (const message of this.waiting) worker.postMessage(message);
    this.waiting = [];
  }

  private fail(error: Error): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.rpc.close(
      new ObbyError('closed', l10n.t('Recording stopped: {0}. Reload the window to start it again.', error.message)),
    );
    this.exits.fire(error);
  }
}

/** Starts a thread that runs a file; `words`: translated texts by their English ones. */
export function workerOf(file: string, words?: WorkerData['words']): WorkerPort {
  const workerData: WorkerData = { words };
  // Debugger flags of the extension host must not reach the thread.
  return new Worker(file, { execArgv: [], workerData });
}
