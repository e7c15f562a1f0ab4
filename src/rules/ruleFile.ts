import * as l10n from '@vscode/l10n';
import type { RuleLine, RuleProblem } from '../model/ruleSources';
import { fromBytes, toBytes, compilePattern, type Pattern } from './pattern';
import { PatternError } from './glob';

/** A line of a rule file that matches something. */
export interface Rule {
  readonly source: RuleLine;
  /** The line starts with `!`: it negates earlier matches. */
  readonly negated: boolean;
  /** The line ends with `/`: it matches folders only, and with them everything inside. */
  readonly directoryOnly: boolean;
  readonly pattern: Pattern;
}

export interface RuleFile {
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
}

/** In characters per line: longer than any name and most paths. */
export const maxPatternLength = 1024;
/** In characters per file. */
export const maxRuleFileLength = 1024 * 1024;
/** The total {@link Pattern.cost} of all patterns of one kind: about 1,000 lines with wildcards. */
export const maxRulesCost = 10_000;

/** The rest of {@link maxRulesCost}; files that are read with the same budget share it. */
export interface RuleBudget {
  left: number;
}

/**
 * Parses a rule file. Each line means the same as in a `.gitignore`, with these differences:
 * - A line with a NUL, one over {@link maxPatternLength} and everything beyond {@link maxRuleFileLength} or the budget
 *   are problems and not used. So are lines that git silently accepts although they can match nothing.
 * - A line with bytes that cannot be decoded is a problem too.
 * - Matching is always case-sensitive, whatever `core.ignoreCase` says.
 * @param file the name to report, relative to the workspace folder
 */
export function parseRuleFile(
  text: string,
  file: string,
  budget: RuleBudget = { left: maxRulesCost },
  isCaseBlind = false,
): RuleFile {
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
    const read = readRule({ file, line: index + 1, pattern }, isCaseBlind);
    budget.left -= 'message' in read ? 1 : read.pattern.cost;
    if ('message' in read) problems.push(read);
    else rules.push(read);
  }
  if (isTooLong) problems.push(...unread(content, file, lines.length, l10n.t('The file is too long.')));
  return { rules, problems };
}

/** Reports the first unused line and, because it lets more be watched, the first unused line that begins with `!`. */
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

function readRule(source: RuleLine, isCaseBlind: boolean): Rule | RuleProblem {
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
    return { source, negated, directoryOnly, pattern: compilePattern(glob, isCaseBlind) };
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

/** Removes the carriage return of a CRLF and trailing spaces; a backslash protects the space after it. */
function trimLine(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  let backslashes = 0;
  while (text[end - 1 - backslashes] === '\\') backslashes++;
  return text.slice(0, backslashes % 2 === 1 ? end + 1 : end);
}

/** Replaces bytes that cannot be decoded. */
const replacement = '\uFFFD';

/**
 * The text of a rule file: UTF-16 if it has that byte order mark (Windows PowerShell's `>` writes it), else UTF-8.
 * Bytes that cannot be decoded become {@link replacement}, by which their lines are recognized.
 */
export function ruleText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return utf16Text(bytes);
  if (first === 0xfe && second === 0xff) return utf16Text(swapped(bytes));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Half a code unit at the end stays as it is. */
function swapped(bytes: Uint8Array): Uint8Array {
  const units = Buffer.from(bytes);
  units.subarray(0, units.length - (units.length % 2)).swap16();
  return units;
}

function utf16Text(littleEndian: Uint8Array): string {
  const lines = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(littleEndian).split('\n');
  return lines.map((line) => (isAsciiInUtf16(line) ? replacement + line : line)).join('\n');
}

/** Whether a line looks like ASCII that another program appended to a file in UTF-16: two characters in each unit. */
function isAsciiInUtf16(line: string): boolean {
  return /^[\t\n\r -~]+$/.test(Buffer.from(line, 'utf16le').toString('latin1'));
}
