import { patternOfPath } from '../watching/pathPattern';

/** What lies directly in a workspace folder and is not ignored. */
export interface TopLevel {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly isRepository: boolean;
}

/** What to add to an `.obbywatch`. */
export interface WatchProposal {
  readonly patterns: readonly string[];
  /** Names that no pattern lists. */
  readonly leftOut: readonly string[];
}

/** More lines than this are not a person's to read. */
export const maxPatterns = 200;

/**
 * Proposes to watch all that there is, and files of the same kinds at the top; in an empty folder, all that comes.
 *
 * Outside of a repository, hidden folders are left out: programs keep their own data there, passwords included.
 */
export function proposeWatch({ folders, files, isRepository }: TopLevel): WatchProposal {
  const isHidden = (name: string): boolean => !isRepository && name.startsWith('.');
  const entries = [
    ...sorted(folders).map((name) => ({ name, pattern: isHidden(name) ? undefined : patternOfPath(name, true) })),
    ...sorted(files).map((name) => ({ name, pattern: patternOfFile(name) })),
  ];
  const patterns = new Set<string>();
  const leftOut: string[] = [];
  for (const { name, pattern } of entries) {
    const isKept = pattern !== undefined && (patterns.has(pattern) || patterns.size < maxPatterns);
    if (isKept) patterns.add(pattern);
    else leftOut.push(name);
  }
  const everything = isRepository ? ['*'] : ['*', '!/.*/'];
  return { patterns: patterns.size === 0 ? everything : [...patterns], leftOut };
}

/** All files of the kind, if its ending tells what kind it is. */
function patternOfFile(name: string): string | undefined {
  const ending = /^.+(\.(?=.*[a-z])[\w+-]{1,16})$/is.exec(name)?.[1];
  return ending === undefined ? patternOfPath(name, false) : `/*${ending}`;
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : 1));
}
