import { quotedAt, unquoted, valueEnd } from './shellCommands';
import type { Findings } from './span';

/** Words that make a name that of a secret, wherever they are in it. */
const secretWords = new Set(
  `password passwords passwd passphrase passwort kennwort contrasena senha pwd pw passcode secret secrets token
  credential credentials creds bearer jwt psk otp totp pincode apikey authkey accesskey secretkey privatekey accountkey
  masterkey sharedkey sharedaccesskey licensekey signingkey encryptionkey connectionstring authtoken authorization
  passin passout storepass keypass mnemonic sessionid phpsessid jsessionid encodedcommand`.split(/\s+/),
);
/** Words that do so at the end of a name. */
const secretEndings = new Set('pass auth sig signature cookie cookies pat sas pin salt webhook dsn creds'.split(' '));
/** Ends of words that are written together, such as `dbpassword`. */
const secretEnd =
  /(?:password|passwd|passphrase|pwd|secret|token|apikey|secretkey|accesskey|privatekey)$|^\w*[a-z]pass$/;
const innocent = /^(?:bypass|compass|encompass|overpass|surpass|trespass|underpass|dopass|multipass)$/;
/** What a key is for, where it is a secret. */
const keyWords = new Set(
  `api access secret private account master encryption encrypt decryption signing sign storage shared license auth app
  application service admin root consumer client deploy session hmac aes jwt webhook subscription functions function
  openai anthropic stripe sendgrid mailgun algolia google maps aws azure x`.split(/\s+/),
);
/** At the end of a name: it is a property of a secret, or what does something with one. */
const properties = new Set(
  `file files filename path dir directory folder stdin fd name names type url uri endpoint id ids length len size count
  limit expiry expires expiration ttl timeout age policy only field fields prefix suffix mode method methods format
  store provider helper manager ref arn version algorithm alg hint prompt bits usage through reset refresh rotation
  scan scanner scanning handling handler test tests spec service validation validator strength input form page view
  screen header column label placeholder jar parallelism list env required enabled disabled`.split(/\s+/),
);
/** At the beginning of a name: it is about secrets in general. */
const generalities = new Set(
  'no skip show hide reset change forgot public max min num has is use require allow'.split(' '),
);
/** Names that say nothing, of options that are secrets. */
const exactNames = new Set(['sonar.login', '_auth', 'pass', 'pw', 'user_pw', 'owner_pw', 'userpwd', 'p_token']);

/** Names of headers of which everything is secret. */
const secretHeader = /^(?:(?:proxy-)?authorization|(?:set-)?cookie2?)$/i;

/** Whether a variable, option, field or header of this name has a secret as its value. */
export function isSecretName(name: string): boolean {
  if (exactNames.has(name.replace(/^-+[DP]?/, '').toLowerCase())) return true;
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(Boolean);
  const last = words.at(-1) ?? '';
  if (innocent.test(last) || properties.has(last) || generalities.has(words[0] ?? '')) return false;
  if (words.some((word) => secretWords.has(word))) return true;
  if (secretEndings.has(last) || secretEnd.test(last)) return true;
  if (last !== 'key') return false;
  return /^[A-Z\d_]*_KEY\d*$/.test(name) || keyWords.has(words.at(-2) ?? '');
}

/** A longer value is always a secret: it is not read again for each name in it. */
const maxHarmless = 400;
/** Names whose values may also be the paths of files. */
const mayBePath = /(?:key|credentials?|creds|auth|cookies?|pwd|cert)$/i;

const isPath = /^(?:~|\.{0,2})[/\\]|^[a-z]:\\|^@|^file:|\.(?:json|pem|key|txt|ya?ml|crt|cer|p12|pfx|env|asc|pub|gpg)$/i;
/** No part may begin where another can go on, or this takes exponential time. */
const references = /^(?:\$env:\w+|\$\w+|\$\{\w+\}|\$\([^]*|%\w+%|\$?\{\{[^{}]*\}\}|[:/@.])+$/i;
const environment = /^(?:process\.env|os\.environ|env)[.[]/i;
const commonValues = new Set(
  `true false yes no on off null none undefined basic bearer digest oauth oauth2 auto always never prompt stdin - required
  optional 0 1 */`.split(/\s+/),
);

/** Whether a value is no secret although its name says so: a reference, a switch, the path of a file. */
export function isHarmlessValue(value: string, name: string): boolean {
  if (value === '' || commonValues.has(value.toLowerCase())) return true;
  if (value.length > maxHarmless) return false;
  if (references.test(value) || environment.test(value)) return true;
  return (mayBePath.test(name) && isPath.test(value)) || /^(?:env|file|fd):/.test(value);
}

/** Whether a value is rather a password than a word of prose. */
export function seemsSecret(value: string): boolean {
  if (value.length > maxHarmless) return true;
  const isMixed = /\d/.test(value) && /\p{L}/u.test(value);
  return value.length >= 6 && (isMixed || /[!@#$%^&*+~?]./.test(value)) && !/^v?\d+(?:\.[\dx]+)+/.test(value);
}

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
