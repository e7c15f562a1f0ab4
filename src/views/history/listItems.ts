import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { MoreFilesNode, MoreNode } from './rows';
import type { TimeText } from '../text/timeText';

/** The last row of a list that goes on. */
export function moreItem(row: MoreNode, command: string, time: TimeText): vscode.TreeItem {
  if (row.isFull) return new vscode.TreeItem(l10n.t('Only the newest {0} are listed', time.count(row.shown)));
  const item = new vscode.TreeItem(l10n.t('Load More'));
  item.id = 'more';
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command, title: l10n.t('Load More') };
  return item;
}

/** The last row of an event that has more files. */
export function moreFilesItem(
  { changeSet, rest, isFull }: MoreFilesNode,
  command: string,
  time: TimeText,
): vscode.TreeItem {
  const item = new vscode.TreeItem(l10n.t('… and {0} more', time.count(rest)));
  item.id = `more files ${changeSet.changeSet.folder.toString()} ${changeSet.changeSet.id}`;
  if (isFull) return item;
  item.tooltip = l10n.t('Load More');
  item.command = { command, title: l10n.t('Load More'), arguments: [changeSet] };
  return item;
}
