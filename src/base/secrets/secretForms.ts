import { seemsSecret } from './namedValues';
import type { Findings } from './span';

/** Beginnings of tokens of known services, with the characters that follow at least. */
const forms = [
  'gh[pousr]_[A-Za-z0-9]{16,}',
  'github_pat_\\w{16,}',
  'gl(?:pat|dt|rt|cbt|ptt|ft|agent|oas|soat|imt)-[\\w.-]{12,}',
  'npm_[A-Za-z0-9]{30,}',
  '[spr]k_(?:live|test|prod)_\\w{8,}',
  '(?:whsec|rubygems|clojars|dckr_[po]at|sb_secret|sbp|sntry[su]|phx|glsa|glc|shp(?:at|ss|ca|pa)|d(?:op|oo|or)_v1|figd|lin_api|ntn|tfp|gsk|nfp|xkeysib|key_live)_\\w{16,}',
  'sk-[A-Za-z0-9]{30,}',
  'sk-(?=[\\w-]{0,200}\\d)[\\w-]{16,}',
  'xox[a-z]-[\\w-]{10,}',
  'x(?:app|wfp)-[\\w-]{10,}',
  '(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9]|LTAI)[A-Za-z0-9]{12,}',
  'AIza[\\w-]{20,}',
  'ya29\\.[\\w-]{16,}',
  'GOCSPX-[\\w-]{16,}',
  'eyJ[\\w-]{8,}(?:\\.[\\w-]*){0,4}',
  'hf_[A-Za-z0-9]{20,}',
  'SG\\.[\\w-]{8,}\\.[\\w-]{8,}',
  'hv[sbr]\\.[\\w-]{12,}',
  's\\.[A-Za-z0-9]{24}(?![\\w.])',
  'pypi-[\\w-]{12,}',
  'sq0[a-z]{3}-[\\w-]{16,}',
  'key-[0-9a-f]{32}',
  '(?:SK|dapi|pul-)[0-9a-f]{32,}',
  'AT(?:ATT3|CTT3|BB)[\\w=-]{16,}',
  'PMAK-[\\w-]{16,}',
  'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{16,}',
  '(?:tskey|nvapi|pplx|xai|CFPAT|NRAK|atlasv1|rnd|fio-u)[-._][\\w-]{16,}',
  'r8_[A-Za-z0-9]{20,}',
  'AGE-SECRET-KEY-1[A-Z0-9]{20,}',
  'oy2[a-z0-9]{40,}',
  '\\d{8,10}:[\\w-]{30,}',
  '[\\w-]{23,28}\\.[\\w-]{6}\\.[\\w-]{27,}',
  '[\\w~.]{3}\\dQ~[\\w~.-]{28,}',
];
const token = new RegExp(`(?<![A-Za-z0-9])(?:${forms.join('|')})`, 'g');
/** `1//` of Google's refresh tokens would begin within a number. */
const refreshToken = /(?<![\w/])1\/\/0[\w-]{16,}/g;

/** What follows the scheme of an `Authorization` header, wherever the header's name is. */
const authorization = /(?<=\b(?:bearer|basic)[ \t]{1,3})[\w.~+/=-]{8,}/gi;

export function findTokens(findings: Findings): void {
  for (const { 0: found, index } of findings.text.matchAll(authorization)) {
    if (!findings.isProse(index) || seemsSecret(found)) findings.addSecret(index, index + found.length);
  }
  for (const form of [token, refreshToken]) {
    for (const { 0: found, index } of findings.text.matchAll(form)) findings.addSecret(index, index + found.length);
  }
}

/** Private keys as text, also with `\n` for their lines and without their end. */
export function findPrivateKeys(findings: Findings): void {
  const { text } = findings;
  const begin = /-----BEGIN [^\n-]{0,40}(?:PRIVATE KEY|SECRET KEY)[^\n-]{0,20}-----/g;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const start = begin.lastIndex;
    const end = text.indexOf('-----END', start);
    findings.addSecret(start, end < 0 ? text.length : end);
    begin.lastIndex = end < 0 ? text.length : end;
  }
}

const inWord = /[^\s"'`<>]*/y;
const hookHost = /^(?:hooks?|webhooks?|maker)\.|\bwebhook|^(?:[\w-]+\.)?discord(?:app)?\.com/i;

/** Passwords before the host of an URL, and URLs that are secrets themselves. */
export function findInUrls(findings: Findings): void {
  const { text } = findings;
  let wordEnd = 0;
  let lastAt = -1;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at)) {
    const start = at + 3;
    if (start >= wordEnd) {
      wordEnd = endOfWord(text, start);
      lastAt = text.lastIndexOf('@', wordEnd - 1);
    }
    const end = firstOf(text, '/?#\\', start, wordEnd);
    const user = endOfUser(text, start, end, lastAt);
    if (user !== undefined) {
      if (isSecretUser(text.slice(start, user), text.slice(Math.max(0, at - 5), at))) findings.addSecret(start, user);
      at = user;
    } else {
      if (hookHost.test(text.slice(start, Math.min(end, start + 200)))) maskHook(findings, end, wordEnd);
      at = end;
    }
  }
}

function endOfWord(text: string, start: number): number {
  inWord.lastIndex = start;
  inWord.exec(text);
  return Math.max(start, inWord.lastIndex);
}

/** Where the name and password before a host end. A password may have any character, against the rules. */
function endOfUser(text: string, start: number, end: number, lastAt: number): number | undefined {
  const inAuthority = text.slice(start, end).lastIndexOf('@');
  const isLate = lastAt > end && /^[^:/@\s[]*:(?!\d{1,5}$)[^/]/.test(text.slice(start, end));
  if (isLate) return lastAt;
  return inAuthority < 0 ? undefined : start + inAuthority;
}

function isSecretUser(user: string, scheme: string): boolean {
  if (/^(?:\$\{?\w+\}?|%\w+%|:)+$/.test(user)) return false;
  if (user.includes(':')) return true;
  return user !== 'git' && !/(?:ssh|sftp)$/i.test(scheme) && (seemsSecret(user) || user.length >= 20);
}

function firstOf(text: string, characters: string, start: number, end: number): number {
  for (let at = start; at < end; at++) if (characters.includes(text[at] ?? ' ')) return at;
  return end;
}

/** The path of a web hook is its secret, but for the first part. */
function maskHook(findings: Findings, start: number, end: number): void {
  const path = findings.text.slice(start, Math.min(end, start + 200));
  const [kept = ''] = /^\/(?:api\/webhooks\/|[\w-]{1,20}\/)/.exec(path) ?? [];
  if (kept !== '' && kept.length < path.length) findings.addSecret(start + kept.length, end);
}

/** `user:password@host` without a scheme. */
export function findLogins(findings: Findings): void {
  const login =
    /(?<![^\s"'`=])(?!(?:npm|jsr|workspace|file|mailto|github|gitlab|node|https?):)(?:[\w.-]{1,64}\/)?[\w.-]{1,64}:([^\s"'`/]{1,200})@(?=[a-z][\w.-]{0,100}(?:[:/\s"'`]|$)|\d{1,3}(?:\.\d{1,3}){3})/gi;
  for (const { 0: found, 1: password = '', index } of findings.text.matchAll(login)) {
    const end = index + found.length - 1;
    if (!/^\$\{?\w+\}?$/.test(password)) findings.addSecret(end - password.length, end);
  }
}

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
