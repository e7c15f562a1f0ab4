import fc from './properties';

/** Rule files and paths to ask about. */
export interface RuleCase {
  readonly files: readonly RuleText[];
  /** Those paths that exist, as folders; the others are files. */
  readonly folders: ReadonlySet<string>;
  readonly paths: readonly string[];
}

interface RuleText {
  readonly dir: string;
  /** With their line ends. */
  readonly lines: readonly string[];
  readonly text: string;
}

/** What patterns are put together from: small, so that they match often. */
const plainPieces = words(String.raw`
  a b ab c . .a é * * * ** ? / / / **/ /** /**/ /* */ ***/ /**/** /a /b a/
  [a] [ab] [a-c] [!a] [^b] [!a-b] [[:alpha:]] \a`);

/** What is read wrongly when it is not known well. */
const nastyPieces = [
  ...words(String.raw`
    A 1 - # ! ^ {a,b} +(a) @ $ | ( ) : , ~ % ü 日 😀 *** // ./ ../ ... **a a** **\/ \/ \ \\ \* \? \[ \] \! \# \é [ ] []
    [c-a] []a] [!]a] []-a] [a-] [-a] [--0] [a\]b] [\a-\c] [a\-c] [^] [!] [[] [[a] [[:] [a/b] [/] [!/] [.-0] [a-c-e]
    [é] [!é] [À-ÿ] [*] [?] [\\] [\ [[:digit:]a] [![:alnum:]] [[:space:]] [[:punct:]] [[:upper:][:digit:]] [[:cntrl:]]
    [[:graph:]] [[:x:]] [[:alpha:]-z] [a-[:digit:]] [[:alpha: [[:alpha] [[::]]`),
  ...[' ', 'a b', '\\ ', '\t', '\r', '\v'],
];

const names = [
  ...words(String.raw`
    a a b b ab ba aa abc c .a a.b A 1 - # #a ! !a ^ x é aé ü 日 😀 \ a\ * ** ? [ ] [a] ]a a] [ab {a,b} +(a) ~ : ...`),
  ...[' ', 'a ', ' a', '\t', '\r', 'a\n'],
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...plainPieces) },
  { weight: 1, arbitrary: fc.constantFrom(...nastyPieces) },
);

const line = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 3, arbitrary: fc.constantFrom('!', '!', '/', '!/', '\\!', '#') },
    ),
    fc.array(piece, { minLength: 1, maxLength: 5 }),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      { weight: 2, arbitrary: fc.constantFrom('/', '/', ' ', '  ', '\\ ', '\\  ', '\t', ' /', '\\') },
    ),
  )
  .map(([start, middle, end]) => start + middle.join('') + end);

const file = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 5 }),
    lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
    isEnded: fc.boolean(),
    hasBom: fc.nat(9).map((n) => n === 0),
  })
  .map(({ lines, lineEnd, isEnded, hasBom }) => {
    const ended = lines.map((one, index) => (isEnded || index < lines.length - 1 ? one + lineEnd : one));
    return { lines: ended, text: (hasBom ? '\uFEFF' : '') + ended.join('') };
  });

/** Names that have nothing to do with any pattern, or what a pattern should match or nearly does, deep in other folders. */
const path = fc.record({
  names: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
  line: fc.nat(1000),
  isDerived: fc.nat(3).map((n) => n > 0),
  choices: fc.array(fc.nat(1000), { minLength: 4, maxLength: 8 }),
  above: fc.array(fc.constantFrom(...names), { maxLength: 2 }),
  below: fc.array(fc.constantFrom(...names), { maxLength: 2 }),
  isPlain: fc.boolean(),
  isFolder: fc.nat(2).map((n) => n === 0),
});
type PathRecipe = typeof path extends fc.Arbitrary<infer Recipe> ? Recipe : never;

/** Of rule files at the root and, if `deeper`, in folders. */
export function ruleCase(options: { deeper: boolean }): fc.Arbitrary<RuleCase> {
  const dirs = fc.constantFrom('a', 'b', 'a/b', 'ab', '.a', 'é', ']');
  return fc
    .record({
      root: file,
      deeper: fc.dictionary(dirs, file, { maxKeys: options.deeper ? 2 : 0 }),
      paths: fc.array(path, { minLength: 8, maxLength: 16 }),
    })
    .map(({ root, deeper, paths: recipes }) => {
      const files = Object.entries({ '': root, ...deeper }).map(([dir, one]) => ({ dir, ...one }));
      const lines = files.flatMap((one) => one.lines);
      const paths = recipes
        .map((recipe) => ({ path: pathOf(recipe, lines), isFolder: recipe.isFolder }))
        .filter(isPossible);
      const folders = paths.filter(({ isFolder }) => isFolder).map((one) => one.path);
      return {
        files,
        folders: new Set([...folders, ...Object.keys(deeper)].flatMap(withFoldersAbove)),
        paths: [...new Set(paths.flatMap((one) => withFoldersAbove(one.path)))],
      };
    });
}

function pathOf(recipe: PathRecipe, lines: readonly string[]): string {
  const pattern = lines[recipe.line % lines.length] ?? '';
  const middle = recipe.isDerived ? derive(pattern, recipe.choices).split('/') : recipe.names;
  const all = recipe.isPlain ? middle : [...recipe.above, ...middle, ...recipe.below];
  return all.filter((name) => name !== '').join('/');
}

/** Not one that no file can have, that git's own files have, or that reads like a drive's letter. */
function isPossible({ path: candidate }: { path: string }): boolean {
  const impossible = ['', '.', '..', '.git', '.gitignore'];
  return candidate.split('/').every((name) => !impossible.includes(name)) && !/^.:(\/|$)/su.test(candidate);
}

function withFoldersAbove(below: string): string[] {
  const all = below.split('/');
  return all.map((_, index) => all.slice(0, index + 1).join('/'));
}

/** Puts something in the place of each wildcard. */
function derive(pattern: string, choices: readonly number[]): string {
  let at = 0;
  const pick = (from: readonly string[]) => from[(choices[at++ % choices.length] ?? 0) % from.length] ?? '';
  return pattern
    .replace(/\n$/, '')
    .replace(/^!|[\r ]+$/g, (edge) => pick(['', edge]))
    .replace(/\/?\*\*+\/?|\*|\?|\[[!^]?\]?[^\]]*\]|\\./gsu, (part) => {
      if (part.includes('**')) return pick(['', '/', 'a/', '/a', '/b/', '/a/b/', 'a', part.replace(/\*+/, 'x')]);
      if (part === '*') return pick(['', 'a', 'b', 'ab', '.a', 'é', 'a/b', 'x', ']', '-']);
      if (part === '?') return pick(['a', 'b', 'é', '.', '1']);
      return part.startsWith('[') ? pick(['a', 'b', 'c', '-', ']', '1', ...Array.from(part.slice(1))]) : part.slice(1);
    });
}
