import * as l10n from '@vscode/l10n';
import { anyByte, readClass, type ByteSet } from './characterClass';
import { PatternError } from './patternError';

/** Any run of bytes within a name. */
export const star = Symbol('*');
/** Any number of folders, also none. */
export const anyFolders = Symbol('**/');
const slash = Symbol('/');

/** One literal byte, one byte of a set, or a star. */
export type NameToken = string | ByteSet | typeof star;
export type NameGlob = readonly NameToken[];
type Token = NameToken | typeof slash | typeof anyFolders;

/** A way through folders to a name. */
export interface Route {
  /** Never `anyFolders` twice in a row. */
  readonly folders: readonly (NameGlob | typeof anyFolders)[];
  readonly name: NameGlob;
}

/**
 * Reads a pattern of gitignore's syntax, without its `!` and its trailing `/`, as git's dir.c and wildmatch.c do.
 *
 * Text and names are strings of bytes (one char per UTF-8 byte), since git's `?` and classes stand for one byte.
 * @returns the routes it stands for: a path matches when it follows one of them
 * @throws PatternError for a pattern that matches nothing
 */
export function readGlob(glob: string): readonly Route[] {
  const rooted = glob.startsWith('/') ? 1 : 0;
  const variants: Token[][] = glob.includes('/') ? readPath(glob, rooted) : [[anyFolders, ...readName(glob)]];
  const routes = variants.map(toRoute).filter((route) => route !== undefined);
  if (routes.length === 0) {
    throw new PatternError(
      l10n.t('No path has an empty name, `.` or `..` in it, so this matches nothing.'),
      0,
      glob.length,
    );
  }
  return routes;
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

/** Runs of stars that may cross folders, several in a row being the same as one. */
const crossing = /\*{2,}(?:\/\*{2,})*(?=\/|\\\/|$)/y;

/** Most patterns are read in one way; one with `**` right after text is read in two. */
function readPath(glob: string, start: number): Token[][] {
  // Git compares the text before the first wildcard by itself and hands the rest to its matcher as if it were a pattern
  // of its own. So `**` that is the first wildcard crosses folders even right after text: `a**/b` matches ab and ac/d/b.
  const firstWildcard = glob.search(/[*?[\\]/);
  let variants: Token[][] = [[]];
  for (let at = start; at < glob.length;) {
    const startsName = at === start || glob[at - 1] === '/';
    crossing.lastIndex = at;
    const end = startsName || at === firstWildcard ? at + (crossing.exec(glob)?.[0].length ?? 0) : at;
    if (end > at) {
      const read = readCrossing(glob.slice(end, end + 2), startsName);
      variants = read.meanings.flatMap((meaning) => variants.map((tokens) => [...tokens, ...meaning]));
      at = end + read.consumed;
    } else {
      const { token, end: next } = readToken(glob, at);
      for (const tokens of variants) tokens.push(token === '/' ? slash : token);
      at = next;
    }
  }
  return variants;
}

/** What `**` means before `rest`, and how much of `rest` belongs to it. */
function readCrossing(rest: string, startsName: boolean): { meanings: Token[][]; consumed: number } {
  const beyond: Token[] = startsName ? [anyFolders] : [star, slash, anyFolders];
  if (rest === '') return { meanings: startsName ? [[...beyond, star]] : [[star], [...beyond, star]], consumed: 0 };
  // Only a plain slash may stand for nothing; an escaped one has to be there.
  if (rest.startsWith('\\')) return { meanings: [[star, slash, anyFolders]], consumed: 2 };
  return { meanings: startsName ? [beyond] : [[], beyond], consumed: 1 };
}

/** Splits at the slashes; undefined when a name is one that no path has. */
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
