import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { oneLine } from '../text/displayText';
import type { LabelNode } from './rows';
import type { TimeText } from '../text/timeText';

/** The row of a label in both trees. */
export function labelItem({ name, time, labels }: LabelNode, timeText: TimeText): vscode.TreeItem {
  const shown = oneLine(name);
  const item = new vscode.TreeItem(shown);
  item.id = `label ${labels.map(({ id }) => id).join(' ')}`;
  item.description = l10n.t('{0} · label', timeText.short(time));
  item.iconPath = new vscode.ThemeIcon('tag');
  item.contextValue = 'label';
  item.tooltip = [
    l10n.t('Label: {0}', shown),
    timeText.full(time),
    l10n.t('The state of every file at that time is kept, whatever its age.'),
  ].join('\n');
  item.accessibilityInformation = { label: `${l10n.t('Label: {0}', shown)}, ${timeText.full(time)}` };
  return item;
}
