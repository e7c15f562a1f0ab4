import * as l10n from '@vscode/l10n';
import type { IgnoreSource, RuleProblem, RuleSources, Verdict } from '../model/ruleSources';
import { toBytes, compilePattern } from './pattern';
import { maxRulesCost, parseRuleFile, type Rule, type RuleBudget, type RuleFile } from './ruleFile';
import { RuleScope, type EntryRule } from './ruleScope';
import { withoutCase } from './caseBlind';
import { parseTemporaryName } from './temporaryName';

export const watchFile = '.obbywatch';
export const ignoreFile = '.obbyignore';

/** In folders; deeper paths count as outside. */
export const maxDepth = 1_000;
/** Bounds the cached folders; each counts one, plus one for every rule kept with it. */
const maxRemembered = 100_000;

/** Whether a path (relative, with `/`) is that of a rule file. */
export function isRuleFile(path: string): boolean {
  return anyRuleFile.test(path);
}

/** In any case, since it is read by its usual name where the disk ignores case. */
const anyRuleFile = /^\.obbywatch$|(?:^|\/)\.obbyignore$/i;

/** Sorts `.obbywatch` before the ignore files, and all of these before other files. */
export function ruleRank(path: string): number {
  if (path === watchFile) return 0;
  return isRuleFile(path) ? 1 : 2;
}

/** The path of a folder's ignore file; `''` is the workspace folder. */
export function ignoreFileOf(dir: string): string {
  return dir === '' ? ignoreFile : `${dir}/${ignoreFile}`;
}

/** The result of the rules for a folder, and the rules that remain for its entries. */
interface FolderState {
  /** The verdict on the folder and everything below it. */
  readonly settled?: Verdict;
  /** It is settled by its own ignore file, so a walk must still enter it. */
  readonly isClosed?: true;
  /** The last rule of `.obbywatch` that matches the folder or one above it. */
  readonly listed: EntryRule | undefined;
  readonly watch: RuleScope;
  /** The scopes of the ignore files in this folder and above, the deepest first. */
  readonly ignores: readonly RuleScope[];
}

const outside: Verdict = { watched: false, reason: 'outside' };
const alwaysIgnored: Verdict = { watched: false, reason: 'always ignored' };
const noRules: Verdict = { watched: false, reason: 'no rules' };
const notListed: Verdict = { watched: false, reason: 'not listed' };
const beyond: FolderState = {
  settled: outside,
  listed: undefined,
  watch: RuleScope.of([], () => outside),
  ignores: [],
};

/**
 * Decides by the `.obbywatch` and `.obbyignore` files of a workspace folder which of its paths are watched.
 *
 * Paths are relative to the workspace folder, with `/`, and spelled as on disk. Ignoring takes precedence over
 * watching.
 * - `.obbyignore` works like `.gitignore`: the last match wins, a deeper file takes precedence, and nothing in an
 *   ignored folder can be re-included.
 * - In `.obbywatch` the last line that matches the path or a folder above it decides; a `!` line excludes.
 * - An unusable part never causes more to be recorded: an ignore file with any unusable part ignores its whole folder,
 *   and an unusable `!` line of `.obbywatch` excludes everything.
 */
export class Rules {
  readonly problems: readonly RuleProblem[];
  /** `.obbywatch` lists nothing, so nothing is watched. */
  readonly isEmpty: boolean;
  /** Nothing is watched, and the history keeps rules that were in use before. */
  readonly canRestore: boolean;
  private readonly ignores = new Map<string, RuleScope>();
  private readonly unusable = new Map<string, RuleProblem>();
  /**
   * Folders that are ignored because their ignore files cannot be used (`''`: all), with the first problem of each.
   */
  readonly closed: ReadonlyMap<string, RuleProblem> = this.unusable;
  private readonly reserved: ReadonlySet<string>;
  private readonly links: ReadonlySet<string>;
  private readonly isCaseBlind: boolean;
  private readonly root: FolderState;
  private readonly folders = new Map<string, FolderState>();
  private remembered = 0;

  constructor(sources: RuleSources) {
    this.isCaseBlind = sources.isCaseBlind === true;
    const watch = watchRulesOf(sources);
    const budget: RuleBudget = { left: maxRulesCost };
    this.problems = [...watch.problems, ...sources.ignores.flatMap((source) => this.addIgnores(source, budget))];
    this.isEmpty = watch.rules.every((rule) => rule.negated);
    this.canRestore = sources.canRestore === true;
    this.reserved = new Set(sources.reserved?.map((dir) => this.fold(dir)));
    this.links = new Set(sources.links);
    this.root = this.closedState('') ?? {
      listed: undefined,
      watch: RuleScope.of(watch.rules, watchVerdict),
      ignores: this.ownIgnores(''),
    };
  }

  /** The reason why a path is watched or not. */
  explain(path: string, kind: 'file' | 'folder' = 'file'): Verdict {
    const parent = this.parentOf(path);
    const name = this.nameOf(path);
    const isFolder = kind === 'folder';
    const settled = this.settle(parent, path, name, isFolder);
    if (settled === outside || settled === alwaysIgnored) return settled;
    if (this.isEmpty) return noRules;
    return settled ?? latest(parent, name, isFolder)?.verdict ?? notListed;
  }

  /** Whether a path is that of a rule file, or of a file that a rule file links to. */
  isRuleFile(path: string): boolean {
    return isRuleFile(path) || this.links.has(path);
  }

  /** Whether these rules have the ignore file of a folder, usable or not. */
  hasIgnoreFile(dir: string): boolean {
    return this.ignores.has(dir) || this.unusable.has(dir);
  }

  /** @param path of a file */
  isWatched(path: string): boolean {
    return this.explain(path).watched;
  }

  /**
   * False only if nothing below the folder can be watched, so that a walk may skip it.
   * @param dir `''` for the workspace folder
   */
  mayContainWatched(dir: string): boolean {
    const { settled, isClosed, listed, watch } = dir === '' ? this.root : this.folder(dir);
    if (this.isEmpty) return false;
    if (settled !== undefined) return isClosed === true;
    return listed?.negated === false || watch.mayMatchBelow(listed?.order ?? -1);
  }

  private parentOf(path: string): FolderState {
    const cut = path.lastIndexOf('/');
    if (cut === 0) return beyond;
    return cut === -1 ? this.root : this.folder(path.slice(0, cut));
  }

  private folder(dir: string): FolderState {
    const known = this.folders.get(dir);
    if (known !== undefined) return known;
    const isTooDeep = dir.split('/', maxDepth + 1).length > maxDepth;
    const state = isTooDeep ? beyond : this.enter(dir);
    const weight = state.ignores.reduce((sum, scope) => sum + scope.weight + 1, state.watch.weight + 1);
    if (this.remembered + weight > maxRemembered) {
      this.folders.clear();
      this.remembered = 0;
    }
    this.folders.set(dir, state);
    this.remembered += weight;
    return state;
  }

  private enter(dir: string): FolderState {
    const parent = this.parentOf(dir);
    const name = this.nameOf(dir);
    const settled = this.settle(parent, dir, name, true);
    if (settled !== undefined) return { ...beyond, settled };
    const closed = this.closedState(dir);
    if (closed !== undefined) return closed;
    return {
      listed: latest(parent, name, true),
      watch: parent.watch.enter(name),
      ignores: [...this.ownIgnores(dir), ...parent.ignores.map((scope) => scope.enter(name))],
    };
  }

  private nameOf(path: string): string {
    return this.fold(toBytes(path.slice(path.lastIndexOf('/') + 1)));
  }

  private fold(text: string): string {
    return this.isCaseBlind ? withoutCase(text) : text;
  }

  private closedState(dir: string): FolderState | undefined {
    const problem = this.unusable.get(dir);
    if (problem === undefined) return undefined;
    const { file, line, pattern } = problem;
    const settled: Verdict = { watched: false, reason: 'unusable ignore file', rule: { file, line, pattern } };
    return { ...beyond, settled, isClosed: true };
  }

  private addIgnores({ dir, text, fault }: IgnoreSource, budget: RuleBudget): RuleProblem[] {
    const file = ignoreFileOf(dir);
    const { rules, problems } =
      fault === undefined
        ? parseRuleFile(text, file, budget, this.isCaseBlind)
        : { rules: [], problems: [problemOfFile(file, fault)] };
    const effect =
      dir === ''
        ? l10n.t('Until this is fixed, nothing in this folder is recorded.')
        : l10n.t('Until this is fixed, nothing in {0} is recorded.', dir);
    const explained = problems.map((problem) => withEffect(problem, effect));
    const [first] = explained;
    if (first) this.unusable.set(dir, this.unusable.get(dir) ?? first);
    else this.ignores.set(dir, RuleScope.of(rules, ignoreVerdict));
    return explained;
  }

  private ownIgnores(dir: string): readonly RuleScope[] {
    const own = this.ignores.get(dir);
    return own === undefined ? [] : [own];
  }

  /** The verdict on an entry for which `.obbywatch` does not matter. */
  private settle(parent: FolderState, path: string, name: string, isFolder: boolean): Verdict | undefined {
    if (parent.settled !== undefined) return parent.settled;
    if (name === '' || name === '.' || name === '..' || isDrive(path)) return outside;
    if (name === '.git' || this.reserved.has(this.fold(path)) || parseTemporaryName(name)) return alwaysIgnored;
    for (const scope of parent.ignores) {
      const rule = scope.decide(name, isFolder);
      if (rule !== undefined) return rule.negated ? undefined : rule.verdict;
    }
    return undefined;
  }
}

/** A `!` line that cannot be used excludes everything, because what it was meant to exclude is unknown. */
function watchRulesOf({ watch = '', watchFault, isCaseBlind = false }: RuleSources): RuleFile {
  if (watchFault !== undefined) {
    const problem = withEffect(
      problemOfFile(watchFile, watchFault),
      l10n.t('Until this is fixed, nothing is watched.'),
    );
    return { rules: [], problems: [problem] };
  }
  const { rules, problems } = parseRuleFile(watch, watchFile, undefined, isCaseBlind);
  const excluding = problems.filter(({ pattern }) => pattern.startsWith('!'));
  const effect = l10n.t('Until this is fixed, it takes out everything that the lines above it list.');
  return {
    rules: [...rules, ...excluding.map(takingAllOut)].sort((a, b) => a.source.line - b.source.line),
    problems: problems.map((problem) => (excluding.includes(problem) ? withEffect(problem, effect) : problem)),
  };
}

function takingAllOut({ file, line, pattern }: RuleProblem): Rule {
  return { source: { file, line, pattern }, negated: true, directoryOnly: false, pattern: compilePattern('*') };
}

function problemOfFile(file: string, message: string): RuleProblem {
  return { file, line: 1, pattern: '', start: 0, end: 0, message };
}

function withEffect(problem: RuleProblem, effect: string): RuleProblem {
  return { ...problem, message: `${problem.message} ${effect}` };
}

/** The last rule of `.obbywatch` that matches an entry or a folder above it. */
function latest({ watch, listed }: FolderState, name: string, isFolder: boolean): EntryRule | undefined {
  const own = watch.decide(name, isFolder);
  return own !== undefined && own.order > (listed?.order ?? -1) ? own : listed;
}

/** Whether a path starts with a drive, as a path to another drive on Windows does; names there have no colon. */
function isDrive(path: string): boolean {
  return path.length === 2 && path[1] === ':';
}

function watchVerdict({ source, negated }: Rule): Verdict {
  return negated
    ? { watched: false, reason: 'taken out', rule: source }
    : { watched: true, reason: 'listed', rule: source };
}

function ignoreVerdict({ source }: Rule): Verdict {
  return { watched: false, reason: 'ignored', rule: source };
}
