import * as vscode from 'vscode';
import { maxListed } from './historyRows';
import type { MoreRow } from './rows';
import type { TimeText } from './timeText';

/** The last row of a list that goes on. */
export function moreItem(row: MoreRow, command: string, time: TimeText): vscode.TreeItem {
  if (row.isFull) return new vscode.TreeItem(vscode.l10n.t('Only the newest {0} are listed', time.count(maxListed)));
  const item = new vscode.TreeItem(vscode.l10n.t('Load More'));
  item.id = 'more';
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command, title: vscode.l10n.t('Load More') };
  return item;
}
