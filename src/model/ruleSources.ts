/** The texts of a workspace folder's rule files; `watch` is undefined when there is no `.obbywatch`. */
export interface RuleSources {
  readonly watch: string | undefined;
  /** Why `.obbywatch` cannot be used and what to do, for people. */
  readonly watchFault?: string;
  readonly ignores: readonly IgnoreSource[];
  /** Folders, written like `dir`, that contain Obby's store or are workspace folders themselves. */
  readonly reserved?: readonly string[];
  /** The targets of rule files that are links, written like `dir`. */
  readonly links?: readonly string[];
  /** The disk ignores case, and so do the rules, like git there. */
  readonly isCaseBlind?: boolean;
  /** Nothing is watched, and the history has earlier rules that can be restored. */
  readonly canRestore?: boolean;
}

/** An ignore file. */
export interface IgnoreSource {
  /** Its folder, relative to the workspace folder, with `/`; `''` is the workspace folder. */
  readonly dir: string;
  readonly text: string;
  /** Why the file cannot be used as a whole and what to do, for people. */
  readonly fault?: string;
}

/** A line of a rule file that decides about a path. */
export interface RuleLine {
  /** Relative to the workspace folder: `.obbywatch`, `.obbyignore`, `docs/.obbyignore`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Empty for the file as a whole. */
  readonly pattern: string;
}

/** Why a path is watched or not. */
export type Verdict =
  | { readonly watched: true; readonly reason: 'listed'; readonly rule: RuleLine }
  | { readonly watched: false; readonly reason: 'no rules' | 'not listed' | 'always ignored' | 'outside' }
  | {
      readonly watched: false;
      /** `unusable ignore file`: nothing in the folder of such a file is recorded. */
      readonly reason: 'taken out' | 'ignored' | 'unusable ignore file';
      readonly rule: RuleLine;
    };

/** A line or file that cannot be used: why, the effect, and what to do. */
export interface RuleProblem extends RuleLine {
  /** The faulty part, as 0-based columns. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}
