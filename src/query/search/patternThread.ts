import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ObbyError } from '../../base/errors';
import type { CompiledPattern, LineMatch } from './lineMatches';

/** What the thread is asked, one text at a time. */
export interface PatternRequest {
  readonly text: string;
  readonly pattern: CompiledPattern;
}

/** How long one text may take (ms): some expressions take longer than the universe lasts. */
const maxTextMs = 2_000;
/** A thread that has nothing to do is kept for this long (ms). */
const idleMs = 30_000;

/**
 * Matches regular expressions in a thread of their own, since nothing else can interrupt one. The thread starts with the
 * first text and is ended when it takes too long.
 */
export class PatternThread {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** `file` is the absolute path of the thread's program. */
  constructor(
    private readonly file: string,
    private readonly limitMs = maxTextMs,
  ) {}

  /** Rejects `badArgument` when the expression takes too long. One text at a time, in the order of the calls. */
  matches(text: string, pattern: CompiledPattern): Promise<readonly LineMatch[]> {
    const next = this.last.then(() => this.run({ text, pattern }));
    this.last = next.catch(() => undefined);
    return next;
  }

  dispose(): void {
    clearTimeout(this.idle);
    const { worker } = this;
    this.worker = undefined;
    // Its end is not awaited; a failure of it changes nothing.
    worker?.terminate().catch(() => undefined);
  }

  private async run(request: PatternRequest): Promise<readonly LineMatch[]> {
    clearTimeout(this.idle);
    const worker = (this.worker ??= await started(this.file));
    return new Promise<readonly LineMatch[]>((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(deadline);
        worker.off('message', done).off('error', fail).off('exit', ended);
        settle();
      };
      const stop = (error: Error): void =>
        end(() => {
          this.dispose();
          reject(error);
        });
      const done = (found: readonly LineMatch[]): void =>
        end(() => {
          this.idle = setTimeout(() => this.dispose(), idleMs).unref();
          resolve(found);
        });
      const fail = (error: Error): void => stop(error);
      const ended = (): void => stop(new ObbyError('closed', 'The search was ended.'));
      const deadline = setTimeout(() => stop(tooSlow()), this.limitMs);
      worker.on('message', done).on('error', fail).on('exit', ended);
      worker.postMessage(request);
    });
  }
}

/** The time that a thread takes to start is not that of an expression. */
async function started(file: string): Promise<Worker> {
  const worker = new Worker(file);
  await once(worker, 'online');
  worker.unref();
  return worker;
}

function tooSlow(): ObbyError {
  return new ObbyError('badArgument', 'regex: this expression takes too long to match some text. Make it simpler.');
}
