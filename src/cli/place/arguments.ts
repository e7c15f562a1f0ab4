import { isAbsolute, resolve } from 'node:path';
import { ObbyError } from '../../base/errors';
import { escapeUnprintable } from '../../base/unprintable';

/** No system opens a longer path. */
const maxPathLength = 32_767;
const maxShown = 80;

/** The absolute path that an argument means. Throws `badArgument` for what can be none. */
export function absolutePath(cwd: string, argument: string): string {
  if (argument === '') throw new ObbyError('badArgument', 'A path is empty.');
  if (argument.includes('\0')) {
    throw new ObbyError('badArgument', `"${shortened(argument)}" is not a path: it contains a NUL character.`);
  }
  if (argument.length > maxPathLength) {
    throw new ObbyError('badArgument', `"${shortened(argument)}" is not a path: it has ${argument.length} characters.`);
  }
  return isAbsolute(argument) ? resolve(argument) : resolve(cwd, argument);
}

/** An argument for a message: on one line, and not longer than one. */
export function shortened(argument: string): string {
  return escapeUnprintable(argument.length > maxShown ? `${argument.slice(0, maxShown)}…` : argument);
}

/** A whole number of at least 1. */
export function aCount(text: string): number {
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count > 0) return count;
  throw new ObbyError('badArgument', `"${shortened(text)}" is not a whole number above 0.`);
}

/** A whole number, 0 or more. */
export function aWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ObbyError('badArgument', `"${shortened(text)}" is not a whole number.`);
}

/** The one of some words that an option names. */
export function oneOf<T extends string>(option: string, words: readonly T[], given: string | undefined): T | undefined {
  const word = words.find((each) => each === given);
  if (given === undefined || word !== undefined) return word;
  throw new ObbyError('badArgument', `${option} is "${shortened(given)}", not one of ${words.join(', ')}.`);
}
