import { quotedAt, unquoted, valueEnd } from './quotes';
import { isHarmlessValue, isSecretName, secretHeader, seemsSecret } from './secretNames';
import type { Findings } from './span';

const maxName = 80;
/** How many quotes, brackets and spaces may be between a name and its separator. */
const maxBetween = 8;
const schemes = /(?:bearer|basic|token|digest|apikey|negotiate|bot)[ \t]+/iy;
const setter = /\bset\w*\(\s{0,5}\\*["']$/i;

/** `NAME=value`, `"name": "value"`, `Name: value`, `?name=value`: in variables, options, JSON, headers, URLs, code. */
export function findNamedValues(findings: Findings): void {
  const { text } = findings;
  const separator = /[:=,]/g;
  for (let match = separator.exec(text); match; match = separator.exec(text)) {
    const end = valueAt(findings, match.index);
    if (end !== undefined) separator.lastIndex = end;
  }
}

/** The name before a separator, and what is written around it. */
interface Name {
  readonly name: string;
  readonly start: number;
  readonly isQuoted: boolean;
  readonly isSpaced: boolean;
}

/** Where the secret ends that follows the separator; undefined if none does. */
function valueAt(findings: Findings, at: number): number | undefined {
  const { text } = findings;
  const separator = text[at];
  if (separator === ':' && (text[at + 1] === ':' || text[at - 1] === ':' || text.startsWith('//', at + 1))) return;
  const name = nameBefore(text, at);
  if (!name) return undefined;
  if (separator === ',' && !(name.isQuoted && setter.test(text.slice(Math.max(0, name.start - 50), name.start))))
    return;
  const isHeader = secretHeader.test(name.name);
  if (!isHeader && !isSecretName(name.name)) return undefined;
  const limit = findings.quoteEnd(at) ?? text.length;
  const start = startOfValue(findings, at, name, limit);
  return isHeader ? maskHeader(findings, start, limit) : maskValue(findings, { at, start, limit, name });
}

function nameBefore(text: string, separator: number): Name | undefined {
  let end = separator;
  while (end > 0 && separator - end < maxBetween && ' \t"\'`\\])}'.includes(text[end - 1] ?? '.')) end--;
  let start = end;
  while (start > 0 && end - start < maxName && isNameCharacter(text, start - 1)) start--;
  if (start === end) return undefined;
  const between = text.slice(end, separator);
  if (!/^(?:\\*["'`])?\]{0,2}[ \t]*$/.test(between)) return undefined;
  return {
    name: text.slice(start, end),
    start,
    isQuoted: /["'`]/.test(between),
    isSpaced: /[ \t]/.test(between),
  };
}

function isNameCharacter(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code > 127 ? code !== 0x2022 : /[\w.-]/.test(text[position] ?? ' ');
}

/** A shell allows no spaces around `=`; other languages do. */
function startOfValue(findings: Findings, at: number, name: Name, limit: number): number {
  const { text } = findings;
  let start = at + 1;
  while (start < limit && '=>'.includes(text[start] ?? ' ')) start++;
  const isShell = text[at] === '=' && !name.isQuoted && !name.isSpaced;
  if (isShell && findings.quoteEnd(at) === undefined) return start;
  while (start < limit && ' \t'.includes(text[start] ?? 'x')) start++;
  return start;
}

function maskHeader(findings: Findings, from: number, limit: number): number {
  const { text } = findings;
  schemes.lastIndex = from;
  const scheme = schemes.exec(text)?.[0] ?? '';
  const start = from + scheme.length;
  const isNested = limit < text.length;
  const end = isNested && !quotedAt(text, from, limit, true) ? limit : valueEnd(text, start, limit, isNested);
  const line = text.slice(start, end).indexOf('\n');
  const last = line < 0 ? end : start + line;
  if (!isHarmlessValue(text.slice(start, last), 'header')) findings.addSecret(start, last);
  return last;
}

interface Found {
  readonly at: number;
  readonly start: number;
  readonly limit: number;
  readonly name: Name;
}

function maskValue(findings: Findings, { at, start, limit, name }: Found): number | undefined {
  const { text } = findings;
  const isNested = limit < text.length;
  const bracket = isNested && '[({'.includes(text[start] ?? ' ') && text[start + 1] !== text[start];
  const end = bracket ? closingBracket(text, start, limit) : valueEnd(text, start, limit, isNested);
  const value = unquoted(text.slice(start, end));
  if (isHarmlessValue(value, name.name)) return undefined;
  if (text[at] === ':' && isDoubtful(findings, at, name) && !seemsSecret(value)) return undefined;
  findings.addSecret(start, end);
  return end;
}

/** `name: value` in prose, and `name:value`, which scripts are called as well. */
function isDoubtful(findings: Findings, at: number, { name, start, isQuoted }: Name): boolean {
  const { text } = findings;
  // cmdkey /pass:x
  if (isQuoted || (text[start - 1] === '/' && /\s/.test(text[start - 2] ?? ' '))) return false;
  if (findings.isProse(start)) return true;
  return /\S/.test(text[at + 1] ?? ' ') && !/-(?:key|token)$/i.test(name) && !'"\'\\'.includes(text[at + 1] ?? ' ');
}

function closingBracket(text: string, start: number, limit: number): number {
  let depth = 0;
  for (let at = start; at < limit; at++) {
    if ('[({'.includes(text[at] ?? ' ')) depth++;
    else if ('])}'.includes(text[at] ?? ' ') && --depth === 0) return at + 1;
  }
  return limit;
}
