import * as vscode from 'vscode';
import { oneLine } from '../text/displayText';
import type { LabelNode } from './rows';
import type { TimeText } from '../text/timeText';

/** The row of a label in both trees. */
export function labelItem({ name, time, labels }: LabelNode, timeText: TimeText): vscode.TreeItem {
  const { t } = vscode.l10n;
  const shown = oneLine(name);
  const item = new vscode.TreeItem(shown);
  item.id = `label ${labels.map(({ id }) => id).join(' ')}`;
  item.description = t('{0} · label', timeText.short(time));
  item.iconPath = new vscode.ThemeIcon('tag');
  item.contextValue = 'label';
  item.tooltip = [
    t('Label: {0}', shown),
    timeText.full(time),
    t('The state of every file at that time is kept, whatever its age.'),
  ].join('\n');
  item.accessibilityInformation = { label: `${t('Label: {0}', shown)}, ${timeText.full(time)}` };
  return item;
}
