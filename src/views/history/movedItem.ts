import * as vscode from 'vscode';
import { commands } from '../../ids';
import { oneLine } from '../text/displayText';
import type { MovedNode } from './rows';

/** The row that leads to the rest of a file's history, in another workspace folder. */
export function movedItem({ version, way, other }: MovedNode): vscode.TreeItem {
  const { t } = vscode.l10n;
  const uri = vscode.Uri.parse(other);
  const place = oneLine(vscode.workspace.asRelativePath(uri));
  const item = new vscode.TreeItem(way === 'from' ? t('From {0}', place) : t('Now {0}', place));
  item.id = `moved ${way} ${version}`;
  item.iconPath = new vscode.ThemeIcon(way === 'from' ? 'arrow-left' : 'arrow-right');
  item.tooltip =
    way === 'from'
      ? t('Moved here from {0}. Click to show its history there.', place)
      : t('Moved to {0}. Click to show its history there.', place);
  item.command = { command: commands.showFileHistory, title: t('Show File History'), arguments: [uri] };
  return item;
}
