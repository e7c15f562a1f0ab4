import * as l10n from '@vscode/l10n';
import { parseRuleFile } from '../../rules/ruleFile';
import { watchFile } from '../../rules/rules';
import type { IgnoreSection } from '../proposal/ignoreProposal';

export interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/** A new `.obbywatch`. */
export function watchTemplate(patterns: readonly string[]): string {
  const comments = [
    l10n.t('What Obby watches in this folder: one pattern per line, written as in .gitignore.'),
    l10n.t('Every version of these files is kept on this computer, whoever wrote it.'),
    '',
    `  /notes/            ${l10n.t('everything in the top-level notes folder')}`,
    `  *.md               ${l10n.t('every Markdown file, in any folder')}`,
    `  !/notes/private/   ${l10n.t('a line starting with ! excludes files again: the last line that matches decides')}`,
    '',
    l10n.t('Files that a line of .obbyignore matches are never recorded.'),
  ];
  return [...comments.map(commented), '', ...patterns, ''].join('\n');
}

/** Adds lines to an `.obbywatch` at the end; if all its rules exclude, before the first, so that they still apply. */
export function insertPatterns(existing: string, lines: readonly string[], eol: string): Insertion {
  const { rules } = parseRuleFile(existing, watchFile);
  const [first] = rules;
  if (!first || rules.some(({ negated }) => !negated)) return appendLines(existing, lines, eol);
  const above = existing.split('\n').slice(0, first.source.line - 1);
  return {
    offset: above.join('\n').length + Math.min(1, above.length),
    text: lines.map((line) => line + eol).join(''),
  };
}

/** Adds lines at the end of a rule file. */
export function appendLines(existing: string, lines: readonly string[], eol: string): Insertion {
  const isComplete = existing === '' || existing.endsWith('\n');
  const text = `${isComplete ? '' : eol}${lines.join(eol)}${eol}`;
  return { offset: existing.length, text: lines.length === 0 ? '' : text };
}

/** The existing `.obbywatch`, or a new one, with more lines. */
export function watchText(existing: string | undefined, lines: readonly string[]): string {
  return existing === undefined ? watchTemplate(lines) : withInsertion(existing, insertPatterns(existing, lines, '\n'));
}

/** The existing `.obbyignore`, or a new one, with more lines. */
export function ignoreText(existing: string | undefined, sections: readonly IgnoreSection[]): string {
  const lines = sectionLines(sections);
  if (existing !== undefined) return withInsertion(existing, appendLines(existing, lines, '\n'));
  const comments = [
    l10n.t('What Obby never records in this folder, even if .obbywatch lists it. The syntax is that of .gitignore.'),
    l10n.t('Subfolders may have their own .obbyignore.'),
  ];
  return [...comments.map(commented), ...lines, ''].join('\n');
}

function withInsertion(existing: string, { offset, text }: Insertion): string {
  return existing.slice(0, offset) + text + existing.slice(offset);
}

/** The lines of all sections, each with a comment above. */
export function sectionLines(sections: readonly IgnoreSection[]): string[] {
  const filled = sections.filter(({ lines }) => lines.length > 0);
  return filled.flatMap(({ name, lines }) => ['', commented(heading(name)), ...lines]);
}

export function commented(line: string): string {
  return `# ${line}`.trimEnd();
}

function heading(name: IgnoreSection['name']): string {
  switch (name) {
    case 'dependencies':
      return l10n.t('Dependencies');
    case 'output':
      return l10n.t('Build output and caches');
    case 'binary':
      return l10n.t('Archives, audio, video, programs and databases');
    case 'temporary':
      return l10n.t('Temporary files, and files of editors and systems');
    case 'gitignore':
      return l10n.t('From existing .gitignore files');
    case 'caches':
      return l10n.t('Folders that mark themselves as a cache or a virtual environment');
    case 'secrets':
      return l10n.t('Likely secrets: keep these last, so that no other line includes one again');
  }
}
