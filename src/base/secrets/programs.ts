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

export const secretOptions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(options).flatMap(([programs, list]) =>
    programs.split(' ').map((program) => [program, list.split(' ')] as const),
  ),
);

/** By their program. */
export const secretArguments: ReadonlyMap<string, readonly (readonly string[])[]> = groupArguments();

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
