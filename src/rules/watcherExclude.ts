import { Rules } from './rules';

/** More patterns, and longer ones, are not a person's. */
const maxPatterns = 200;
const maxPatternLength = 500;

/**
 * Which paths VS Code's watcher tells nothing of, by the patterns of its setting `files.watcherExclude`. In doubt a path
 * counts as kept back: seeing a change twice costs little. The patterns may be a hostile workspace's, so they are matched as
 * those of rule files are, which takes a bounded number of steps.
 * @param root absolute path of the workspace folder, where absolute patterns may begin
 */
export function excludedBy(patterns: readonly string[], root: string): (path: string) => boolean {
  const lines = patterns
    .filter((pattern) => pattern !== '' && pattern.length <= maxPatternLength && !/[\n\r]/.test(pattern))
    .flatMap(withoutBraces)
    .map((pattern) => lineOf(pattern, root.replaceAll('\\', '/')))
    .slice(0, maxPatterns);
  if (lines.length === 0) return () => false;
  const rules = new Rules({ watch: lines.join('\n'), ignores: [] });
  return (path) => rules.isWatched(path) || rules.isWatched(path === '' ? 'x' : `${path}/x`);
}

/** `{a,b}` stands for `a` and for `b`. */
function withoutBraces(pattern: string): string[] {
  const all = [pattern];
  for (let next = 0; next < all.length && all.length < maxPatterns;) {
    const braces = /^(.*?)\{([^{}]*)\}(.*)$/.exec(all[next] ?? '');
    if (!braces) next++;
    else all.splice(next, 1, ...(braces[2] ?? '').split(',').map((word) => `${braces[1]}${word}${braces[3]}`));
  }
  return all;
}

function lineOf(pattern: string, root: string): string {
  const path = pattern.startsWith(`${root}/`) ? pattern.slice(root.length) : pattern;
  return /^[!#]/.test(path) ? `\\${path}` : path;
}
