import { seemsSecret } from './secretNames';
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
