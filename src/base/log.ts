import { stackOf } from './errors';
import { escapeUnprintable } from './unprintable';

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

/** Where the next frame of a stack begins. */
const frame = /\n(?= {4}at )/;

/** A log of which every entry is one line, but for stacks: a name with a line feed cannot pass for an entry. */
export function singleLineLog(log: Log): Log {
  const onLine = (message: string): string => message.split(frame).map(escapeUnprintable).join('\n');
  return {
    debug: (message) => log.debug(onLine(message)),
    info: (message) => log.info(onLine(message)),
    warn: (message) => log.warn(onLine(message)),
    error: (message) => log.error(onLine(typeof message === 'string' ? message : stackOf(message))),
  };
}
