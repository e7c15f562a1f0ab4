import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LineFate } from '../../model/search';
import { internalCommands } from '../../ids';
import { versionItem } from '../history/treeItems';
import { fileName, folderName, oneLine } from '../text/displayText';
import type { VersionText } from '../text/versionText';
import type { SearchFileNode, SearchHitNode } from './searchRows';
import { fateText } from './searchText';
import { shownLine } from './shownLine';

const icons: Readonly<Record<LineFate, vscode.ThemeIcon>> = {
  added: new vscode.ThemeIcon('diff-added', new vscode.ThemeColor('gitDecoration.addedResourceForeground')),
  removed: new vscode.ThemeIcon('diff-removed', new vscode.ThemeColor('gitDecoration.deletedResourceForeground')),
  present: new vscode.ThemeIcon('circle-small'),
};
/** Files with more hits than this begin folded, so that the next file is in view. */
const maxUnfolded = 20;

export function searchFileItem({ uri, path, hits }: SearchFileNode, text: VersionText): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(oneLine(fileName(path)), hits.length > maxUnfolded ? Collapsed : Expanded);
  item.id = `search ${uri.toString()}`;
  // Includes the workspace folder's name if there are several.
  const folder = oneLine(folderName(vscode.workspace.asRelativePath(uri)));
  item.description = [text.time.count(hits.length), folder].filter(Boolean).join(' · ');
  item.iconPath = vscode.ThemeIcon.File;
  item.resourceUri = uri;
  item.tooltip = oneLine(path);
  item.contextValue = 'searchFile';
  return item;
}

export function searchHitItem(row: SearchHitNode, text: VersionText): vscode.TreeItem {
  const { hit, version, index } = row;
  const { label, highlights } = shownLine(hit.text, hit.ranges);
  // First, since a long line would hide it.
  const time = `${text.time.short(version.time)}  `;
  const item = versionItem(row, label, text);
  const lost = hit.isLost && hit.change !== 'added' ? l10n.t('lost') : '';
  item.id = `hit ${index} ${version.id}`;
  item.label = {
    label: `${time}${label}`,
    highlights: highlights.map(([start, end]) => [start + time.length, end + time.length]),
  };
  item.description = [lost, text.cause(version)].filter(Boolean).join(' · ');
  item.iconPath = icons[hit.change];
  if (item.tooltip instanceof vscode.MarkdownString) {
    item.tooltip.appendText(fateText(hit)).appendMarkdown('  \n').appendText(oneLine(hit.text));
  }
  item.accessibilityInformation = {
    label: `${label}, ${fateText(hit)}, ${oneLine(version.path)}, ${text.spoken(version)}`,
  };
  item.command = { command: internalCommands.showSearchHit, title: l10n.t('Compare'), arguments: [row] };
  return item;
}
