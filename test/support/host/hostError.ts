/** A host that cannot be had or did not start; the message says what happened and what to install or do. */
export class HostError extends Error {
  override readonly name = 'HostError';
}

/** What the launcher shows of anything that was thrown: a sentence for people, or a stack for bugs. */
export function describeFailure(error: unknown): string {
  if (error instanceof HostError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
