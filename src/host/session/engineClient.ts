import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { Emitter } from '../../base/events';
import type { Log } from '../../base/log';
import type { Engine, EngineEvent } from '../../engine/engine';
import { RpcClient, type HostMessage, type WorkerMessage } from '../../engine/rpc';

/** The worker thread, seen from the extension host. */
export class EngineClient implements Disposable {
  readonly engine: Engine;
  private worker: Worker | undefined;
  /** What is said before the thread runs. */
  private waiting: HostMessage[] = [];
  private readonly rpc: RpcClient;
  private readonly events: Emitter<EngineEvent>;
  private readonly exits: Emitter<Error>;
  private isClosing = false;

  constructor(workerFile: string, log: Log) {
    const report = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
    this.events = new Emitter(report);
    this.exits = new Emitter(report);
    this.rpc = new RpcClient(
      (message) => (this.worker ? this.worker.postMessage(message) : this.waiting.push(message)),
      (event) => this.events.fire(event),
    );
    this.engine = this.rpc.engine;
    // Starting a thread is half of what activation would cost: others go first.
    setImmediate(() => this.start(workerFile));
  }

  private start(workerFile: string): void {
    if (this.isClosing) return;
    // An extension host that is run with debugger flags must not hand them to the thread.
    const worker = new Worker(workerFile, { execArgv: [] });
    worker.on('message', (message: WorkerMessage) => this.rpc.receive(message));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', (code) => this.fail(new Error(`the worker thread ended with code ${code}`)));
    this.worker = worker;
    for (const message of this.waiting) worker.postMessage(message);
    this.waiting = [];
  }

  readonly onDidSay = (listener: (event: EngineEvent) => void): Disposable => this.events.event(listener);
  /** The thread ended unasked; every pending call was rejected. */
  readonly onDidFail = (listener: (error: Error) => void): Disposable => this.exits.event(listener);

  /** Ends the thread; folders must be closed before. */
  dispose(): void {
    this.isClosing = true;
    this.rpc.dispose();
    void this.worker?.terminate();
  }

  private fail(error: Error): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.rpc.close(
      new ObbyError('closed', `Recording stopped: ${error.message}. Reload the window to start it again.`),
    );
    this.exits.fire(error);
  }
}
