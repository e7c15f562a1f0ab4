import { Random } from '../model/random';

/**
 * All chance in tests follows from one seed, which a run prints and `OBBY_SEED` sets. When a killed process dies, or a
 * folder is looked at, stays the machine's affair.
 */
export const seed = readNumber('OBBY_SEED') ?? printedSeed();

/** `OBBY_TIMES` asks for that many times as many random cases, as `npm run test:long` does. */
export function factor(): number {
  return readNumber('OBBY_TIMES') ?? 1;
}

/** Whether tests run that `npm test` can do without. */
export const isLong = factor() > 1;

/** How many random cases a test tries, of which `npm test` tries `cases`. */
export function times(cases: number): number {
  return Math.ceil(cases * factor());
}

/** The choices of one test; other tests make no difference to them. */
export function chanceOf(name: string): Random {
  let state = seed;
  for (const character of name) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return new Random(state);
}

function printedSeed(): number {
  const chosen = Math.floor(Math.random() * 2 ** 31);
  console.log(`OBBY_SEED=${chosen}`);
  return chosen;
}

function readNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Error(`${name} is ${text}, not a number.`);
  return number;
}
