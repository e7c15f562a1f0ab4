import { Minimatch, type MinimatchOptions } from 'minimatch';
import { withoutCase } from './caseBlind';
import { anyByte, anyFolders, readGlob, star, type ByteSet, type NameGlob, type NameToken, type Route } from './glob';

export type NameTest = (name: string) => boolean;
export type FolderTest = NameTest | typeof anyFolders;

/**
 * A compiled pattern: it matches through folders that pass their tests an entry whose name passes its own. Names are
 * {@link toBytes bytes}.
 */
export interface Pattern {
  readonly folders: readonly FolderTest[];
  readonly name: NameTest;
  /** Matching takes at most about this many steps for each byte of a path. */
  readonly cost: number;
}

/**
 * Compiles the {@link toBytes bytes} of a pattern in gitignore's syntax, without its `!` and its trailing `/`.
 *
 * Minimatch compiles names. It does not get whole patterns, because in minimatch 10
 * - `*.log` and `node_modules/` match at the top only, and a `/` inside a class splits the class;
 * - an unclosed `[` and a trailing `\` are literal, while in git such a pattern matches nothing;
 * - `[[:alpha:]]` matches letters of any script, `[c-a]` matches nothing while git still matches `c`, and `*\]` misses
 *   `a]`;
 * - several stars in a name, and several `**`, are tried in every combination: patterns like `*a*a*a*a*b` take seconds.
 *
 * So {@link readGlob} parses git's syntax, minimatch gets each name in a form that means the same to both, and {@link
 * follow} goes from name to name.
 * @param isCaseBlind it matches names in lower case, whatever its own case
 * @throws PatternError for a pattern that matches nothing
 */
export function compilePattern(glob: string, isCaseBlind = false): Pattern {
  const { folders, name } = isCaseBlind ? inLowerCase(readGlob(glob)) : readGlob(glob);
  const lengths = [...folders, name].map((part) => (part === anyFolders ? 0 : part.length));
  return {
    folders: folders.map((folder) => (folder === anyFolders ? anyFolders : compileName(folder))),
    name: compileName(name),
    cost: /[*?[]/.test(glob) ? lengths.reduce((sum, length) => sum + length, 1) : 1,
  };
}

function inLowerCase({ folders, name }: Route): Route {
  const fold = (glob: NameGlob): NameGlob => glob.map(tokenInLowerCase);
  return { folders: folders.map((folder) => (folder === anyFolders ? folder : fold(folder))), name: fold(name) };
}

function tokenInLowerCase(token: NameToken): NameToken {
  if (typeof token === 'string') return withoutCase(token);
  if (token === star) return token;
  return token.map((isIn, byte) => (isUpperCase(byte - 32) && token[byte - 32] === 1 ? 1 : isIn));
}

function isUpperCase(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

/** The start positions; see {@link follow}. */
export function startPositions(folders: readonly FolderTest[]): readonly number[] {
  return folders[0] === anyFolders ? [1, 0] : [0];
}

/**
 * Follows the folders of a pattern with the name of one more folder.
 *
 * A position is how many of the pattern's folders the names so far may have passed; with `**` there can be several. Runs
 * at most one test for each.
 * @param positions the farthest first
 * @returns the positions after this name, likewise: none where the pattern leads elsewhere; `folders.length` is among
 * them where the pattern's own name comes next
 */
export function follow(folders: readonly FolderTest[], positions: readonly number[], name: string): readonly number[] {
  const next: number[] = [];
  for (const position of positions) {
    const test = folders[position];
    const reached = test === anyFolders ? position : test?.(name) === true ? position + 1 : undefined;
    if (reached === undefined) continue;
    // `anyFolders` accepts every name through which a nearer position could get here.
    if (folders[reached] === anyFolders) return [...next, reached + 1, reached];
    next.push(reached);
  }
  return next;
}

function compileName(glob: NameGlob): NameTest {
  if (glob.every((token) => typeof token === 'string')) {
    const text = glob.join('');
    return (name) => name === text;
  }
  // A regular expression with one star takes linear time; each further star adds a power.
  return glob.filter((token) => token === star).length > 1 ? placePieces(glob) : compileByMinimatch(glob);
}

/** Dots match like any character; of minimatch's syntax only `*`, `?` and classes are enabled. */
const options: MinimatchOptions = {
  dot: true,
  nobrace: true,
  nocomment: true,
  noext: true,
  nonegate: true,
  platform: 'linux',
};

function compileByMinimatch(glob: NameGlob): NameTest {
  const part = new Minimatch(glob.map(toMinimatch).join(''), options).set[0]?.[0];
  if (typeof part === 'string') return (name) => name === part;
  if (!(part instanceof RegExp)) throw new Error('A single name compiles to a text or a regular expression.');
  return (name) => part.test(name);
}

function toMinimatch(token: NameToken): string {
  if (token === star) return '*';
  if (token === anyByte) return '?';
  if (typeof token !== 'string') return `[${toRanges(token)}]`;
  return /[*?[\\]/.test(token) ? `[\\${token}]` : token;
}

/** The members of a set as escaped ranges. */
function toRanges(bytes: ByteSet): string {
  let ranges = '';
  for (let first = bytes.indexOf(1); first !== -1;) {
    const next = bytes.indexOf(0, first);
    const end = next === -1 ? bytes.length : next;
    ranges += `\\${String.fromCharCode(first)}-\\${String.fromCharCode(end - 1)}`;
    first = bytes.indexOf(1, end);
  }
  return ranges;
}

type Piece = readonly (string | ByteSet)[];

/**
 * Matches a name with several stars. The pieces between stars have fixed lengths, so the first position where one fits
 * is as good as any later one, and no backtracking is needed.
 */
function placePieces(glob: NameGlob): NameTest {
  const pieces = splitAtStars(glob);
  const [first = [], last = []] = [pieces.shift(), pieces.pop()];
  const shortest = pieces.reduce((sum, piece) => sum + piece.length, first.length + last.length);
  return (name) => {
    const end = name.length - last.length;
    if (name.length < shortest || !fits(first, name, 0) || !fits(last, name, end)) return false;
    let at = first.length;
    for (const piece of pieces) {
      while (!fits(piece, name, at)) {
        at++;
        if (at + piece.length > end) return false;
      }
      at += piece.length;
    }
    return at <= end;
  };
}

function splitAtStars(glob: NameGlob): Piece[] {
  let piece: (string | ByteSet)[] = [];
  const pieces = [piece];
  for (const token of glob) {
    if (token === star) pieces.push((piece = []));
    else piece.push(token);
  }
  return pieces;
}

function fits(piece: Piece, name: string, at: number): boolean {
  return piece.every((token, index) =>
    typeof token === 'string' ? name[at + index] === token : token[name.charCodeAt(at + index)] === 1,
  );
}

/** The UTF-8 bytes of a text, one char each: git compares bytes, so `?` matches one byte of a name. */
export function toBytes(text: string): string {
  return /[\u0080-\uffff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The inverse of {@link toBytes}. */
export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
