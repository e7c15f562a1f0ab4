/** A longer command line is cut before it is searched. */
const maxSearched = 4_000;
const mask = '•••';

/** A value as a shell reads it: quoted, perhaps without its end, or up to a space. */
const value = String.raw`(?:"[^"]*"?|'[^']*'?|[^\s"';|&]+)`;
const secretName = String.raw`[\w.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth)\w*`;

const masked: readonly (readonly [RegExp, string])[] = [
  // https://user:password@host
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, `$1${mask}@`],
  // Authorization: Bearer abc
  [
    new RegExp(String.raw`\b((?:proxy-)?authorization\s*[:=]\s*)(?:(?:bearer|basic|token)\s+)?[^\s"']+`, 'gi'),
    `$1${mask}`,
  ],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${mask}`],
  // TOKEN=abc, --password=abc, "apiKey": "abc"
  [new RegExp(String.raw`(${secretName}["']?\s*[=:]\s*)${value}`, 'gi'), `$1${mask}`],
  // --token abc
  [new RegExp(String.raw`(--?${secretName}\s+)(?!-)${value}`, 'gi'), `$1${mask}`],
  // curl -u user:password
  [/(\s-u\s*|\s--user[\s=]+)["']?[^\s:"']+:[^\s"']+["']?/gi, `$1${mask}`],
  // Keys of known services.
  [/\b(?:gh[pousr]_|github_pat_|glpat-|npm_|sk-|xox[abprs]-|AKIA|ASIA|AIza|eyJ)[\w.-]{10,}/g, mask],
];

/** Masks likely passwords and keys in a command line or a name, and cuts it to a length. */
export function maskSecrets(text: string, maxLength: number): string {
  let shown = text.slice(0, maxSearched);
  for (const [pattern, replacement] of masked) shown = shown.replaceAll(pattern, replacement);
  return shown.length > maxLength ? `${shown.slice(0, maxLength - 1)}…` : shown;
}
