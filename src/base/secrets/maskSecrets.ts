import { findNamedValues } from './namedValues';
import { findPiped } from './pipedSecrets';
import { findInUrls, findLogins, findPrivateKeys, findRandomText, findTokens } from './secretForms';
import { findInArguments } from './secretArguments';
import { shellCommands } from './shellCommands';
import { Findings, type Span } from './span';

/** A longer text is cut before it is read; what is kept of it is much shorter. */
const maxRead = 8_000;
/** A text that is cut ends with a whole word, if that is not longer. */
const maxWord = 1_000;
/** `ssh host "sh -c 'x'"`. */
const maxDepth = 3;

/**
 * A command line without passwords, tokens and keys, and not longer than it may be stored. `prose` is a name that people
 * gave, in which `auth: x` is no assignment. Takes time in proportion to the length.
 * Null characters are left out: no cause may have one.
 */
export function maskSecrets(text: string, maxLength: number, kind: 'command' | 'prose' = 'command'): string {
  const read = (text.length > maxRead ? text.slice(0, wordEnd(text)) : text).replaceAll('\0', '');
  const findings = new Findings(read, kind === 'prose');
  find(findings);
  findRandomText(findings, hasSecret);
  const masked = findings.masked();
  if (masked.length <= maxLength && text.length <= maxRead) return masked;
  const end = Math.min(masked.length, maxLength - 1);
  const isPair = /[\ud800-\udbff]/.test(masked[end - 1] ?? '');
  return `${masked.slice(0, isPair ? end - 1 : end)}…`;
}

function wordEnd(text: string): number {
  for (let at = maxRead; at > maxRead - maxWord; at--) if (/\s/.test(text[at] ?? ' ')) return at;
  return maxRead;
}

function hasSecret(text: string): boolean {
  const findings = new Findings(text, false);
  find(findings);
  return findings.masked() !== text;
}

function find(findings: Findings): void {
  findInCommands(findings, { start: 0, end: findings.text.length }, 0);
  findNamedValues(findings);
  findTokens(findings);
  findPrivateKeys(findings);
  findInUrls(findings);
  findLogins(findings);
}

function findInCommands(findings: Findings, span: Span, depth: number): void {
  const commands = shellCommands(findings.text, span, depth > 0);
  findPiped(findings, commands);
  for (const command of commands) {
    findInArguments(findings, command, depth > 0);
    const words = [...command.words, ...command.targets, ...command.hereStrings];
    const quoted = words.flatMap((word) => word.quoted);
    if (depth === 0) for (const each of quoted) findings.markQuoted(each);
    if (depth === maxDepth) continue;
    for (const each of [...quoted, ...command.hereDocs]) {
      if (/\s/.test(findings.text.slice(each.start, each.end))) findInCommands(findings, each, depth + 1);
    }
  }
}
