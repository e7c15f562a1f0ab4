import { mask, type Span } from './span';

/** Three levels of quotes have seven. */
const maxBackslashes = 7;

/** A quoted part: what is between the quotes, and where it ends with them. */
export interface Quoted extends Span {
  readonly next: number;
}

/**
 * The quoted part that begins at a position, up to `limit` where its end is missing. Within other quotes, quotes may have
 * backslashes before them; then those at the end have as many.
 */
export function quotedAt(text: string, from: number, limit: number, isNested: boolean): Quoted | undefined {
  let start = from;
  while (isNested && start < limit && start - from < maxBackslashes && text[start] === '\\') start++;
  const quote = text[start];
  if (start >= limit || (quote !== '"' && quote !== "'" && quote !== '`')) return undefined;
  const delimiter = text.slice(from, ++start);
  const hasEscapes = quote === '"' || isNested || text[from - 1] === '$';
  const end = endOf(text, start, limit, delimiter, hasEscapes);
  return { start, end, next: Math.min(limit, end + delimiter.length) };
}

function endOf(text: string, start: number, limit: number, delimiter: string, hasEscapes: boolean): number {
  for (let at = start; at < limit; at++) {
    const end = text.indexOf(delimiter, at);
    if (end < 0 || end >= limit) return limit;
    if (!hasEscapes || !isEscaped(text, start, end)) return end;
    at = end;
  }
  return limit;
}

/** Whether an odd number of backslashes comes before a position. */
function isEscaped(text: string, start: number, position: number): boolean {
  let first = position;
  while (first > start && text[first - 1] === '\\') first--;
  return (position - first) % 2 === 1;
}

/** What ends a value without quotes, in a shell, a URL, a connection string. */
const valueEnds = ' \t\r\n;&|<>';

/** Where a value ends, as a shell joins it from quoted and unquoted parts. */
export function valueEnd(text: string, from: number, limit: number, isNested: boolean): number {
  let at = from;
  while (at < limit) {
    const next = text.startsWith(mask, at) ? at + mask.length : quotedAt(text, at, limit, isNested)?.next;
    if (next !== undefined) {
      at = next;
      // Code and JSON go on behind the quotes.
      if (',)}]:'.includes(text[at] ?? ',')) return at;
    } else if (valueEnds.includes(text[at] ?? ' ')) return at;
    else at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at, limit);
}

/** A value without the quotes around it. */
export function unquoted(value: string): string {
  return value.replace(/^\\*["'`]/, '').replace(/\\*["'`]$/, '');
}
