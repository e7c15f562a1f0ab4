import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { commands } from '../../ids';
import { oneLine } from '../text/displayText';
import type { FileNode, VersionNode } from './rows';
import { versionIcon, type VersionText } from '../text/versionText';

/** What the menus of a version's row depend on: `viewItem =~ /\bcontent\b/` and so on. */
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

/** An icon from the theme; coloured where the row needs one. */
export function versionThemeIcon(version: Version): vscode.ThemeIcon {
  const { icon, color } = versionIcon(version);
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** Everything there is to know of a version. Names come from the disk and may be hostile: they are text, never markdown. */
function versionTooltip(version: Version, text: VersionText): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown('**').appendText(oneLine(version.path)).appendMarkdown('**\n\n');
  for (const line of [text.time.full(version.time), ...text.details(version)])
    tooltip.appendText(line).appendMarkdown('  \n');
  return tooltip;
}

/** Where labels are rows of their own, a version does not repeat them; its tooltip and its spoken text do. */
export function withoutLabel({ label: _label, ...version }: Version): Version {
  return version;
}

/** What the rows of a version share in both trees; a click compares it with the one before. */
export function versionItem(row: VersionNode | FileNode, label: string, text: VersionText): vscode.TreeItem {
  const { version } = row;
  const item = new vscode.TreeItem(label);
  item.id = version.id;
  item.contextValue = versionContext(version);
  item.tooltip = versionTooltip(version, text);
  item.command = { command: commands.compareWithPrevious, title: l10n.t('Compare'), arguments: [row] };
  return item;
}
