import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { ObbyError } from '../../base/errors';
import { forIconLabel, oneLine } from '../../views/text/displayText';
import { byPath, groupBy } from '../../views/history/historyRows';
import type { VersionText } from '../../views/text/versionText';
import { ruleRank } from '../../rules/rules';
import type { CommandContext } from '../commandContext';

interface Item extends vscode.QuickPickItem {
  readonly deletions: readonly Version[];
}

/** Asks for a deleted file, or all files that one event deleted; undefined when nothing is chosen. */
export async function pickDeleted({
  api,
  text,
}: Pick<CommandContext, 'api' | 'text'>): Promise<readonly Version[] | undefined> {
  const deletions = await api.history.deletedFiles();
  if (deletions.length === 0) throw new ObbyError('notFound', l10n.t('No deleted files.'));
  const changeSets = groupBy(deletions, ({ changeSet }) => changeSet);
  const chosen = await vscode.window.showQuickPick<Item>(
    [...changeSets.values()].flatMap((changes) => changeSetItems(changes, text)),
    { placeHolder: l10n.t('Deleted file to restore'), matchOnDescription: true },
  );
  return chosen?.deletions;
}

/** The files of one event: all at once first, if there are several. */
function changeSetItems(deletions: readonly Version[], text: VersionText): Item[] {
  const ordered = byPath(deletions).sort((a, b) => ruleRank(a.path) - ruleRank(b.path));
  const files = ordered.map((deletion) => fileItem(deletion, text));
  const [first] = deletions;
  if (!first || deletions.length === 1) return files;
  const all: Item = {
    label: l10n.t('All {0} files deleted with it', text.time.count(deletions.length)),
    description: whenAndWhy(first, text),
    iconPath: new vscode.ThemeIcon('files'),
    deletions,
  };
  return [all, ...files];
}

function fileItem(deletion: Version, text: VersionText): Item {
  return {
    label: forIconLabel(oneLine(deletion.path)),
    description: whenAndWhy(deletion, text),
    iconPath: vscode.ThemeIcon.File,
    deletions: [deletion],
  };
}

function whenAndWhy(deletion: Version, text: VersionText): string {
  return `${text.time.short(deletion.time)} · ${text.cause(deletion)}`;
}
