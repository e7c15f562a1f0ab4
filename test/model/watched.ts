import { GitOracle, withoutNegation, type OracleCase } from '../support/gitOracle';

/** The texts of a folder's rule files. */
export interface RuleTexts {
  /** Absent when there is no `.obbywatch`. */
  readonly watch: string | undefined;
  readonly ignores: readonly { readonly dir: string; readonly text: string }[];
}

/** Says what is watched, after git: it ignores as `.obbyignore` does, and says which line of `.obbywatch` matches. */
export class Watched {
  private readonly oracle = new GitOracle();
  private readonly answers = new Map<string, Map<string, boolean>>();

  /** Those of the paths, all of files, that are watched. */
  among(rules: RuleTexts, paths: Iterable<string>): Set<string> {
    const key = JSON.stringify(rules);
    const known = this.answers.get(key) ?? new Map<string, boolean>();
    this.answers.set(key, known);
    const all = [...paths];
    this.learn(
      rules,
      all.filter((path) => !known.has(path)),
      known,
    );
    return new Set(all.filter((path) => known.get(path) === true));
  }

  has(rules: RuleTexts, path: string): boolean {
    return this.among(rules, [path]).has(path);
  }

  dispose(): void {
    this.oracle.dispose();
  }

  private learn(rules: RuleTexts, paths: readonly string[], known: Map<string, boolean>): void {
    if (paths.length === 0) return;
    const lines = (rules.watch ?? '').split('\n');
    const folders = [...new Set(paths.flatMap(foldersAbove))];
    const watchCases = lines.map((line): OracleCase => ({
      ignores: [{ dir: '', text: withoutNegation(line) }],
      folders,
      paths,
    }));
    const [ignored, ...matches] = this.oracle.ask([{ ignores: rules.ignores, folders, paths }, ...watchCases]);
    paths.forEach((path, index) => {
      const match = ignored?.[index];
      const isIgnored = match !== undefined && !match.negated;
      const last = matches.map((match) => match[index] !== undefined).lastIndexOf(true);
      known.set(path, !isIgnored && last >= 0 && lines[last]?.startsWith('!') !== true);
    });
  }
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
