/** The text of a workspace folder's rule files; `undefined` watch means there is no `.obbywatch`. */
export interface RuleSources {
  readonly watch: string | undefined;
  /** `dir` is relative to the folder, with `/`, and `''` for the folder itself. */
  readonly ignores: readonly { readonly dir: string; readonly text: string }[];
  /** Folders, written like `dir`, that hold Obby's own store, or are workspace folders of their own. */
  readonly reserved?: readonly string[];
}

/** A line of a rule file that decided something. */
export interface RuleLine {
  /** Relative to the workspace folder: `.obbywatch`, `.obbyignore`, `docs/.obbyignore`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly pattern: string;
}

/** Why a path is watched or not. */
export type Verdict =
  | { readonly watched: true; readonly reason: 'listed'; readonly rule: RuleLine }
  | { readonly watched: false; readonly reason: 'no rules' | 'not listed' | 'always ignored' | 'outside' }
  | { readonly watched: false; readonly reason: 'taken out' | 'ignored'; readonly rule: RuleLine };

/** A line that cannot be used, and why; the other lines keep working. */
export interface RuleProblem extends RuleLine {
  /** 0-based columns of what is wrong. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}
