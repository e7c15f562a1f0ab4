import type { GitOperation } from '../../model/version';

/** One line of git's log of HEAD, as far as it tells what happened to files. */
export interface ReflogEntry {
  /** Where in the log it ends, which tells it from others like it; bytes from the beginning. */
  readonly end: number;
  /** The commits before and after, lower-case hex; all zero for none. */
  readonly before: string;
  readonly after: string;
  /** Since the epoch. */
  readonly seconds: number;
  /** Absent for what leaves the working tree alone, such as a commit. */
  readonly operation?: GitOperation;
  /** The names that the person used, where they are told. */
  readonly from?: string;
  readonly to?: string;
}

/** git's `reflog` subjects begin with the command; all but the ones here leave files alone. */
const operations: Readonly<Record<string, GitOperation>> = {
  checkout: 'checkout',
  reset: 'reset',
  pull: 'pull',
  merge: 'merge',
  rebase: 'rebase',
  'cherry-pick': 'cherry-pick',
  revert: 'revert',
  clone: 'clone',
};

/** Reads the lines of a log from a place on; a first line that was cut, or one of another form, is left out. */
export function parseReflog(text: string, start: number): ReflogEntry[] {
  let end = start;
  return text.split('\n').flatMap((line) => {
    end += Buffer.byteLength(line) + 1;
    return entryOf(line, end) ?? [];
  });
}

function entryOf(line: string, end: number): ReflogEntry | undefined {
  const match = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t]*> (\d{1,12}) [+-]\d{4}(?:\t(.*))?$/.exec(line);
  if (!match) return undefined;
  const [, before = '', after = '', seconds = '', subject = ''] = match;
  const [word = ''] = /^[a-z-]+/.exec(subject) ?? [];
  const operation = Object.hasOwn(operations, word) ? operations[word] : undefined;
  const moved = /^checkout: moving from (\S+) to (\S+)$/.exec(subject);
  const [, from, to] = moved ?? [];
  return {
    end,
    before,
    after,
    seconds: Number(seconds),
    ...(operation && { operation }),
    ...(from !== undefined && { from: shortName(from) }),
    ...(to !== undefined && { to: shortName(to) }),
  };
}

function shortName(name: string): string {
  return /^[0-9a-f]{40,64}$/.test(name) ? name.slice(0, 8) : name;
}
