import { keepingWord, programOf, readsSecret, secretReaders, settingWord } from './secretArguments';
import { isSecretName, seemsSecret } from './namedValues';
import type { Command, Word } from './shellCommands';
import type { Findings } from './span';

const writers = new Set(['echo', 'printf', 'print', 'write-output', 'write-host']);
const shells = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh', 'fish', 'pwsh', 'powershell', 'ssh']);

/** Secrets that a program gets as its input: `echo x | …`, `<<< x`, here-documents; or a file that is named so. */
export function findPiped(findings: Findings, commands: readonly Command[]): void {
  // Whether the rest of the pipeline reads a secret, or writes a file named as one.
  let isReadLater = false;
  for (const command of [...commands].reverse()) {
    const { words, targets, isPiped } = command;
    const isRead = readsSecretInput(command);
    findInput(findings, command, isRead);
    const goesToSecret: boolean =
      targets.some(isSecretFile) || (isPiped && isReadLater) || isSubstituted(findings.text, words[0]);
    if (goesToSecret && writers.has(programOf(words[0]?.text ?? ''))) maskWritten(findings, words);
    isReadLater = isRead || writesSecretFile(command) || goesToSecret;
  }
}

/** `--password-file=<(echo x)`. */
function isSubstituted(text: string, word: Word | undefined): boolean {
  const start = word?.start ?? 0;
  return /(?:pass|secret|token|key|cred)[\w-]{0,30}[= ]?<\(\s{0,5}$/i.test(text.slice(Math.max(0, start - 60), start));
}

function findInput(findings: Findings, { words, hereStrings, hereDocs }: Command, isRead: boolean): void {
  for (const { text, start, end } of hereStrings) {
    if (isRead || (seemsSecret(text) && !/\s/.test(text))) findings.addSecret(start, end);
  }
  if (!isRead || words.some(({ text }) => shells.has(programOf(text)))) return;
  for (const { start, end } of hereDocs) findings.addSecret(start, end);
}

function readsSecretInput({ words }: Command): boolean {
  if (keepsSecret(words)) return true;
  const isSudo = words.some(({ text }) => text === 'sudo');
  return words.some(({ text }, index) =>
    index < 4 && secretReaders.has(programOf(text)) ? true : readsSecret.test(text) && (text !== '-S' || isSudo),
  );
}

/** `secret put NAME`, `env add API_TOKEN production`. */
function keepsSecret(words: readonly Word[]): boolean {
  const hasWord = (fits: (text: string) => boolean): boolean => words.some(({ text }) => fits(text));
  if (!hasWord((text) => keepingWord.test(text) || settingWord.test(text))) return false;
  return hasWord((text) => /^secrets?$/.test(text) || (/^\w{1,80}$/.test(text) && isSecretName(text)));
}

function writesSecretFile({ words }: Command): boolean {
  return programOf(words[0]?.text ?? '') === 'tee' && words.slice(1).some(isSecretFile);
}

function isSecretFile({ text }: Word): boolean {
  const name = programOf(text);
  return (
    /^(?:\.netrc|\.pgpass|\.my\.cnf|id_\w+|\.htpasswd)$/.test(name) || isSecretName(name.replace(/\.[a-z]{1,4}$/, ''))
  );
}

function maskWritten(findings: Findings, words: readonly Word[]): void {
  for (const { text, start, end } of words.slice(1)) {
    if (!/^-\w+$|^%\w(?:\\n)?$|^\$\w+$|^\$\{\w+\}$/.test(text)) findings.addSecret(start, end);
  }
}
