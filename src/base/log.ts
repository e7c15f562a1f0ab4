import { stackOf } from './errors';

/** Where a part says what it does; the host's is an output channel, a test's a list. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
}

/** Lets work go on that nobody waits for. What it rejects with is logged with its stack; `what` says what failed. */
export function detached(work: PromiseLike<unknown>, log: Pick<Log, 'error'>, what: string): void {
  work.then(undefined, (error: unknown) => log.error(`${what}: ${stackOf(error)}`));
}
