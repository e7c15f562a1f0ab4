import { stackOf } from './errors';
import type { Log } from './log';

/** A promise of any kind, VS Code's `Thenable` included. */
interface Work {
  then(onFulfilled: undefined, onRejected: (error: unknown) => void): unknown;
}

/** Starts work without waiting for it. A rejection is logged with its stack; `what` says what failed. */
export function detached(work: Work, log: Pick<Log, 'error'>, what: string): void {
  work.then(undefined, (error: unknown) => log.error(`${what}: ${stackOf(error)}`));
}
