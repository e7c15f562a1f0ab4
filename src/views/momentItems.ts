import * as vscode from 'vscode';
import { causeIcons, isGuess } from './causeText';
import { fileName, folderName, oneLine } from './displayText';
import type { FileRow, MomentRow } from './rows';
import { versionItem, versionThemeIcon, withoutLabel } from './versionItem';
import { guessColor, type VersionText } from './versionText';
import { iconUri } from './versionUri';

/** The row of an event of several files. */
export function momentItem({ moment }: MomentRow, text: VersionText): vscode.TreeItem {
  const label = text.momentTitle(moment);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const { newest } = moment;
  item.id = `moment ${moment.folder.toString()} ${moment.id}`;
  item.contextValue = 'moment';
  item.description = text.moment(moment);
  item.iconPath = new vscode.ThemeIcon(
    causeIcons[newest.cause],
    isGuess(newest) ? new vscode.ThemeColor(guessColor) : undefined,
  );
  item.tooltip = [label, text.time.full(newest.time), text.causeSentence(newest)].join('\n');
  item.accessibilityInformation = { label: item.tooltip.replaceAll('\n', ', ') };
  return item;
}

/** The row of a version in a list of many files. */
export function fileItem(row: FileRow, text: VersionText): vscode.TreeItem {
  const { version } = row;
  const item = versionItem(row, oneLine(fileName(version.path)), text);
  const what = [text.kept(withoutLabel(version)), text.what(version), text.counts(version)];
  // Begins with the workspace folder's name where there are several.
  const folder = oneLine(folderName(vscode.workspace.asRelativePath(version.uri)));
  const parts = row.inMoment
    ? [...what, folder]
    : [text.time.short(version.time), ...what, text.cause(version), folder];
  item.description = parts.filter(Boolean).join(' · ');
  item.iconPath = version.pinned ? versionThemeIcon(version) : vscode.ThemeIcon.File;
  item.resourceUri = iconUri(version);
  item.accessibilityInformation = { label: `${oneLine(version.path)}, ${text.spoken(version)}` };
  return item;
}
