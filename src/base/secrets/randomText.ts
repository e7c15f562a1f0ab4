import type { Findings } from './span';

const run = /[A-Za-z0-9+/_=-]{12,}/g;
const hexadecimal = /^(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)$/;
const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
/** Hashes of contents, public keys, packages of Nix. */
const innocentText = /^(?:sha(?:1|256|384|512)[-=:]|AAAA[BCE]3N|\/nix\/store\/)/;

/** What has no name but is as mixed as only keys are, and base64 of what has a name. */
export function findRandomText(findings: Findings, isSecret: (decoded: string) => boolean): void {
  const { text } = findings;
  for (const { 0: found, index } of text.matchAll(run)) {
    if (innocentText.test(found) || isFileName(text, index + found.length)) continue;
    const equals = /^[\w-]*=(?=[^=])/.exec(found)?.[0].length ?? 0;
    const start = index + equals;
    const value = found.slice(equals);
    if (isRandom(value) || isCoded(value, isSecret)) findings.addSecret(start, index + found.length);
    else if (value.includes('/')) maskParts(findings, start, value);
  }
}

/** A path is no key, but one of its parts may be. */
function maskParts(findings: Findings, from: number, value: string): void {
  let start = from;
  for (const part of value.split('/')) {
    if (isRandom(part)) findings.addSecret(start, start + part.length);
    start += part.length + 1;
  }
}

/** `index-BxK3d9Qa.js`. */
function isFileName(text: string, end: number): boolean {
  return /^\.[a-z]{1,5}\d?(?![\w.])/.test(text.slice(end, end + 8));
}

/** Keys change between capitals, small letters and digits all the time; names and words do not. */
function isRandom(text: string): boolean {
  if (text.length < 20 || hexadecimal.test(text) || uuid.test(text) || ulid.test(text)) return false;
  const looksCoded = /[+=]/.test(text) || text.length >= 32;
  if (text.includes('/') && !looksCoded) return false;
  const parts = text.split(/[-_/]/).filter(Boolean);
  if (parts.length > 1 + text.length / 10) return false;
  if (parts.length > 1 && parts.some(isWord)) return parts.some((part) => part.length >= 20 && isRandom(part));
  const letters = text.replaceAll(/[^A-Za-z0-9]/g, '');
  const digits = letters.replaceAll(/\D/g, '').length;
  const hasBothCases = /[a-z]/.test(letters) && /[A-Z]/.test(letters);
  const rate = changes(letters) / letters.length;
  return hasBothCases ? digits >= 2 && rate >= 0.4 : digits >= 4 && rate >= 0.3;
}

function isWord(part: string): boolean {
  return part.length >= 3 && /^[A-Z]?[a-z]+$|^[A-Z]+$/.test(part);
}

/** How often the kind of character changes. */
function changes(text: string): number {
  let count = 0;
  for (let at = 1; at < text.length; at++) if (kindOf(text.charCodeAt(at)) !== kindOf(text.charCodeAt(at - 1))) count++;
  return count;
}

function kindOf(code: number): 'digit' | 'capital' | 'small' {
  if (code < 0x3a) return 'digit';
  return code < 0x5b ? 'capital' : 'small';
}

/** Whether it is base64 of a name with its password, or of a text that has a secret. */
function isCoded(text: string, isSecret: (decoded: string) => boolean): boolean {
  const coded = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (coded.includes('=') || coded.length % 4 === 1) return false;
  const decoded = atob(coded);
  if (!/^[\t\n\r -~]+$/.test(decoded)) return false;
  return /^[\w.@-]{1,64}:[!-~]{4,}$/.test(decoded) || isSecret(decoded);
}
