import { messageOf, ObbyError } from '../base/errors';
import type { Log } from '../base/log';
import { CatalogDamage } from './disk/sqlite';
import { isDiskFull } from './disk/filePort';

/** The error that the user sees for a failure; `consequence` says what was not done because of it. */
export function storeFailure(error: unknown, log: Log, consequence: string): ObbyError {
  if (error instanceof ObbyError) return error;
  log.error(error instanceof Error ? error : messageOf(error));
  if (isDiskFull(error)) {
    return new ObbyError(
      'diskFull',
      `The disk that holds the history is full: ${consequence}. Make room; what was recorded before is safe.`,
      { cause: error },
    );
  }
  if (error instanceof CatalogDamage) {
    return new ObbyError(
      'storeFailed',
      `The list of versions is damaged (${error.message}): ${consequence}. Reload the window: it is rebuilt, nothing is lost.`,
      { cause: error },
    );
  }
  return new ObbyError(
    'storeFailed',
    `The history cannot be read or written (${messageOf(error)}): ${consequence}. Check the disk and its permissions.`,
    { cause: error },
  );
}
