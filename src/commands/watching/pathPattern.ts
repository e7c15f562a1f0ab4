/** Special characters of gitignore. */
const special = /[\\*?[]/g;

/**
 * The line of a rule file that matches exactly one path (relative to the folder, with `/`), or all of a folder. Undefined
 * for a path that a line cannot contain.
 */
export function patternOfPath(path: string, isFolder: boolean): string | undefined {
  if (path === '' || /[\r\n]/.test(path)) return undefined;
  const escaped = path.replaceAll(special, '\\$&');
  if (isFolder) return `/${escaped}/`;
  // Unescaped spaces at the end of a line do not count.
  return `/${escaped.replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length))}`;
}

/** The text that adds a line at the end of a rule file. */
export function lineToAppend(text: string, line: string, eol: string): string {
  const isComplete = text === '' || text.endsWith('\n');
  return `${isComplete ? '' : eol}${line}${eol}`;
}
