import { keepingWord, programOf, secretArguments, secretOptions, settingWord } from './programs';
import { isHarmlessValue, isSecretName } from './secretNames';
import type { Command, Word } from './shellCommands';
import type { Findings } from './span';

/** Options whose value is prose. */
const proseOption =
  /^(?:-[a-z]{0,3}m|-t|-g|-k|--(?:message|title|body|notes|subject|description|grep|testNamePattern|test-name-pattern))$/;
const option = /^(?:--?|\/)([A-Za-z_][\w.-]*)$/;
/** A value may begin with `-` too. */
const otherOption = /^--?[A-Za-z][\w.-]*(?:=|$)|^-+$/;
const loginWord = /^(?:login|signin|connect)$/i;
const userOption = /^(?:-u|--user|--username)$/;
/** Programs, or what runs programs, with a `-p` of another meaning. */
const otherMeaning = /^(?:sudo|doas|runuser|docker|podman|nerdctl|git|cp|mkdir|tar|patch|ssh|mysql\w*|mariadb\S*)$/;

const oraclePrograms = /^(?:sqlplus|sqlldr|expdp|impdp|exp|imp|sqlcl)$/;

/** Secrets that are arguments of their own: `--password x`, `mysql -px`, `net user me x`, `config set token x`. */
export function findInArguments(findings: Findings, command: Command, isNested: boolean): void {
  const { words } = command;
  let program = '';
  let isSetting = false;
  let hasUser = false;
  const mayHaveUser = !otherMeaning.test(programOf(words[0]?.text ?? ''));
  const isLogin = words.some(({ text }) => loginWord.test(text));
  for (const [index, word] of words.entries()) {
    const before = words[index - 1]?.text ?? '';
    const name = programOf(word.text);
    if (!before.startsWith('--') && (secretOptions.has(name) || secretArguments.has(name))) {
      program = name;
      findPositional(findings, name, words.slice(index + 1, index + 40));
    }
    const next = words[index + 1];
    if (proseOption.test(word.text) && next) findings.markProse(next);
    if (/^\d{0,9}s[/|#]/.test(word.text)) findings.markProse(word);
    findAttached(findings, program, word);
    if (next) {
      const context = { program, isLogin, mayHaveUser, hasUser, isSetting, isNested, before, next };
      if (isFollowedBySecret(word, context)) mask(findings, next);
    }
    isSetting ||= settingWord.test(word.text);
    hasUser ||= mayHaveUser && userOption.test(word.text);
  }
  findSetSecrets(findings, words);
}

interface Context {
  readonly program: string;
  readonly isLogin: boolean;
  /** `-u` and `--user` name a user of a service. */
  readonly mayHaveUser: boolean;
  /** `-u name` comes before; then `-p` is rather a password than a port or a path. */
  readonly hasUser: boolean;
  readonly isSetting: boolean;
  readonly isNested: boolean;
  readonly before: string;
  readonly next: Word;
}

function isFollowedBySecret({ text }: Word, context: Context): boolean {
  const { program, isLogin, mayHaveUser, hasUser, isSetting, isNested, before, next } = context;
  const name = option.exec(text)?.[1];
  const isValue = !otherOption.test(next.text) && !isHarmlessValue(next.text, name ?? text);
  if (!isValue) return false;
  const options = secretOptions.get(program);
  if (name !== undefined) {
    if (isSecretName(name) || options?.includes(text)) return true;
    if ((isLogin && /^-[pkt]$/.test(text)) || (hasUser && text === '-p' && !/^[\d:.]+$/.test(next.text))) return true;
    if (mayHaveUser && text === '--user' && /^[\w.@-]{1,64}:\D/.test(next.text)) return true;
    // curl -sSLu name:password; -b has cookies, or a file of them
    return program === 'curl' && (/^-[A-Za-z]*[uU]$/.test(text) || (text === '-b' && next.text.includes('=')));
  }
  const isNamed = text.length < 200 && /[\w]$/.test(text) && !text.includes('=') && isSecretName(text);
  if (isSetting && isNamed) return true;
  // SQL: PASSWORD 'x', IDENTIFIED BY 'x'
  const isQuoted = next.quoted[0] !== undefined && next.quoted[0].next === next.end;
  if (!isQuoted) return false;
  return (isNested && isNamed) || (/^by$/i.test(text) && /^identified$|^\w+_password$/i.test(before));
}

function mask(findings: Findings, { start, end, text }: Word): void {
  if (!isHarmlessValue(text, 'secret')) findings.addSecret(start, end);
}

/** `-psecret`, and `name/password@database` of Oracle's programs. */
function findAttached(findings: Findings, program: string, { text, start, end }: Word): void {
  const [login] = oraclePrograms.test(program) ? (/^[\w.$#]{1,64}\/(?=.)/.exec(text) ?? []) : [];
  if (login !== undefined) findings.addSecret(start + login.length, end);
  const options = secretOptions.get(program) ?? [];
  if (options.includes(text)) return;
  for (const each of options) {
    const prefix = each.slice(0, -1);
    if (!each.endsWith('*') || !text.startsWith(prefix) || text.length <= prefix.length) continue;
    if (!isHarmlessValue(text.slice(prefix.length), 'secret')) findings.addSecret(start + prefix.length, end);
  }
}

function findPositional(findings: Findings, program: string, words: readonly Word[]): void {
  const positional = words.filter(({ text }) => !text.startsWith('-'));
  for (const pattern of secretArguments.get(program) ?? []) {
    const fits = pattern.every((part, index) => {
      const text = positional[index]?.text;
      return text !== undefined && fitsPart(part, text);
    });
    const secret = positional[pattern.length - 1];
    if (fits && secret && !/^[/*]/.test(secret.text)) mask(findings, secret);
  }
}

function fitsPart(part: string, text: string): boolean {
  if (part === '!:') return text.includes(':');
  return part === '_' || part === '!' || text.toLowerCase().startsWith(part);
}

/** `secrets set NAME=x`, `create secret --from-literal=name=x`: everything is secret there. */
function findSetSecrets(findings: Findings, words: readonly Word[]): void {
  const hasWord = (pattern: RegExp): boolean => words.some(({ text }) => pattern.test(text));
  if (!hasWord(/^secrets?$/) || !hasWord(keepingWord)) return;
  for (const [index, { text, start, end }] of words.entries()) {
    const [name = ''] = /^(?:--from-literal=)?\w[\w.-]*=/.exec(text) ?? [];
    if (name !== '') findings.addSecret(start + name.length, end);
    const next = words[index + 1];
    if (/^(?:--(?:body|value|plaintext|data|secret-string)|-b)$/.test(text) && next) mask(findings, next);
  }
}
