import { maxPatternLength, parseRuleFile } from '../../rules/ruleFile';
import { Rules } from '../../rules/rules';
import { patternOfPath } from '../watching/pathPattern';

/** In characters: longer than any that a person or a template writes. */
const maxGitignoreLength = 100_000;

/** The patterns of a `.gitignore` that can match something; undefined when one cannot be taken over exactly. */
export function patternsOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || text.length > maxGitignoreLength || text.includes('\0')) return undefined;
  const isTooLong = (line: string): boolean => line.length > maxPatternLength && !line.startsWith('#');
  if (text.split('\n').some(isTooLong)) return undefined;
  const patterns = parseRuleFile(text, '.gitignore', { left: Infinity }).rules.map(({ source }) => source.pattern);
  // An editor would take a carriage return for the end of a line.
  return patterns.some((pattern) => pattern.includes('\r')) ? undefined : patterns;
}

/** For each pattern of a folder, the line that means the same at the root. Undefined when there is none for one of them. */
export function linesAtRoot(dir: string, patterns: readonly string[]): readonly string[] | undefined {
  if (dir === '') return patterns;
  const folder = patternOfPath(dir, true);
  if (folder === undefined) return undefined;
  // To git, `**` crosses folders even right after text if no special character comes before it, as `\` would now.
  if (folder.includes('\\') && patterns.some((pattern) => pattern.includes('**'))) return undefined;
  const lines = patterns.map((pattern) => anchoredIn(folder, pattern));
  return lines.some((line) => line.length > maxPatternLength) ? undefined : lines;
}

/**
 * The lines that mean in a folder what a `.gitignore` further up means there; undefined when it cannot be used.
 * @param way the names of the folders from that of the file to this one
 */
export function linesFromAbove(text: string, way: readonly string[]): readonly string[] | undefined {
  const parts = patternsOf(text)?.map((pattern) => ({ pattern, ...partsOf(pattern) }));
  if (!parts || parts.some(({ body, isAnchored }) => isAnchored && cannotBeSplit.test(body))) return undefined;
  return parts.flatMap(({ pattern, negation, body, isAnchored }) => {
    if (!isAnchored) return [pattern];
    return restsAfter(way, body.replace(/^\//, '').split('/')).map((rest) => `${negation}/${rest.join('/')}`);
  });
}

/** A `/` that is escaped or in a class, or `**` beside text, which means something else where it comes first. */
const cannotBeSplit = /\\\/|\[[^\]]*\/|[^/*]\*\*|\*\*[^/*]/;

/** Whether a pattern counts at any depth below its folder. */
export function isUnanchored(pattern: string): boolean {
  return !partsOf(pattern).isAnchored;
}

interface PatternDeps {
  readonly negation: '!' | '';
  readonly body: string;
  /** It has a `/` before its end, and so is relative to its folder. */
  readonly isAnchored: boolean;
}

function partsOf(pattern: string): PatternDeps {
  const negation = pattern.startsWith('!') ? '!' : '';
  const body = pattern.slice(negation.length);
  return { negation, body, isAnchored: body.slice(0, -1).includes('/') };
}

/** @param folder the pattern of the folder, with a `/` at both ends */
function anchoredIn(folder: string, pattern: string): string {
  const { negation, body, isAnchored } = partsOf(pattern);
  return `${negation}${folder}${isAnchored ? body.replace(/^\//, '') : `**/${body}`}`;
}

/** What is left of a pattern's segments after the names of folders. Nothing is left of one that matches the last folder. */
function restsAfter(way: readonly string[], segments: readonly string[]): string[][] {
  let places = new Set([0]);
  for (const name of way) {
    const next = new Set<number>();
    for (const place of places) {
      if (/^\*\*+$/.test(segments[place] ?? '')) {
        next.add(place);
        // It may stand for no folder. The loop also visits what is added here.
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
