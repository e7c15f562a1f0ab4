/** Why a pattern can match nothing at all, and which part of it is to blame. */
export class PatternError extends Error {
  override readonly name = 'PatternFault';

  /** `start` and `end` are offsets into the text that was parsed. */
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(message);
  }
}
