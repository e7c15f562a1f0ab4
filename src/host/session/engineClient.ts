import * as l10n from '@vscode/l10n';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../base/clock';
import { detached, type Log } from '../../base/log';
import type { Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { Emitter } from '../../base/events';
import type { Engine, EngineEvent } from '../../engine/engine';
import { RpcClient, type HostMessage, type WorkerData, type WorkerMessage } from '../../engine/rpc';

/** What a client needs of the engine's thread. */
export interface WorkerPort {
  readonly threadId: number;
  postMessage(message: HostMessage): void;
  on(event: 'message', listener: (message: WorkerMessage) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

/** The thread ended unexpectedly; all pending calls were rejected. */
export interface ThreadFailure {
  readonly error: ObbyError;
  /** Resolves when another thread runs, where folders are to be opened again; absent when there will be none. */
  readonly restarted?: Promise<void>;
}

/** Pauses before another thread is started; after the last one no more is, since it would end in the same way. */
const restartPausesMs = [0, 1_000, 5_000];
/** How often, and how many times, it is checked whether the former thread has ended; it may hang in a call of the system. */
const endCheckMs = 50;
const maxEndChecks = 100;
/** After a thread ran this long, the pauses begin with the first again. */
const steadyMs = 10 * 60_000;
/** While calls are pending, the thread must say something within this many checks; no work blocks it nearly as long. */
const watchdog = { everyMs: 10_000, checks: 6 };

/** Starts the engine's thread, talks to it, and starts another one when it ends or hangs. */
export class EngineClient implements Disposable {
  readonly engine: Engine;
  private worker: WorkerPort | undefined;
  private readonly ended: number[] = [];
  /** Messages from before the thread runs. */
  private waiting: HostMessage[] = [];
  private readonly rpc: RpcClient;
  private readonly events: Emitter<EngineEvent>;
  private readonly failures: Emitter<ThreadFailure>;
  private isClosing = false;
  private restarts = 0;
  private startedAt = 0;
  /** The thread that was started last. */
  private threadId = 0;
  private cancelRestart: () => void = () => undefined;
  private isWatching = false;
  private silentChecks = 0;

  constructor(
    /** `ended`: the threads that were started before and have ended. */
    private readonly startWorker: (ended: readonly number[]) => WorkerPort,
    private readonly log: Log,
    private readonly clock: Pick<Clock, 'after' | 'elapsed'>,
  ) {
    const report = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
    this.events = new Emitter(report);
    this.failures = new Emitter(report);
    this.rpc = new RpcClient(
      (message) => this.post(message),
      (event) => this.events.fire(event),
    );
    this.engine = this.rpc.engine;
    // Starting a thread would double the time of activation, so it comes later.
    setImmediate(() => this.start());
  }

  readonly onDidReceiveEvent = (listener: (event: EngineEvent) => void): Disposable => this.events.event(listener);
  readonly onDidFail = (listener: (failure: ThreadFailure) => void): Disposable => this.failures.event(listener);

  /** Ends the thread; folders must be closed before. */
  dispose(): void {
    this.isClosing = true;
    this.rpc.dispose();
    this.cancelRestart();
    if (this.worker) this.terminate(this.worker);
  }

  private start(): void {
    if (this.isClosing) return;
    const worker = this.startWorker(this.ended);
    const { threadId } = worker;
    worker.on('exit', () => this.ended.push(threadId));
    worker.on('message', (message) => {
      this.silentChecks = 0;
      this.rpc.receive(message);
    });
    worker.on('error', (error) => this.fail(worker, error.message));
    worker.on('exit', (code) => this.fail(worker, l10n.t('the worker thread ended with code {0}', code)));
    this.worker = worker;
    this.threadId = threadId;
    this.startedAt = this.clock.elapsed();
    for (const message of this.waiting) worker.postMessage(message);
    this.waiting = [];
  }

  private post(message: HostMessage): void {
    if (this.worker) this.worker.postMessage(message);
    else this.waiting.push(message);
    this.watch();
  }

  private fail(worker: WorkerPort, why: string): void {
    // A thread that had an error ends, too.
    if (this.isClosing || worker !== this.worker) return;
    this.worker = undefined;
    this.log.error(`The engine's thread failed: ${why}`);
    if (this.clock.elapsed() - this.startedAt >= steadyMs) this.restarts = 0;
    const pauseMs = restartPausesMs[this.restarts++];
    if (pauseMs === undefined) {
      this.isClosing = true;
      const error = closed(l10n.t('Recording stopped: {0}. Reload the window to start it again.', why));
      this.rpc.close(error);
      this.failures.fire({ error });
      return;
    }
    const error = closed(l10n.t('Recording was interrupted: {0}. It starts again by itself.', why));
    this.waiting = [];
    this.rpc.interrupt(error);
    this.failures.fire({ error, restarted: this.restartAfter(pauseMs, this.threadId) });
  }

  /** Once the former thread has ended, the next one takes over what it left at once, so that is waited for. */
  private restartAfter(ms: number, former: number): Promise<void> {
    return new Promise((resolve) => {
      let tries = 0;
      const next = (): void => {
        if (!this.ended.includes(former) && tries++ < maxEndChecks) {
          cancel = this.clock.after(endCheckMs, next);
          return;
        }
        this.start();
        resolve();
      };
      let cancel = this.clock.after(ms, next);
      // Who waits for the thread gets the reason from its next call.
      this.cancelRestart = () => {
        cancel();
        resolve();
      };
    });
  }

  /** A suspended machine counts as one check, whatever it missed. */
  private watch(): void {
    if (this.isWatching || this.isClosing) return;
    this.isWatching = true;
    this.silentChecks = 0;
    this.clock.after(watchdog.everyMs, () => this.check(), 'background');
  }

  private check(): void {
    this.isWatching = false;
    const { worker } = this;
    if (!worker || this.rpc.pendingCount === 0) return;
    if (++this.silentChecks >= watchdog.checks) {
      this.fail(worker, l10n.t('the worker thread did not answer'));
      this.terminate(worker);
      return;
    }
    const checks = this.silentChecks;
    // Its reply shows that the thread runs, though other work takes longer.
    detached(this.engine.ping(), this.log, "The engine's thread was not checked");
    this.silentChecks = checks;
  }

  private terminate(worker: WorkerPort): void {
    detached(worker.terminate(), this.log, "The engine's thread did not end");
  }
}

function closed(message: string): ObbyError {
  return new ObbyError('closed', message);
}

/** Starts a thread that runs a file; `words`: translated texts by their English ones. */
export function workerOf(file: string, endedThreads: readonly number[], words?: WorkerData['words']): WorkerPort {
  const workerData: WorkerData = { words, endedThreads };
  // Debugger flags of the extension host must not reach the thread.
  return new Worker(file, { execArgv: [], workerData });
}
