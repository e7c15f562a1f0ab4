import { readFileSync } from 'node:fs';

/** The names of all icons that VS Code draws, aliases included, from the style sheet of their font. */
export function codiconNames(): ReadonlySet<string> {
  const css = readFileSync('node_modules/@vscode/codicons/dist/codicon.css', 'utf8');
  return new Set([...css.matchAll(/\.codicon-([a-z0-9-]+):before/g)].map(([, name = '']) => name));
}
