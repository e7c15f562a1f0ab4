import type { Verdict } from '../model/ruleSources';
import { anyFolders } from './glob';
import { startPositions, follow, type FolderTest, type NameTest } from './pattern';
import type { Rule } from './ruleFile';

/** A rule as it applies to the entries of one folder. */
export interface EntryRule {
  readonly matches: NameTest;
  readonly directoryOnly: boolean;
  readonly negated: boolean;
  /** Its position in the file; a later rule wins. */
  readonly order: number;
  /** The verdict if it matches. */
  readonly verdict: Verdict;
}

/** A route of a rule, followed down to a folder. */
interface RuleRoute {
  readonly folders: readonly FolderTest[];
  readonly positions: readonly number[];
  readonly entry: EntryRule;
}

/** The rules of one file as they apply to one folder, the last rule first. */
export class RuleScope {
  /** The rules for the folder's own entries. */
  readonly entries: readonly EntryRule[];

  private constructor(
    /** The routes that can match something in the folder or below. */
    private readonly routes: readonly RuleRoute[],
    /** The scope of the routes that apply at every depth; most folders share it. */
    private readonly everywhere?: RuleScope,
  ) {
    this.entries = routes
      .filter(({ folders, positions }) => positions.includes(folders.length))
      .map(({ entry }) => entry);
  }

  /** The scope of the folder that has the rule file. */
  static of(rules: readonly Rule[], verdictOf: (rule: Rule) => Verdict): RuleScope {
    const routes = rules.map((rule, order) => {
      const { negated, directoryOnly, pattern } = rule;
      const { folders, name } = pattern;
      const entry = { matches: name, directoryOnly, negated, order, verdict: verdictOf(rule) };
      return { folders, positions: startPositions(folders), entry };
    });
    routes.reverse();
    return new RuleScope(routes, new RuleScope(routes.filter(leadsEverywhere)));
  }

  /** The number of routes kept for this folder alone. */
  get weight(): number {
    return this.everywhere === undefined ? 0 : this.routes.length;
  }

  /** The scope of a folder in this one; the same object if nothing differs. */
  enter(name: string): RuleScope {
    if (this.everywhere === undefined) return this;
    const routes = this.routes.map((route) => goOn(route, name)).filter((route) => route !== undefined);
    if (isSame(routes, this.routes)) return this;
    return isSame(routes, this.everywhere.routes) ? this.everywhere : new RuleScope(routes, this.everywhere);
  }

  /** Whether a rule that is not negated and comes after `order` can match something below the folder. */
  mayMatchBelow(order: number): boolean {
    return this.routes.some(({ entry }) => !entry.negated && entry.order > order);
  }

  /** The last rule that matches an entry of the folder. */
  decide(name: string, isFolder: boolean): EntryRule | undefined {
    for (const rule of this.entries) {
      if ((isFolder || !rule.directoryOnly) && rule.matches(name)) return rule;
    }
    return undefined;
  }
}

/** The route in a subfolder; undefined where it leads elsewhere. */
function goOn(route: RuleRoute, name: string): RuleRoute | undefined {
  if (leadsEverywhere(route)) return route;
  const positions = follow(route.folders, route.positions, name);
  if (isSame(positions, route.positions)) return route;
  return positions.length === 0 ? undefined : { ...route, positions };
}

function leadsEverywhere({ folders }: RuleRoute): boolean {
  return folders[0] === anyFolders && folders.length === 1;
}

function isSame<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
