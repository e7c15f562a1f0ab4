/** What gitignore reads as more than itself. */
const special = /[\\*?[]/g;

/**
 * The line of a rule file that matches exactly one path (relative to the folder, with `/`), and what is below it if it
 * is a folder. Undefined for a name that no line can hold.
 */
export function patternOfPath(path: string, isFolder: boolean): string | undefined {
  if (path === '' || /[\r\n]/.test(path)) return undefined;
  const escaped = path.replaceAll(special, '\\$&');
  if (isFolder) return `/${escaped}/`;
  // Unescaped spaces at the end of a line do not count.
  return `/${escaped.replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length))}`;
}

/** The text to add at the end of a rule file, so that the line stands by itself and nothing else changes. */
export function lineToAppend(text: string, line: string, eol: string): string {
  const isComplete = text === '' || text.endsWith('\n');
  return `${isComplete ? '' : eol}${line}${eol}`;
}
