import { maxPatternLength, parseRuleFile } from '../../rules/ruleFile';
import { Rules } from '../../rules/rules';

/** In characters; longer than any file of a person or a template. */
const maxGitignoreLength = 100_000;

/** Special characters of gitignore. */
const special = /[\\*?[]/g;

/**
 * The line of a rule file that matches exactly one path (relative to the folder, with `/`), or all of a folder. Undefined
 * for a path that a line cannot contain.
 */
export function patternOfPath(path: string, isFolder: boolean): string | undefined {
  if (path === '' || /[\r\n]/.test(path)) return undefined;
  const escaped = path.replaceAll(special, '\\$&');
  if (isFolder) return `/${escaped}/`;
  // Unescaped spaces at the end of a line do not count.
  return `/${escaped.replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length))}`;
}

/** The patterns of a `.gitignore` that can match something; undefined if one cannot be converted exactly. */
export function patternsOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text.length > maxGitignoreLength || text.includes('\0')) return undefined;
  const isTooLong = (line: string): boolean => line.length > maxPatternLength && !line.startsWith('#');
  if (text.split('\n').some(isTooLong)) return undefined;
  const patterns = parseRuleFile(text, '.gitignore', { left: Infinity }).rules.map(({ source }) => source.pattern);
  // An editor would take a carriage return for the end of a line.
  return patterns.some((pattern) => pattern.includes('\r')) ? undefined : patterns;
}

/** Converts the patterns of a folder to lines with the same meaning at the root. Undefined if one cannot be converted. */
export function linesAtRoot(dir: string, patterns: readonly string[]): readonly string[] | undefined {
  if (dir === '') return patterns;
  const folder = patternOfPath(dir, true);
  if (folder === undefined) return undefined;
  // In git, `**` right after text crosses folders only if no special character such as `\` comes before it.
  if (folder.includes('\\') && patterns.some((pattern) => pattern.includes('**'))) return undefined;
  const lines = patterns.map((pattern) => anchoredIn(folder, pattern));
  return lines.some((line) => line.length > maxPatternLength) ? undefined : lines;
}

/**
 * Converts a `.gitignore` above a folder to lines with the same meaning in the folder; undefined if that is impossible.
 * @param way the names of the folders from the file's to this one
 */
export function linesFromAbove(text: string, way: readonly string[]): readonly string[] | undefined {
  const parts = patternsOf(text)?.map((pattern) => ({ pattern, ...partsOf(pattern) }));
  if (!parts || parts.some(({ body, isAnchored }) => isAnchored && cannotBeSplit.test(body))) return undefined;
  return parts.flatMap(({ pattern, negation, body, isAnchored }) => {
    if (!isAnchored) return [pattern];
    return restsAfter(way, body.replace(/^\//, '').split('/')).map((rest) => `${negation}/${rest.join('/')}`);
  });
}

/** An escaped `/`, one in a class, or `**` beside text, which means something else at the start. */
const cannotBeSplit = /\\\/|\[[^\]]*\/|[^/*]\*\*|\*\*[^/*]/;

/** Whether a pattern applies at any depth below its folder. */
export function isUnanchored(pattern: string): boolean {
  return !partsOf(pattern).isAnchored;
}

interface PatternParts {
  readonly negation: '!' | '';
  readonly body: string;
  /** Has a `/` before its end, and so is relative to its folder. */
  readonly isAnchored: boolean;
}

function partsOf(pattern: string): PatternParts {
  const negation = pattern.startsWith('!') ? '!' : '';
  const body = pattern.slice(negation.length);
  return { negation, body, isAnchored: body.slice(0, -1).includes('/') };
}

/** @param folder the pattern of the folder, with a `/` at both ends */
function anchoredIn(folder: string, pattern: string): string {
  const { negation, body, isAnchored } = partsOf(pattern);
  return `${negation}${folder}${isAnchored ? body.replace(/^\//, '') : `**/${body}`}`;
}

/** The rest of a pattern's segments after folder names; none if it matches the last folder. */
function restsAfter(way: readonly string[], segments: readonly string[]): string[][] {
  let places = new Set([0]);
  for (const name of way) {
    const next = new Set<number>();
    for (const place of places) {
      if (/^\*\*+$/.test(segments[place] ?? '')) {
        next.add(place);
        // It also matches no folder. The loop visits what is added here.
        places.add(place + 1);
      } else if (matches(segments[place] ?? '', name)) {
        next.add(place + 1);
      }
    }
    places = next;
  }
  const rests = [...places].map((place) => segments.slice(place));
  return rests.filter((rest) => rest.some((segment) => segment !== ''));
}

function matches(segment: string, name: string): boolean {
  if (!/[\\*?[]/.test(segment)) return segment === name;
  return new Rules({ watch: `/${segment}`, ignores: [] }).isWatched(name);
}
