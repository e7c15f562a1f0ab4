/** The text of a workspace folder's rule files; `undefined` watch means there is no `.obbywatch`. */
export interface RuleSources {
  readonly watch: string | undefined;
  /** Why `.obbywatch` cannot be used and what to do, for people. */
  readonly watchFault?: string;
  readonly ignores: readonly IgnoreSource[];
  /** Folders, written like `dir`, that hold Obby's own store, or are workspace folders of their own. */
  readonly reserved?: readonly string[];
  /** Files that rule files are links to, written like `dir`. */
  readonly links?: readonly string[];
  /** Nothing is watched, and the history keeps rules that were in use before. */
  readonly canRestore?: boolean;
}

/** An ignore file. */
export interface IgnoreSource {
  /** Its folder, relative to the workspace folder, with `/`; `''` for that itself. */
  readonly dir: string;
  readonly text: string;
  /** Why the file cannot be used as a whole and what to do, for people. */
  readonly fault?: string;
}

/** A line of a rule file that decided something. */
export interface RuleLine {
  /** Relative to the workspace folder: `.obbywatch`, `.obbyignore`, `docs/.obbyignore`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Empty where the file as a whole is meant. */
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

/** A line, or a file, that cannot be used: why, what that leads to, and what to do. */
export interface RuleProblem extends RuleLine {
  /** 0-based columns of what is wrong. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}
