import { seemsSecret } from './secretNames';
import type { Findings } from './span';

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
