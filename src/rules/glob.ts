import * as l10n from '@vscode/l10n';

/** A pattern that can match nothing, and the part of it that is wrong. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  /** `start` and `end` are offsets into the text that was parsed. */
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(message);
  }
}

/** Any run of bytes within a name. */
export const star = Symbol('*');
/** Any number of folders, also none. */
export const anyFolders = Symbol('**/');
const slash = Symbol('/');

/** One literal byte, one byte of a set, or a star. */
export type NameToken = string | ByteSet | typeof star;
export type NameGlob = readonly NameToken[];
type Token = NameToken | typeof slash | typeof anyFolders;

/** A path of a pattern: through folders to a name. */
export interface Route {
  /** Never `anyFolders` twice in a row. */
  readonly folders: readonly (NameGlob | typeof anyFolders)[];
  readonly name: NameGlob;
}

/**
 * Reads a pattern of gitignore's syntax, without its `!` and its trailing `/`, as git's dir.c and wildmatch.c do.
 *
 * Text and names are strings of bytes (one char per UTF-8 byte), because git's `?` and classes match one byte.
 * @throws PatternError for a pattern that matches nothing
 */
export function readGlob(glob: string): Route {
  const rooted = glob.startsWith('/') ? 1 : 0;
  const route = toRoute(glob.includes('/') ? readPath(glob, rooted) : [anyFolders, ...readName(glob)]);
  if (route === undefined) {
    throw new PatternError(
      l10n.t('No path has an empty name, `.` or `..` in it, so this matches nothing.'),
      0,
      glob.length,
    );
  }
  return route;
}

function readName(glob: string): NameToken[] {
  const tokens: NameToken[] = [];
  for (let at = 0; at < glob.length;) {
    const { token, end } = readToken(glob, at);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

function readToken(glob: string, at: number): { token: NameToken; end: number } {
  const char = glob.charAt(at);
  if (char === '[') {
    const { bytes, end } = readClass(glob, at);
    return { token: bytes, end };
  }
  if (char === '?') return { token: anyByte, end: at + 1 };
  if (char === '*') {
    let end = at + 1;
    while (glob[end] === '*') end++;
    return { token: star, end };
  }
  if (char !== '\\') return { token: char, end: at + 1 };
  const escaped = glob[at + 1];
  if (escaped === undefined) {
    throw new PatternError(l10n.t('Nothing follows this `\\`. Write `\\\\` for the character itself.'), at, at + 1);
  }
  return { token: escaped, end: at + 2 };
}

/** Runs of stars that may cross folders; several in a row mean the same as one. */
const crossing = /\*{2,}(?:\/\*{2,})*(?=\/|\\\/|$)/y;

/** `**` crosses folders only where a name starts; right after text it is a `*`, as in git since 2.52. */
function readPath(glob: string, start: number): Token[] {
  const tokens: Token[] = [];
  for (let at = start; at < glob.length;) {
    const startsName = at === start || glob[at - 1] === '/';
    crossing.lastIndex = at;
    const end = startsName ? at + (crossing.exec(glob)?.[0].length ?? 0) : at;
    if (end > at) {
      const read = readCrossing(glob.slice(end, end + 2));
      tokens.push(...read.meaning);
      at = end + read.consumed;
    } else {
      const { token, end: next } = readToken(glob, at);
      tokens.push(token === '/' ? slash : token);
      at = next;
    }
  }
  return tokens;
}

/** The meaning of `**` before `rest`, and the length of the part of `rest` that belongs to it. */
function readCrossing(rest: string): { meaning: Token[]; consumed: number } {
  if (rest === '') return { meaning: [anyFolders, star], consumed: 0 };
  // Only a plain slash may be absent from a path; an escaped one must be there.
  if (rest.startsWith('\\')) return { meaning: [star, slash, anyFolders], consumed: 2 };
  return { meaning: [anyFolders], consumed: 1 };
}

/** Splits at the slashes; undefined when no path can have one of the names. */
function toRoute(tokens: readonly Token[]): Route | undefined {
  const folders: (NameGlob | typeof anyFolders)[] = [];
  let name: NameToken[] = [];
  for (const token of tokens) {
    if (token === anyFolders) {
      if (folders.at(-1) !== anyFolders) folders.push(anyFolders);
    } else if (token === slash) {
      if (!isPossible(name)) return undefined;
      folders.push(name);
      name = [];
    } else {
      name.push(token);
    }
  }
  return isPossible(name) ? { folders, name } : undefined;
}

function isPossible(name: NameGlob): boolean {
  const text = name.every((token) => typeof token === 'string') ? name.join('') : undefined;
  return text !== '' && text !== '.' && text !== '..';
}

/** For each byte, 1 where it belongs to the set. */
export type ByteSet = Uint8Array;

/** What `?` matches: every byte that a file name can have. */
export const anyByte: ByteSet = without(new Uint8Array(256).fill(1), '\0/');

/** The named classes as pairs of first and last byte. They are ASCII in every locale, and git counts no `\v` or `\f` as space. */
const namedClasses: ReadonlyMap<string, string> = new Map([
  ['alnum', '09AZaz'],
  ['alpha', 'AZaz'],
  ['blank', '\t\t  '],
  ['cntrl', '\0\x1f\x7f\x7f'],
  ['digit', '09'],
  ['graph', '!~'],
  ['lower', 'az'],
  ['print', ' ~'],
  ['punct', '!/:@[`{~'],
  ['space', '\t\n\r\r  '],
  ['upper', 'AZ'],
  ['xdigit', '09AFaf'],
]);

/**
 * Reads the class whose `[` is at `open`. A class never matches `/`, whatever it lists.
 * @returns its bytes, and the index after its `]`
 * @throws PatternError where git would let the whole pattern match nothing
 */
function readClass(glob: string, open: number): { bytes: ByteSet; end: number } {
  const negated = glob[open + 1] === '!' || glob[open + 1] === '^';
  const start = open + (negated ? 2 : 1);
  const listed = new Uint8Array(256);
  let at = start;
  /** The byte from which a following `-` makes a range; 0 after a range or a named class, where `-` is literal. */
  let from = 0;
  // A leading `]` is a member.
  while (at === start || glob[at] !== ']') {
    const member = readMember(glob, open, at, from);
    add(listed, member.ranges);
    from = member.from;
    at = member.end;
  }
  const bytes = without(negated ? listed.map((flag) => 1 - flag) : listed, '\0/');
  if (!bytes.includes(1)) throw new PatternError(l10n.t('This character class matches no character.'), open, at + 1);
  return { bytes, end: at + 1 };
}

/** Pairs of first and last byte, the byte from which a following `-` makes a range, and the index after the member. */
interface Member {
  readonly ranges: string;
  readonly from: number;
  readonly end: number;
}

function readMember(glob: string, open: number, at: number, from: number): Member {
  if (glob[at] === '[' && glob[at + 1] === ':') {
    const named = readNamed(glob, open, at);
    if (named !== undefined) return named;
  } else if (glob[at] === '-' && from !== 0 && at + 1 < glob.length && glob[at + 1] !== ']') {
    const last = readByte(glob, open, at + 1);
    return { ranges: String.fromCharCode(from) + last.byte, from: 0, end: last.end };
  }
  const { byte, end } = readByte(glob, open, at);
  return { ranges: byte + byte, from: byte.charCodeAt(0), end };
}

function readByte(glob: string, open: number, at: number): { byte: string; end: number } {
  const index = glob[at] === '\\' ? at + 1 : at;
  const byte = glob[index];
  if (byte === undefined) throw unclosed(glob, open);
  return { byte, end: index + 1 };
}

/** `[:alpha:]` and its kind; undefined where what follows `[:` makes the `[` an ordinary member. */
function readNamed(glob: string, open: number, at: number): Member | undefined {
  const close = glob.indexOf(']', at + 2);
  if (close === -1) throw unclosed(glob, open);
  if (close === at + 2 || glob[close - 1] !== ':') return undefined;
  const ranges = namedClasses.get(glob.slice(at + 2, close - 1));
  if (ranges === undefined) {
    throw new PatternError(
      l10n.t('There is no such class of characters. Known are {0}.', [...namedClasses.keys()].join(', ')),
      at,
      close + 1,
    );
  }
  return { ranges, from: 0, end: close + 1 };
}

function add(bytes: ByteSet, ranges: string): void {
  for (let pair = 0; pair < ranges.length; pair += 2) {
    const [first, last] = [ranges.charCodeAt(pair), ranges.charCodeAt(pair + 1)];
    // A reversed range adds nothing.
    if (first <= last) bytes.fill(1, first, last + 1);
  }
}

function without(bytes: ByteSet, excluded: string): ByteSet {
  for (const byte of excluded) bytes[byte.charCodeAt(0)] = 0;
  return bytes;
}

function unclosed(glob: string, open: number): PatternError {
  return new PatternError(
    l10n.t('This `[` has no matching `]`. Write `\\[` for the character itself.'),
    open,
    glob.length,
  );
}
