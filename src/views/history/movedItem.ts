import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../../ids';
import { oneLine } from '../text/displayText';
import type { MovedNode } from './rows';

/** The row that leads to the rest of a file's history, in another workspace folder. */
export function movedItem({ version, way, other }: MovedNode): vscode.TreeItem {
  const uri = vscode.Uri.parse(other);
  const place = oneLine(vscode.workspace.asRelativePath(uri));
  const item = new vscode.TreeItem(way === 'from' ? l10n.t('From {0}', place) : l10n.t('Now {0}', place));
  item.id = `moved ${way} ${version}`;
  item.iconPath = new vscode.ThemeIcon(way === 'from' ? 'arrow-left' : 'arrow-right');
  item.tooltip =
    way === 'from'
      ? l10n.t('Moved here from {0}. Click to show its history there.', place)
      : l10n.t('Moved to {0}. Click to show its history there.', place);
  item.command = { command: commands.showFileHistory, title: l10n.t('Show File History'), arguments: [uri] };
  return item;
}
