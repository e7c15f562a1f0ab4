import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { commands, internalCommands } from '../../ids';
import { plural } from '../../base/plural';
import { oneLine, fileName, folderName } from '../text/displayText';
import type {
  DayNode,
  EarlierNode,
  FoldedNode,
  FileNode,
  VersionNode,
  ChangeSetNode,
  LabelNode,
  MovedNode,
  MoreFilesNode,
  MoreNode,
} from './historyRows';
import { versionIcon, type VersionText, guessColor } from '../text/versionText';
import { causeIcons, isGuess } from '../text/causeText';
import { iconUri } from '../diff/versionDocuments';
import { versionCount, type TimeText } from '../text/timeText';

/** Words for `when` clauses of menus: `viewItem =~ /\bcontent\b/`. */
function versionContext(version: Version): string {
  return [
    'version',
    version.kind === 'deleted' ? 'deletion' : version.unstored ? 'unstored' : 'content',
    version.previous !== undefined && 'previous',
    version.kind !== 'deleted' && !version.unstored && (version.pinned ? 'pinned' : 'unpinned'),
  ]
    .filter(Boolean)
    .join(' ');
}

/** The icon of a version, with its colour. */
export function versionThemeIcon(version: Version): vscode.ThemeIcon {
  const { icon, color } = versionIcon(version);
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** The icon of what caused a version. */
export function causeThemeIcon(version: Version): vscode.ThemeIcon {
  const color = isGuess(version) ? new vscode.ThemeColor(guessColor) : undefined;
  return new vscode.ThemeIcon(causeIcons[version.cause], color);
}

/** All facts of a version. Names come from the disk and may be hostile: they are text, never Markdown. */
export function versionTooltip(version: Version, text: VersionText): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown('**').appendText(oneLine(version.path)).appendMarkdown('**\n\n');
  for (const line of [text.time.full(version.time), ...text.details(version)])
    tooltip.appendText(line).appendMarkdown('  \n');
  return tooltip;
}

/** In lists that have rows for labels, versions do not repeat them. */
export function withoutLabel({ label: _label, ...version }: Version): Version {
  return version;
}

/** The common part of a version's row in both trees; a click compares it with the previous version. */
export function versionItem(row: VersionNode | FileNode, label: string, text: VersionText): vscode.TreeItem {
  const { version } = row;
  const item = new vscode.TreeItem(label);
  item.id = version.id;
  item.contextValue = versionContext(version);
  item.tooltip = versionTooltip(version, text);
  item.command = { command: commands.compareWithPrevious, title: l10n.t('Compare'), arguments: [row] };
  return item;
}

/** The row of a change set of several files. */
export function changeSetItem({ changeSet }: ChangeSetNode, text: VersionText): vscode.TreeItem {
  const label = text.changeSetTitle(changeSet);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const { newest } = changeSet;
  item.id = `change set ${changeSet.folder.toString()} ${changeSet.id}`;
  item.contextValue = 'changeSet';
  item.description = text.changeSet(changeSet);
  item.iconPath = causeThemeIcon(newest);
  item.tooltip = [label, text.time.full(newest.time), text.causeSentence(newest)].join('\n');
  item.accessibilityInformation = { label: item.tooltip.replaceAll('\n', ', ') };
  return item;
}

/** The row of a version in a list of several files. */
export function fileItem(row: FileNode, text: VersionText): vscode.TreeItem {
  const { version } = row;
  const item = versionItem(row, oneLine(fileName(version.path)), text);
  const changes = text.changes(withoutLabel(version));
  // Includes the workspace folder's name if there are several.
  const folder = oneLine(folderName(vscode.workspace.asRelativePath(version.uri)));
  const parts = row.inChangeSet
    ? [changes, folder]
    : [text.time.short(version.time), text.summary(withoutLabel(version)), folder];
  item.description = parts.filter(Boolean).join(' · ');
  item.iconPath = version.pinned ? versionThemeIcon(version) : vscode.ThemeIcon.File;
  item.resourceUri = iconUri(version);
  item.accessibilityInformation = { label: `${oneLine(version.path)}, ${text.spoken(version)}` };
  return item;
}

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
    l10n.t('The state of every file at that time is kept, regardless of its age.'),
  ].join('\n');
  item.accessibilityInformation = { label: `${l10n.t('Label: {0}', shown)}, ${timeText.full(time)}` };
  return item;
}

/** The row that links to the rest of a file's history in another workspace folder. */
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

/** The last row of an incomplete list. */
export function moreItem(row: MoreNode, command: string, time: TimeText): vscode.TreeItem {
  if (row.isFull) return new vscode.TreeItem(l10n.t('Only the newest {0} are listed', time.count(row.shown)));
  const item = new vscode.TreeItem(l10n.t('Load More'));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command, title: l10n.t('Load More') };
  return item;
}

/** The last row of a change set with more files. */
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

export function dayItem(row: DayNode): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `day ${row.key}`;
  return item;
}

export function foldedItem(row: FoldedNode): vscode.TreeItem {
  const label = plural(
    row.count,
    l10n.t('1 line-ending change hidden'),
    l10n.t('{0} line-ending changes hidden', row.count),
  );
  const item = new vscode.TreeItem(label);
  item.id = `folded ${row.key}`;
  item.iconPath = new vscode.ThemeIcon('fold');
  item.tooltip = l10n.t('Show the versions that differ only in their line endings');
  item.command = { command: internalCommands.showLineEndings, title: l10n.t('Show') };
  return item;
}

export function earlierItem(
  { count, hasMore }: EarlierNode,
  file: vscode.Uri | undefined,
  time: TimeText,
): vscode.TreeItem {
  const item = new vscode.TreeItem(l10n.t('Earlier files at this path'), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `earlier ${String(file)}`;
  item.iconPath = new vscode.ThemeIcon('history');
  item.description = hasMore ? l10n.t('more than {0} versions', time.count(count)) : versionCount(count, time);
  item.tooltip = l10n.t('Versions of other files that were here before they were deleted, replaced or moved.');
  return item;
}
