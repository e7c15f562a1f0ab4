import type { RuleProblem, RuleSources, Verdict } from '../model/rules';
import { toBytes } from './bytes';
import { maxRulesCost, parseRuleFile, type Rule, type RuleBudget } from './ruleFile';
import { RuleScope, type EntryRule } from './ruleScope';

export const watchFile = '.obbywatch';
export const ignoreFile = '.obbyignore';

/** In folders; what lies deeper counts as outside. */
export const maxDepth = 1_000;
/** The folders that are remembered, each weighing one more for every rule kept with it. */
const maxRemembered = 100_000;

/** What the rules have said about a folder, and what is left to ask about its entries. */
interface FolderState {
  /** Settles the folder and everything below it. */
  readonly settled?: Verdict;
  /** The last rule of `.obbywatch` that matches the folder or one above it. */
  readonly listed: EntryRule | undefined;
  readonly watch: RuleScope;
  /** Of the ignore files of this folder and those above it, the deepest first. */
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
 * What the `.obbywatch` and the `.obbyignore` files of a workspace folder say about its paths.
 *
 * Paths are relative to the workspace folder, with `/`, and spelled as on disk. Ignored beats watched.
 * - `.obbyignore` is what `.gitignore` is to git: the last match wins, a deeper file beats one above it, and nothing in
 *   an ignored folder can be re-included.
 * - In `.obbywatch` the last line that matches the path or a folder above it decides; a `!` line takes out.
 */
export class Rules {
  readonly problems: readonly RuleProblem[];
  /** Nothing is listed, so nothing is watched. */
  readonly isEmpty: boolean;
  private readonly ignores = new Map<string, RuleScope>();
  private readonly reserved: ReadonlySet<string>;
  private readonly root: FolderState;
  private readonly folders = new Map<string, FolderState>();
  private remembered = 0;

  constructor(sources: RuleSources) {
    const watch = parseRuleFile(sources.watch ?? '', watchFile);
    const problems = [...watch.problems];
    const budget: RuleBudget = { left: maxRulesCost };
    for (const { dir, text } of sources.ignores) {
      const file = parseRuleFile(text, dir === '' ? ignoreFile : `${dir}/${ignoreFile}`, budget);
      this.ignores.set(dir, RuleScope.of(file.rules, ignoreVerdict));
      problems.push(...file.problems);
    }
    this.problems = problems;
    this.isEmpty = watch.rules.every((rule) => rule.negated);
    this.reserved = new Set(sources.reserved);
    this.root = { listed: undefined, watch: RuleScope.of(watch.rules, watchVerdict), ignores: this.ownIgnores('') };
  }

  /** Why the path is watched or not. */
  explain(path: string, kind: 'file' | 'folder' = 'file'): Verdict {
    const parent = this.parentOf(path);
    const name = nameOf(path);
    const isFolder = kind === 'folder';
    const settled = this.settle(parent, path, name, isFolder);
    if (settled === outside || settled === alwaysIgnored) return settled;
    if (this.isEmpty) return noRules;
    return settled ?? latest(parent, name, isFolder)?.verdict ?? notListed;
  }

  /** @param path of a file */
  isWatched(path: string): boolean {
    return this.explain(path).watched;
  }

  /**
   * False only if nothing below the folder can be watched, so that a walk may leave it out.
   * @param dir `''` for the workspace folder
   */
  mayContainWatched(dir: string): boolean {
    const { settled, listed, watch } = dir === '' ? this.root : this.folder(dir);
    if (this.isEmpty || settled !== undefined) return false;
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
    const name = nameOf(dir);
    const settled = this.settle(parent, dir, name, true);
    if (settled !== undefined) return { ...beyond, settled };
    return {
      listed: latest(parent, name, true),
      watch: parent.watch.enter(name),
      ignores: [...this.ownIgnores(dir), ...parent.ignores.map((scope) => scope.enter(name))],
    };
  }

  private ownIgnores(dir: string): readonly RuleScope[] {
    const own = this.ignores.get(dir);
    return own === undefined ? [] : [own];
  }

  /** The verdict on an entry that `.obbywatch` has no say in. */
  private settle(parent: FolderState, path: string, name: string, isFolder: boolean): Verdict | undefined {
    if (parent.settled !== undefined) return parent.settled;
    if (name === '' || name === '.' || name === '..' || isDrive(path)) return outside;
    if (name === '.git' || this.reserved.has(path)) return alwaysIgnored;
    for (const scope of parent.ignores) {
      const rule = scope.decide(name, isFolder);
      if (rule !== undefined) return rule.negated ? undefined : rule.verdict;
    }
    return undefined;
  }
}

/** The last rule of `.obbywatch` that matches an entry or a folder above it. */
function latest({ watch, listed }: FolderState, name: string, isFolder: boolean): EntryRule | undefined {
  const own = watch.decide(name, isFolder);
  return own !== undefined && own.order > (listed?.order ?? -1) ? own : listed;
}

function nameOf(path: string): string {
  return toBytes(path.slice(path.lastIndexOf('/') + 1));
}

/** What a path relative to another drive begins with on Windows, where names have no colon. */
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
