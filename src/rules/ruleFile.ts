import * as l10n from '@vscode/l10n';
import type { RuleLine, RuleProblem } from '../model/ruleSources';
import { fromBytes, toBytes } from './bytes';
import { compilePattern, type Pattern } from './pattern';
import { PatternError } from './patternError';
import { replacement } from './ruleText';

/** A line of a rule file that matches something. */
export interface Rule {
  readonly source: RuleLine;
  /** The line starts with `!`: it takes back what lines before it matched. */
  readonly negated: boolean;
  /** The line ends with `/`: it matches folders only, and with them all that is inside. */
  readonly directoryOnly: boolean;
  readonly pattern: Pattern;
}

export interface RuleFile {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
}

/** In characters of one line: longer than any name and most paths. */
export const maxPatternLength = 1024;
/** In characters of one file. */
export const maxRuleFileLength = 1024 * 1024;
/** The cost of all patterns of one kind together, as {@link Pattern.cost} counts it: some 1,000 lines with wildcards. */
export const maxRulesCost = 10_000;

/** What is left of {@link maxRulesCost}; files that are read with the same budget share it. */
export interface RuleBudget {
  left: number;
}

/**
 * Reads a rule file. Each line means what it means to git in a `.gitignore`, but for these differences:
 * - A line with a NUL, one over {@link maxPatternLength} and all beyond {@link maxRuleFileLength} or the budget are
 *   problems and not used. So are lines that git accepts in silence although they can match nothing.
 * - The text was decoded: a line with bytes that are no text is a problem, too.
 * - Letters match in their own case only, whatever `core.ignoreCase` says.
 * @param file the name to report, relative to the workspace folder
 */
export function parseRuleFile(text: string, file: string, budget: RuleBudget = { left: maxRulesCost }): RuleFile {
  const rules: Rule[] = [];
  const problems: RuleProblem[] = [];
  const content = text.replace(/^\uFEFF/, '');
  const lines = content.slice(0, maxRuleFileLength).split('\n');
  const isTooLong = content.length > maxRuleFileLength;
  if (isTooLong) lines.pop();
  for (const [index, line] of lines.entries()) {
    const pattern = trimLine(line);
    if (pattern === '' || line.startsWith('#')) continue;
    if (budget.left <= 0) {
      problems.push(...unread(content, file, index, l10n.t('The rules are too many or too complex.')));
      return { rules, problems };
    }
    const read = readRule({ file, line: index + 1, pattern });
    budget.left -= 'message' in read ? 1 : read.pattern.cost;
    if ('message' in read) problems.push(read);
    else rules.push(read);
  }
  if (isTooLong) problems.push(...unread(content, file, lines.length, l10n.t('The file is too long.')));
  return { rules, problems };
}

/** Names the first line that is not used and, since it leads to more, the first of them that begins with `!`. */
function unread(content: string, file: string, from: number, why: string): RuleProblem[] {
  const rest = content.split('\n').slice(from);
  const excluding = rest.findIndex((line) => line.startsWith('!'));
  return [...new Set([0, excluding])].flatMap((offset) => {
    const pattern = rest[offset]?.slice(0, maxPatternLength);
    if (pattern === undefined) return [];
    const source = { file, line: from + offset + 1, pattern };
    return problemOf(source, `${why} ${l10n.t('This line and those below are not used.')}`);
  });
}

function readRule(source: RuleLine): Rule | RuleProblem {
  const negated = source.pattern.startsWith('!');
  const body = source.pattern.slice(negated ? 1 : 0);
  const directoryOnly = body.endsWith('/');
  const glob = toBytes(directoryOnly ? body.slice(0, -1) : body);
  if (source.pattern.length > maxPatternLength) {
    const message = l10n.t('This line has more than {0} characters and is not used.', maxPatternLength);
    return problemOf(
      { ...source, pattern: source.pattern.slice(0, maxPatternLength) },
      message,
      maxPatternLength,
      source.pattern.length,
    );
  }
  if (glob === '') return problemOf(source, l10n.t('This line names no file or folder.'));
  if (source.pattern.includes(replacement)) {
    return problemOf(source, l10n.t('This line has bytes that are not text. Save the file in UTF-8.'));
  }
  try {
    const zero = glob.indexOf('\0');
    if (zero !== -1)
      throw new PatternError(l10n.t('No name has the character NUL. Save the file in UTF-8.'), zero, zero + 1);
    return { source, negated, directoryOnly, pattern: compilePattern(glob) };
  } catch (fault) {
    if (!(fault instanceof PatternError)) throw fault;
    const [start, end] = [fault.start, fault.end].map(
      (offset) => fromBytes(glob.slice(0, offset)).length + (negated ? 1 : 0),
    );
    return problemOf(source, fault.message, start, end);
  }
}

function problemOf(source: RuleLine, message: string, start = 0, end = source.pattern.length): RuleProblem {
  return { ...source, start, end, message };
}

/** Without the carriage return of a CRLF and without trailing spaces, of which a backslash protects the one after it. */
function trimLine(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  let backslashes = 0;
  while (text[end - 1 - backslashes] === '\\') backslashes++;
  return text.slice(0, backslashes % 2 === 1 ? end + 1 : end);
}
