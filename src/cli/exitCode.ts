import type { ErrorCode } from '../base/errors';

/** What the process ends with. Part of the interface: README lists them. */
export const exitCode = {
  done: 0,
  /** Nothing was found, or not all was done. */
  notAll: 1,
  /** The arguments are wrong, or a confirmation is missing. */
  usage: 2,
  /** The folder has no history. */
  noHistory: 3,
  /** The history, or a file, cannot be read or written. */
  failed: 4,
  /** Ended by Ctrl+C, as shells report it. */
  interrupted: 130,
} as const;

/** The exit code for an error of the engine. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'badArgument':
    case 'notAvailable':
      return exitCode.usage;
    case 'noFolder':
      return exitCode.noHistory;
    case 'notFound':
    case 'notWatched':
    case 'notStored':
    case 'conflict':
    case 'outdated':
    case 'binary':
      return exitCode.notAll;
    case 'cancelled':
      return exitCode.interrupted;
    case 'unreadable':
    case 'tooLarge':
    case 'changedWhileRead':
    case 'diskFull':
    case 'storeFailed':
    case 'storeReadOnly':
    case 'closed':
    case 'unexpected':
      return exitCode.failed;
  }
}
