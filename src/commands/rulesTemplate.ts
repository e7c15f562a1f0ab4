import type { Translate } from '../views/versionText';
import { patternOfPath } from './pathPattern';

/** An entry of a workspace folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Folders that tools fill: nobody writes there by hand. */
const generated: ReadonlySet<string> = new Set(
  'bin build coverage dist env node_modules obj out target temp tmp vendor venv __pycache__'.split(' '),
);

/** Endings of texts that people write. */
const written: ReadonlySet<string> = new Set(
  'adoc c cpp cs css go h html ipynb java js json jsx kt md mdx org php py rb rs rst sh sql svelte swift tex toml ts tsx txt vue xml yaml yml'.split(
    ' ',
  ),
);

const maxFolders = 10;

/** What to suggest when a folder tells nothing. */
const fallback = ['*.md', '*.txt'];

/**
 * Patterns for what a folder holds at its top: its own folders, and the kinds of text beside them. Hidden entries are
 * left out, since secrets live there. All are anchored, so that nothing below `node_modules` is meant.
 */
export function suggestPatterns(entries: readonly FolderEntry[]): string[] {
  const visible = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const folders = visible
    .filter(({ name, isFolder }) => isFolder && !generated.has(name.toLowerCase()))
    .flatMap(({ name }) => patternOfPath(name, true) ?? [])
    .slice(0, maxFolders);
  const endings = visible.filter(({ isFolder }) => !isFolder).map(({ name }) => name.slice(name.lastIndexOf('.') + 1));
  const files = [...new Set(endings)].filter((ending) => written.has(ending)).map((ending) => `/*.${ending}`);
  const found = [...folders, ...files];
  return found.length > 0 ? found : fallback;
}

/** A new `.obbywatch`. */
export function watchTemplate(patterns: readonly string[], t: Translate): string {
  const comments = [
    t('What Obby watches in this folder: one pattern a line, written as in .gitignore.'),
    t('Every version of these files is kept on this computer, whoever wrote it.'),
    '',
    `  /notes/            ${t('everything in the folder notes at the top')}`,
    `  *.md               ${t('every Markdown file, in any folder')}`,
    `  !/notes/private/   ${t('a line with ! takes out again: the last line that matches decides')}`,
    '',
    t('What a line of .obbyignore matches is never recorded.'),
  ];
  return template(comments, patterns);
}

/** A new `.obbyignore`. */
export function ignoreTemplate(t: Translate): string {
  const comments = [
    t('What Obby never records in this folder, even if .obbywatch lists it: the syntax of .gitignore.'),
    t('A folder below may have an .obbyignore of its own.'),
  ];
  return template(comments, ['node_modules/', '.env*', '*.log', '*.tmp']);
}

function template(comments: readonly string[], patterns: readonly string[]): string {
  const commentLines = comments.map((line) => `# ${line}`.trimEnd());
  return [...commentLines, '', ...patterns, ''].join('\n');
}
