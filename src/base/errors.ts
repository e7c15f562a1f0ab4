/** Why a call failed, for callers that act on it; never match on message text. */
export type ErrorCode =
  | 'badArgument'
  | 'notAvailable'
  | 'notFound'
  | 'notWatched'
  | 'notStored'
  | 'binary'
  | 'unreadable'
  | 'tooLarge'
  | 'changedWhileRead'
  | 'outdated'
  | 'cancelled'
  | 'conflict'
  | 'noFolder'
  | 'diskFull'
  | 'storeFailed'
  | 'storeReadOnly'
  | 'closed'
  | 'unexpected';

/** An error a person can act on: what happened, to which file, what to do. Everything else is a bug. */
export class ObbyError extends Error {
  override readonly name = 'ObbyError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Anything that was thrown, for the log: with its stack, where it has one. */
export function stackOf(error: unknown): string {
  return (error instanceof Error ? error.stack : undefined) ?? messageOf(error);
}

/** Anything that was thrown, as an {@link ObbyError}. */
export function asObbyError(error: unknown): ObbyError {
  return error instanceof ObbyError ? error : new ObbyError('unexpected', messageOf(error), { cause: error });
}

/** The errno code of a Node.js file error (`ENOENT`), or undefined. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Marks a branch the compiler proved unreachable. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
