import { stackOf } from './errors';
import type { Log } from './log';

/** Lets work go on that nobody waits for. What it rejects with is logged with its stack; `what` says what failed. */
export function detached(work: PromiseLike<unknown>, log: Pick<Log, 'error'>, what: string): void {
  work.then(undefined, (error: unknown) => log.error(`${what}: ${stackOf(error)}`));
}
