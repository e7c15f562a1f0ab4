import { stackOf } from './errors';

/** The log that a part writes to: an output channel in VS Code, a list in tests. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
}

/** A promise of any kind, VS Code's `Thenable` included. */
interface Work {
  then(onFulfilled: undefined, onRejected: (error: unknown) => void): unknown;
}

/** Runs work that is not awaited. A rejection is logged with its stack; `what` says what failed. */
export function detached(work: Work, log: Pick<Log, 'error'>, what: string): void {
  work.then(undefined, (error: unknown) => log.error(`${what}: ${stackOf(error)}`));
}
