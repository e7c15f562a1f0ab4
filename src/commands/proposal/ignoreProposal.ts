import { oneLine } from '../../views/text/displayText';
import type { RuleSources } from '../../model/ruleSources';
import { Rules } from '../../rules/rules';
import { isUnanchored, linesAtRoot, patternOfPath, patternsOf } from './gitignoreLines';

/** Lines for `.obbyignore` that suit every folder. None is anchored, so they apply at any depth. */
export interface IgnoreLists {
  readonly dependencies: readonly string[];
  readonly output: readonly string[];
  readonly binary: readonly string[];
  readonly temporary: readonly string[];
  readonly secrets: readonly string[];
}

/**
 * A plain word such as `build` ends with `/`, since a file may have that name. A name that only tools use does not, so
 * that it also matches a link to the folder.
 */
export const ignoreLists: IgnoreLists = {
  dependencies: words(`
    node_modules bower_components jspm_packages .pnpm-store .pnp.* **/.yarn/cache/ **/.yarn/unplugged/
    .venv venv/ __pypackages__ site-packages/ vendor/ .bundle/ Pods/ **/Carthage/Build/ .gradle .m2
    .terraform .dart_tool .pub-cache elm-stuff .stack-work .cpcache`),
  output: words(`
    dist/ build/ out/ target/ obj/ _build/ **/bin/Debug/ **/bin/Release/ dist-newstyle/ cmake-build-*/ CMakeFiles/
    DerivedData/ xcuserdata/ zig-cache/ zig-out/ .zig-cache cdk.out/ storybook-static/
    .next .nuxt .output .svelte-kit .astro .angular .docusaurus .vercel .netlify .serverless .aws-sam .expo .vite .vs
    coverage/ htmlcov/ test-results/ playwright-report/ .nyc_output
    .cache .turbo .nx .parcel-cache .sass-cache .eslintcache .stylelintcache *.tsbuildinfo
    __pycache__ *.pyc *.pyo *.egg-info/ .eggs .mypy_cache .pytest_cache .ruff_cache .tox .nox .hypothesis
    .ipynb_checkpoints`),
  binary: words(`
    *.zip *.tar *.tgz *.gz *.bz2 *.xz *.zst *.7z *.rar *.jar *.war *.iso *.dmg *.vsix
    *.mp3 *.wav *.flac *.m4a *.ogg *.mp4 *.mov *.avi *.mkv *.webm
    *.exe *.dll *.so *.dylib *.a *.o *.lib *.pdb *.class *.wasm
    *.sqlite *.sqlite3 *.db *.db-wal *.db-shm *.db-journal *.mdb *.parquet *.safetensors`),
  temporary: words(String.raw`
    *.tmp *.temp *~ *.swp *.swo *.bak *.orig *.rej *.part *.crdownload .~lock.* ~$* .#* \#*# .nfs* .fuse_hidden*
    *.log npm-debug.log* yarn-debug.log* yarn-error.log* pnpm-debug.log* lerna-debug.log* tmp/ temp/
    .DS_Store ._* Thumbs.db desktop.ini $RECYCLE.BIN/ .Trashes .svn .hg CVS/ .vscode/ .idea/`),
  secrets: words(`
    .env* *.env *.pem *.key *.p8 *.p12 *.pfx *.pk8 *.ppk *.jks *.keystore *.bks *.kdb *.kdbx *.ovpn *.agekey
    id_rsa* id_dsa* id_ecdsa* id_ed25519* secring.* .ssh .gnupg .aws .azure .kube **/.config/gcloud .password-store
    .npmrc .pypirc .netrc _netrc .git-credentials .pgpass .my.cnf .mylogin.cnf .htpasswd .boto .s3cfg .dockercfg
    **/.docker/config.json auth.json token.json credentials .credentials* *credentials*.json credentials.y*ml
    client_secret*.json *service-account*.json *serviceAccount*.json *firebase-adminsdk*.json gha-creds-*.json
    local.settings.json secret.json secret.y*ml secrets.json secrets.y*ml secrets.toml *.secret *.secrets
    *.tfstate *.tfstate.* *.tfvars *.tfvars.json .terraformrc terraform.rc .vault-token .vault_pass*
    kubeconfig* *.kubeconfig .*_history .viminfo .lesshst .Xauthority .ICEauthority`),
};

/** Files that match `.env*` but are meant to be shared. */
export const exampleNames: ReadonlySet<string> = new Set(words('.env.example .env.sample .env.template .env.dist'));

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** A `.gitignore` or `.git/info/exclude`. Paths are relative to the workspace folder, with `/`. */
export interface GitignoreFile {
  readonly path: string;
  /** The folder to which it applies; `''`: the workspace folder. */
  readonly dir: string;
  /** Undefined if it cannot be read. */
  readonly text: string | undefined;
}

/** The input for a proposed `.obbyignore`. */
export interface IgnoreInput {
  /** Lines of ignore files above the workspace folder, converted to it; undefined if they are unusable. */
  readonly fromAbove: readonly string[] | undefined;
  /** In ascending precedence. */
  readonly gitignores: readonly GitignoreFile[];
  /** Folders that mark themselves as a cache or a virtual environment. */
  readonly caches: readonly string[];
  /** Paths of files with one of the {@link exampleNames}. */
  readonly examples: readonly string[];
  /** The text of the root `.obbyignore`; `''`: none. */
  readonly existing: string;
  /** The `.obbyignore` files in subfolders. */
  readonly nested: RuleSources['ignores'];
}

/** Lines of one kind to add to an `.obbyignore`. */
export interface IgnoreSection {
  readonly name: keyof IgnoreLists | 'gitignore' | 'caches';
  readonly lines: readonly string[];
}

/** What to add to an `.obbyignore`. */
export interface IgnoreProposal {
  readonly sections: readonly IgnoreSection[];
  /** Ignore files of git that cannot be converted exactly. Their folders are ignored as a whole. */
  readonly unusable: readonly string[];
}

/** The lines of one file, converted to the root; undefined if they are unusable. */
interface Group {
  readonly path: string;
  readonly dir: string;
  readonly lines: readonly string[] | undefined;
}

/** The patterns of one file that also apply to files below it. */
interface Scope {
  readonly dir: string;
  readonly hasNegation: boolean;
  readonly unanchored: ReadonlySet<string>;
}

/** Without the lines for `.env` files, since others include the examples again. */
const general: Scope = {
  dir: '',
  hasNegation: false,
  unanchored: new Set(
    Object.values(ignoreLists)
      .flat()
      .filter((line: string) => isUnanchored(line) && !line.startsWith('.env')),
  ),
};

/**
 * Proposes what to add to the root `.obbyignore`. The order matters, since the last line that matches decides: a
 * `.gitignore` can include again what the general lists exclude, but not a secret.
 * @returns undefined if even the shortest proposal exceeds the limits of rules
 */
export function proposeIgnore(input: IgnoreInput): IgnoreProposal | undefined {
  const groups = groupsOf(input);
  const problems = new Rules({ watch: undefined, ignores: ignoresWith(input, []) }).problems.length;
  let best: IgnoreProposal | undefined;
  // Usually all of them fit. Otherwise as many as possible are used, and the folders of the others are ignored.
  let [fitting, tooMany] = [-1, groups.length + 1];
  for (let count = groups.length; fitting + 1 < tooMany; count = (fitting + tooMany) >> 1) {
    const kept = groups.map((group, index) => (index < count ? group : { ...group, lines: undefined }));
    const sections = sectionsOf(input, kept);
    const isFitting = fits(input, sections, problems);
    if (isFitting) best = { sections, unusable: kept.filter(({ lines }) => !lines).map(({ path }) => path) };
    if (isFitting) fitting = count;
    else tooMany = count;
  }
  return best;
}

/** The existing `.obbyignore` files together with a proposal. */
export function ignoresWith(
  { existing, nested }: Pick<IgnoreInput, 'existing' | 'nested'>,
  sections: readonly IgnoreSection[],
): RuleSources['ignores'] {
  const added = sections.flatMap(({ lines }) => lines);
  return [{ dir: '', text: [existing, ...added].join('\n') }, ...nested];
}

/** Whether a line excludes likely secrets. */
export function isSecretLine(pattern: string): boolean {
  return ignoreLists.secrets.includes(pattern);
}

/**
 * Whether the rules can hold all lines without new problems in subfolders, which share the same limits.
 * @param problems the number of problems without the lines
 */
function fits(input: IgnoreInput, sections: readonly IgnoreSection[], problems: number): boolean {
  const ignores = ignoresWith(input, [...sections, { name: 'secrets', lines: ['*'] }]);
  const rules = new Rules({ watch: '*', ignores });
  // If there are too many lines, the last one, which decides everything, is not used.
  const verdict = rules.explain('a');
  const last = ignores[0]?.text.split('\n').length;
  return 'rule' in verdict && verdict.rule.line === last && rules.problems.length === problems;
}

/** The ignore files of git that add something new. */
function groupsOf({ gitignores, fromAbove, existing }: IgnoreInput): Group[] {
  const present = linesOf(existing);
  const scopes = [general];
  const above = { path: '../.gitignore', dir: '', patterns: fromAbove };
  const files = gitignores.map(({ path, dir, text }) => ({ path, dir, patterns: patternsOf(text) }));
  return [above, ...files].flatMap(({ path, dir, patterns }): Group[] => {
    const lines = patterns && linesAtRoot(dir, patterns);
    if (patterns === undefined || lines === undefined) return [{ path, dir, lines: undefined }];
    const outer = scopes.filter((scope) => isIn(scope.dir, dir));
    const scope = { dir, hasNegation: patterns.some(isNegated), unanchored: new Set(patterns.filter(isUnanchored)) };
    scopes.push(scope);
    // Without negations a repeated line changes nothing. Monorepos repeat lines in every package.
    const canDrop = ![scope, ...outer].some(({ hasNegation }) => hasNegation);
    const left = lines.filter((_, at) => !(canDrop && isSaid(patterns[at] ?? '', outer)));
    return left.every((line) => present.has(line)) ? [] : [{ path, dir, lines: left }];
  });
}

function isSaid(pattern: string, scopes: readonly Scope[]): boolean {
  const wider = pattern.endsWith('/') ? pattern.slice(0, -1) : pattern;
  return scopes.some(({ unanchored }) => unanchored.has(pattern) || unanchored.has(wider));
}

function isNegated(line: string): boolean {
  return line.startsWith('!');
}

function isIn(dir: string, below: string): boolean {
  return dir === '' || dir === below || below.startsWith(`${dir}/`);
}

function linesOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/\r?\n/));
}

function sectionsOf(input: IgnoreInput, groups: readonly Group[]): IgnoreSection[] {
  const present = linesOf(input.existing);
  const missing = (lines: readonly string[]): string[] => lines.filter((line) => !present.has(line));
  const { dependencies, output, binary, temporary, secrets } = ignoreLists;
  const taken = groups.flatMap(({ path, lines = [] }) => (lines.length > 0 ? [`# ${oneLine(path)}`, ...lines] : []));
  const whole = groups.filter(({ lines }) => lines === undefined).map(({ dir }) => folderLine(dir));
  const sections: IgnoreSection[] = [
    { name: 'dependencies', lines: missing(dependencies) },
    { name: 'output', lines: missing(output) },
    { name: 'binary', lines: missing(binary) },
    { name: 'temporary', lines: missing(temporary) },
    // After all lines that could include something in these folders again.
    { name: 'gitignore', lines: [...taken, ...missing(whole)] },
    { name: 'caches', lines: missing(input.caches.map(folderLine)) },
  ];
  const examples = areShared(input, sections) ? [...exampleNames].map((name) => `!${name}`) : [];
  const last = taken.some(isNegated) ? secrets : missing(secrets);
  return [...sections, { name: 'secrets', lines: [...last, ...missing(examples)] }];
}

/** Whether no existing ignore file excludes an example. */
function areShared(input: IgnoreInput, sections: readonly IgnoreSection[]): boolean {
  const own = sections.filter(({ name }) => name === 'gitignore');
  const rules = new Rules({ watch: '*', ignores: ignoresWith(input, own) });
  const possible = ['', ...input.gitignores.map(({ dir }) => dir)].flatMap((dir) =>
    [...exampleNames].map((name) => (dir === '' ? name : `${dir}/${name}`)),
  );
  return [...possible, ...input.examples].every((path) => rules.isWatched(path));
}

/** A line that ignores a folder; `?` replaces characters that a line cannot contain. */
function folderLine(dir: string): string {
  if (dir === '') return '*';
  return (patternOfPath(dir.replaceAll(/[\r\n]/g, '\0'), true) ?? '*').replaceAll('\0', '?');
}
