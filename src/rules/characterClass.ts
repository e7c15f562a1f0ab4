import * as l10n from '@vscode/l10n';
import { PatternError } from './patternError';

/** For each byte, 1 where it belongs to the set. */
export type ByteSet = Uint8Array;

/** What `?` stands for: every byte a file name can hold. */
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
export function readClass(glob: string, open: number): { bytes: ByteSet; end: number } {
  const negated = glob[open + 1] === '!' || glob[open + 1] === '^';
  const start = open + (negated ? 2 : 1);
  const listed = new Uint8Array(256);
  let at = start;
  /** The byte a following `-` makes a range from; 0 after a range or a named class, where `-` is only itself. */
  let from = 0;
  // A `]` that comes first is a member.
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

/** Pairs of first and last byte, what a following `-` ranges from, and the index after the member. */
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
    // A range that runs backwards adds nothing.
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
