import { isHarmlessValue, isSecretName } from './namedValues';
import type { Command, Word } from './shellCommands';
import type { Findings } from './span';

/** Options of programs whose values are secrets though their names do not say so: `-p value`; with `*`, `-pvalue`. */
const options: Readonly<Record<string, string>> = {
  'mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlpump mariadb mariadb-dump mariadb-admin mycli':
    '-p*',
  'sshpass mongo mongosh mongodump mongorestore mongoexport mongoimport cqlsh twine plink pscp psexec evil-winrm veracrypt':
    '-p -p* -P -pw',
  'rdesktop wmic steghide crackmapexec netexec ncftp atuin p4 sftpgo': '-p -P -p*',
  'redis-cli keydb-cli valkey-cli': '-a',
  openssl: '-k -K -passwd',
  'sqlcmd bcp isql ipmitool zip unzip zipcloak': '-P -P*',
  'snmpwalk snmpget snmpset snmpbulkwalk': '-c -A -X',
  'ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapcompare': '-w -w* -s',
  'smbclient rpcclient smbmap smbget net': '-U -U*',
  lftp: '-u',
  'curl wcurl': '-u -u* -U -U* --user --proxy-user -E',
  'http https xh xhs httpie': '-a --auth',
  'ab siege': '-A -P',
  '7z 7za 7zr 7zz rar unrar': '-p* -hp*',
  'ssh-keygen': '-N -P',
  'useradd usermod': '-p',
  security: '-w -p -P',
  'nuget choco dotnet': '-k -ApiKey',
  signtool: '/p',
  'xfreerdp wlfreerdp freerdp': '/p:*',
  schtasks: '/rp',
  'powershell pwsh': '-enc -e -ec',
  'sqlplus sqlldr sqlcl expdp impdp exp imp': '',
  aria2c: '--http-passwd',
};

/** Programs and their words up to the secret `!`, or `!:` if it has a colon; `_` is any word. Options do not count. */
const argumentLines = `net user _ !
net use _ _ !
vault login !
cargo login !
snyk auth !
snyk config set !
redis-cli auth !
redis-cli auth _ !
bw unlock !
bw login _ !
mc alias set _ _ _ !
htpasswd _ _ !
wpa_passphrase _ !
rabbitmqctl add_user _ !
rabbitmqctl change_password _ !
rabbitmqctl authenticate_user _ !
openssl passwd !
nuget setapikey !
rclone obscure !
ansible-vault encrypt_string !
poetry config http-basic _ !
composer config http-basic _ !
composer config github-oauth !
composer config gitlab-oauth !
composer config bearer !
bundle config set _ !:
setx _ !
keyctl add _ _ !
convertto-securestring !
mysqladmin password !
iwconfig _ key !`;

const secretOptions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(options).flatMap(([programs, list]) =>
    programs.split(' ').map((program) => [program, list.split(' ')] as const),
  ),
);

/** By their program. */
const secretArguments: ReadonlyMap<string, readonly (readonly string[])[]> = groupArguments();

function groupArguments(): Map<string, (readonly string[])[]> {
  const byProgram = new Map<string, (readonly string[])[]>();
  for (const line of argumentLines.split('\n')) {
    const [program = '', ...words] = line.split(' ');
    byProgram.set(program, [...(byProgram.get(program) ?? []), words]);
  }
  return byProgram;
}

/** Programs that read a secret, or what is to be coded or hashed, from their input. */
export const secretReaders = new Set(
  `su passwd chpasswd base64 openssl gpg gpg2 cryptsetup sshpass smbclient vault bw op htpasswd mkpasswd argon2 md5sum
  sha1sum sha256sum sha512sum shasum md5 ssh-add keyctl secret-tool pass security kinit veracrypt ldappasswd age`.split(
    /\s+/,
  ),
);
/** Options by which other programs do so. */
export const readsSecret =
  /^(?:-S|--(?:password|passphrase|pass|pw|token|secret|key|apikey)-?(?:stdin|fd).*|--with-token|--stdin-?pass\w*|--stdin)$/i;

/** After these words of a command, the name of a secret is followed by its value, or the value is its input. */
export const settingWord =
  /^(?:config|configure|setx|setenv|set-item|nmcli|machine|store|put|--arg|--argstr)$|(?:^|:)set$/i;
/** Words of commands that keep secrets. */
export const keepingWord = /^(?:set|create|put|add|import|update|versions)$/;

/** The name of a program without its folder. */
export function programOf(word: string): string {
  return word
    .slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1)
    .replace(/\.(?:exe|cmd|bat)$/i, '')
    .toLowerCase();
}

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
