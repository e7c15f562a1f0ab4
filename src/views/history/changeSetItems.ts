import * as vscode from 'vscode';
import { causeIcons, isGuess } from '../text/causeText';
import { fileName, folderName, oneLine } from '../text/displayText';
import type { FileNode, ChangeSetNode } from './rows';
import { versionItem, versionThemeIcon, withoutLabel } from './versionItem';
import { guessColor, type VersionText } from '../text/versionText';
import { iconUri } from '../diff/versionUri';

/** The row of an event of several files. */
export function changeSetItem({ changeSet }: ChangeSetNode, text: VersionText): vscode.TreeItem {
  const label = text.changeSetTitle(changeSet);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const { newest } = changeSet;
  item.id = `moment ${changeSet.folder.toString()} ${changeSet.id}`;
  item.contextValue = 'changeSet';
  item.description = text.changeSet(changeSet);
  item.iconPath = new vscode.ThemeIcon(
    causeIcons[newest.cause],
    isGuess(newest) ? new vscode.ThemeColor(guessColor) : undefined,
  );
  item.tooltip = [label, text.time.full(newest.time), text.causeSentence(newest)].join('\n');
  item.accessibilityInformation = { label: item.tooltip.replaceAll('\n', ', ') };
  return item;
}

/** The row of a version in a list of many files. */
export function fileItem(row: FileNode, text: VersionText): vscode.TreeItem {
  const { version } = row;
  const item = versionItem(row, oneLine(fileName(version.path)), text);
  const what = [text.kept(withoutLabel(version)), text.what(version), text.counts(version)];
  // Begins with the workspace folder's name where there are several.
  const folder = oneLine(folderName(vscode.workspace.asRelativePath(version.uri)));
  const parts = row.inChangeSet
    ? [...what, folder]
    : [text.time.short(version.time), ...what, text.cause(version), folder];
  item.description = parts.filter(Boolean).join(' · ');
  item.iconPath = version.pinned ? versionThemeIcon(version) : vscode.ThemeIcon.File;
  item.resourceUri = iconUri(version);
  item.accessibilityInformation = { label: `${oneLine(version.path)}, ${text.spoken(version)}` };
  return item;
}
