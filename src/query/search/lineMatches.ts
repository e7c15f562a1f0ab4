import { normalizeEol } from '../../diff/lines';
import type { SearchPattern } from '../../model/search';

/** A matching line of a text, or several ones for a pattern of several lines. */
export interface LineMatch {
  /** 0-based. */
  readonly line: number;
  /** All of the matching lines: what makes one match equal to another. */
  readonly key: string;
  /** The first line, or the part of a very long one that begins at the column `start`. */
  readonly text: string;
  readonly start?: number;
  /** Begin and end in `text`. */
  readonly ranges: readonly (readonly [number, number])[];
}

/** A pattern as a regular expression; plain data, so that it can go to another thread. */
export interface CompiledPattern {
  readonly source: string;
  readonly flags: string;
  /** Matched against the whole text, since it cannot match across lines by accident; else against each line. */
  readonly isWhole: boolean;
}

const maxRanges = 100;
/** Of a line that is shown, in UTF-16 units, and of what is shown before the first match. */
const maxShown = 1_000;
const shownBefore = 200;

/** Throws a `SyntaxError` for a wrong expression. */
export function compile({ text, regex, caseSensitive = false, wholeWord = false }: SearchPattern): CompiledPattern {
  const isWhole = regex === undefined;
  const core = isWhole ? literal(normalizeEol(text ?? '')) : `(?:${regex})`;
  const source = wholeWord ? `${beforeWord}${core}${afterWord}` : core;
  const rest = caseSensitive ? 'g' : 'gi';
  try {
    return { source: new RegExp(source, `${rest}u`).source, flags: `${rest}u`, isWhole };
  } catch (error) {
    // Some expressions are only valid without the flag, such as one with `\-`.
    if (isWhole) throw error;
    return { source: new RegExp(source, rest).source, flags: rest, isWhole };
  }
}

const beforeWord = String.raw`(?<![\p{L}\p{N}_])`;
const afterWord = String.raw`(?![\p{L}\p{N}_])`;

function literal(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}

/** A pattern that some line matches in every text that `pattern` matches: of several lines, the longest one. */
export function narrowing(pattern: SearchPattern, compiled: CompiledPattern): CompiledPattern {
  const lines = normalizeEol(pattern.text ?? '').split('\n');
  if (lines.length === 1) return compiled;
  const text = lines.reduce((longest, line) => (line.length > longest.length ? line : longest), '');
  return compile({ text, caseSensitive: pattern.caseSensitive ?? false });
}

/** The matching lines of a text whose lines end with `\n`. */
export function matchesIn(text: string, { source, flags, isWhole }: CompiledPattern): LineMatch[] {
  const pattern = new RegExp(source, flags);
  return isWhole ? matchesInWhole(text, pattern) : matchesInLines(text, pattern);
}

function matchesInWhole(text: string, pattern: RegExp): LineMatch[] {
  const spans: { line: number; from: number; to: number; ranges: [number, number][] }[] = [];
  let [line, from] = [0, 0];
  for (const { index, 0: matched } of text.matchAll(pattern)) {
    for (let end = endOfLine(text, from); end < index; end = endOfLine(text, from)) {
      from = end + 1;
      line++;
    }
    const end = index + matched.length;
    const to = endOfLine(text, end - 1);
    const range: [number, number] = [index - from, Math.min(end, endOfLine(text, from)) - from];
    const last = spans.at(-1);
    if (last?.from === from && last.to === to) last.ranges.push(range);
    else spans.push({ line, from, to, ranges: [range] });
  }
  return spans.map((span) =>
    matchOf(span.line, text.slice(span.from, span.to), text.slice(span.from, endOfLine(text, span.from)), span.ranges),
  );
}

function matchesInLines(text: string, pattern: RegExp): LineMatch[] {
  const found: LineMatch[] = [];
  for (let line = 0, start = 0; start < text.length; line++) {
    const end = endOfLine(text, start);
    const content = text.slice(start, end);
    pattern.lastIndex = 0;
    if (pattern.test(content)) found.push(matchOf(line, content, content, rangesOf(content, pattern)));
    start = end + 1;
  }
  return found;
}

function rangesOf(content: string, pattern: RegExp): [number, number][] {
  const ranges: [number, number][] = [];
  pattern.lastIndex = 0;
  for (const { index, 0: matched } of content.matchAll(pattern)) {
    if (matched !== '') ranges.push([index, index + matched.length]);
    if (ranges.length === maxRanges) break;
  }
  return ranges;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function matchOf(line: number, key: string, shown: string, ranges: [number, number][]): LineMatch {
  const start = shown.length > maxShown ? Math.max(0, (ranges[0]?.[0] ?? 0) - shownBefore) : 0;
  const text = shown.slice(start, start + maxShown);
  const inText = ranges
    .slice(0, maxRanges)
    .map(([from, to]) => [from - start, Math.min(to - start, text.length)] as const)
    .filter(([from]) => from < text.length);
  return { line, key: ownCopy(key), text: ownCopy(text), ranges: inText, ...(start > 0 && { start }) };
}

/** A part of a string keeps all of it in memory. */
function ownCopy(part: string): string {
  return part.length < 13 ? part : Buffer.from(part, 'utf16le').toString('utf16le');
}
