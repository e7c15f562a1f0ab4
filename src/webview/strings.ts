import * as l10n from '@vscode/l10n';
import { plural } from '../base/plural';
import type { LineChange } from '../model/diff';

/** The page has the words of the window's language. They are read on load, so this comes first. */
const words = document.body.dataset['l10n'];
if (words !== undefined) l10n.config({ contents: words });

/** Everything the comparison says by itself; what depends on its contents comes in words from the panel. */
export const diffStrings = {
  loading: l10n.t('Comparing…'),
  failedTitle: l10n.t('The two versions could not be compared'),
  changedMeanwhile: l10n.t('The file was written while it was being compared.'),
  identicalTitle: l10n.t('The two versions are identical'),
  identicalDetail: l10n.t('Every byte is the same.'),
  lineEndingsTitle: l10n.t('Only line endings differ'),
  lineEndingsDetail: l10n.t('The text of all lines is the same.'),
  encodingTitle: l10n.t('Only the encoding differs'),
  encodingDetail: l10n.t('The text is the same; its encoding is not.'),
  binaryTitle: l10n.t('Binary content'),
  binaryDetail: l10n.t('Binary file: no line-by-line comparison.'),
  tooLargeTitle: l10n.t('Too large to show here'),
  tooLargeDetail: l10n.t('The versions are too large to be compared line by line.'),
  showLines: l10n.t('Show Lines'),
  tryAgain: l10n.t('Try Again'),
  showLog: l10n.t('Show Log'),
  openInDiffEditor: l10n.t("Open in VS Code's Diff Editor"),
  restore: l10n.t('Restore'),
  restoreTitle: (label: string) => l10n.t('Restore the version on the left ({0})', label),
  previousChange: l10n.t('Previous Change (Shift+F7 or P)'),
  nextChange: l10n.t('Next Change (F7 or N)'),
  showSideBySide: l10n.t('Show Side by Side'),
  showUnified: l10n.t('Show Unified'),
  tooNarrow: l10n.t('The panel is too narrow for side by side'),
  expandAll: l10n.t('Show All Unchanged Lines'),
  collapseAll: l10n.t('Hide Unchanged Lines'),
  dismiss: l10n.t('Dismiss'),
  size: l10n.t('Size'),
  sha256: 'SHA-256',
  unknown: l10n.t('unknown'),
  toolbar: l10n.t('Comparison'),
  left: l10n.t('Left side'),
  right: l10n.t('Right side'),
  rows: (layout: 'sideBySide' | 'unified') =>
    layout === 'sideBySide' ? l10n.t('Differences, side by side') : l10n.t('Differences, unified'),
  changes: (count: number, shown: string) => plural(count, l10n.t('1 change'), l10n.t('{0} changes', shown)),
  changeOf: (index: string, count: string) => l10n.t('{0} of {1}', index, count),
  linesChanged: (added: number, removed: number) => {
    const parts = [
      added > 0 && plural(added, l10n.t('1 line added'), l10n.t('{0} lines added', added)),
      removed > 0 && plural(removed, l10n.t('1 line removed'), l10n.t('{0} lines removed', removed)),
    ];
    return parts.filter(Boolean).join(', ') || l10n.t('no lines changed');
  },
  changeAnnouncement: (change: LineChange, index: number, count: number): string => {
    const [added, removed] = [change.newEnd - change.newStart, change.oldEnd - change.oldStart];
    const line = (added > 0 ? change.newStart : change.oldStart) + 1;
    const what = diffStrings.linesChanged(added, removed);
    return l10n.t('Change {0} of {1}: {2} at line {3}', index, count, what, line);
  },
  summary: (changes: string, what: string) => `${changes}: ${what}`,
  unchangedLines: (count: number, shown: string) =>
    plural(count, l10n.t('1 unchanged line'), l10n.t('{0} unchanged lines', shown)),
  foldLabel: (lines: string) =>
    l10n.t('{0} hidden. Press Enter to show them, Alt and an arrow key to show a few.', lines),
  showFirst: (count: number) => l10n.t('Show the First {0} of These Lines (Alt+Down)', count),
  showLast: (count: number) => l10n.t('Show the Last {0} of These Lines (Alt+Up)', count),
  showFold: l10n.t('Show All of These Lines (Enter)'),
  revealed: (count: number) => plural(count, l10n.t('1 line shown'), l10n.t('{0} lines shown', count)),
  charactersSelected: (count: number) =>
    plural(count, l10n.t('1 character selected'), l10n.t('{0} characters selected', count)),
  linesSelected: (count: number) => plural(count, l10n.t('1 line selected'), l10n.t('{0} lines selected', count)),
  unchangedLine: (line: number, text: string) => l10n.t('Line {0}: {1}', line, text),
  removedLine: (line: number, text: string) => l10n.t('Removed line {0}: {1}', line, text),
  addedLine: (line: number, text: string) => l10n.t('Added line {0}: {1}', line, text),
  blank: l10n.t('blank'),
  hiddenCharacters: (count: number) => plural(count, l10n.t('1 more character'), l10n.t('{0} more characters', count)),
  invisible: (name: string) => l10n.t('Character {0}, which cannot be seen', name),
  eol: { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR', '': l10n.t('no newline at end') },
  eolTitle: {
    '\n': l10n.t('Ends with LF'),
    '\r\n': l10n.t('Ends with CR LF'),
    '\r': l10n.t('Ends with CR'),
    '': l10n.t('The file ends here, without a newline'),
  },
} as const;

/** Everything the Storage page says by itself; what depends on a history comes in words from the panel. */
export const storageStrings = {
  title: l10n.t('Storage'),
  loading: l10n.t('Counting…'),
  noFolders: l10n.t('No folder is open'),
  noFoldersDetail: l10n.t('Open a folder on disk to see the size of its history.'),
  emptyTitle: l10n.t('Nothing is recorded yet'),
  emptyDetail: l10n.t('The size of this history is shown here as soon as a watched file is recorded.'),
  failedTitle: l10n.t('The history of this folder cannot be read'),
  tryAgain: l10n.t('Try Again'),
  showLog: l10n.t('Show Log'),
  check: l10n.t('Check History'),
  checkTitle: l10n.t('Read every version back and report damage'),
  forget: l10n.t('Delete…'),
  forgetTitle: l10n.t('Permanently delete a file, a time span or a text from the history'),
  export: l10n.t('Export…'),
  exportTitle: l10n.t('Write this history to one portable file'),
  import: l10n.t('Import…'),
  importTitle: l10n.t('Add the history in a portable file'),
  settings: l10n.t('Settings'),
  settingsTitle: l10n.t('Location, quota and retention of histories'),
  actions: l10n.t('Actions'),
  quota: l10n.t('Quota'),
  comparison: l10n.t('Compared with full copies'),
  folders: l10n.t('Folders'),
  foldersDetail: l10n.t('Space used per folder'),
  foldersTable: l10n.t('As a table'),
  folder: l10n.t('Folder'),
  size: l10n.t('Size'),
  versions: l10n.t('Versions'),
  parts: l10n.t('Parts of the store'),
  dropped: l10n.t('Removed versions'),
  nothingDropped: l10n.t('None so far.'),
} as const;
