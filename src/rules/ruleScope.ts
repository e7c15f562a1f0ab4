import type { Verdict } from '../model/ruleSources';
import { anyFolders } from './glob';
import { firstPlaces, follow, type FolderTest, type NameTest } from './pattern';
import type { Rule } from './ruleFile';

/** What is left of a rule for the entries of one folder: the test for their names. */
export interface EntryRule {
  readonly matches: NameTest;
  readonly directoryOnly: boolean;
  readonly negated: boolean;
  /** Its place in the file; a later rule wins. */
  readonly order: number;
  /** What it decides. */
  readonly verdict: Verdict;
}

/** A rule on its way to a folder. */
interface RuleRoute {
  readonly folders: readonly FolderTest[];
  readonly places: readonly number[];
  readonly entry: EntryRule;
}

/** The rules of one file as seen from one folder, the last rule first. */
export class RuleScope {
  /** Those for the folder's own entries. */
  readonly entries: readonly EntryRule[];

  private constructor(
    /** Those that can match something in the folder or below. */
    private readonly routes: readonly RuleRoute[],
    /** The scope in which all routes lead everywhere, so that most folders share one. */
    private readonly everywhere?: RuleScope,
  ) {
    this.entries = routes.filter(({ folders, places }) => places.includes(folders.length)).map(({ entry }) => entry);
  }

  /** The rules as seen from the folder of their file. */
  static of(rules: readonly Rule[], verdictOf: (rule: Rule) => Verdict): RuleScope {
    const routes = rules.flatMap((rule, order) => {
      const { negated, directoryOnly, pattern } = rule;
      const verdict = verdictOf(rule);
      return pattern.routes.map(({ folders, name }) => ({
        folders,
        places: firstPlaces(folders),
        entry: { matches: name, directoryOnly, negated, order, verdict },
      }));
    });
    routes.reverse();
    return new RuleScope(routes, new RuleScope(routes.filter(leadsEverywhere)));
  }

  /** How many rules it keeps for its folder alone. */
  get weight(): number {
    return this.everywhere === undefined ? 0 : this.routes.length;
  }

  /** The same rules as seen from a folder in this one; the same scope where that makes no difference. */
  enter(name: string): RuleScope {
    if (this.everywhere === undefined) return this;
    const routes = this.routes.map((route) => goOn(route, name)).filter((route) => route !== undefined);
    if (isSame(routes, this.routes)) return this;
    return isSame(routes, this.everywhere.routes) ? this.everywhere : new RuleScope(routes, this.everywhere);
  }

  /** Whether a rule that is not negated, and comes after `order`, can match something below the folder. */
  mayMatchBelow(order: number): boolean {
    return this.routes.some(({ entry }) => !entry.negated && entry.order > order);
  }

  /** The rule that decides about an entry of the folder, if any. */
  decide(name: string, isFolder: boolean): EntryRule | undefined {
    for (const rule of this.entries) {
      if ((isFolder || !rule.directoryOnly) && rule.matches(name)) return rule;
    }
    return undefined;
  }
}

/** The route in a folder further down; undefined where it leads elsewhere. */
function goOn(route: RuleRoute, name: string): RuleRoute | undefined {
  if (leadsEverywhere(route)) return route;
  const places = follow(route.folders, route.places, name);
  if (isSame(places, route.places)) return route;
  return places.length === 0 ? undefined : { ...route, places };
}

function leadsEverywhere({ folders }: RuleRoute): boolean {
  return folders[0] === anyFolders && folders.length === 1;
}

function isSame<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
