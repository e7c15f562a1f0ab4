import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TimesDifference, Version } from '../../api/api';
import type { Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { commands } from '../../ids';
import { versionUri } from '../../views/diff/versionDocuments';
import { oneLine } from '../../views/text/displayText';
import { inProgressIfSlow, type CommandContext } from '../commandContext';
import { openChanges, type MultiDiffChange } from './multiDiff';
import { askTime } from './askTime';

/** Files that the multi-diff editor opens at once. */
const maxOpened = 200;

/** The command that compares a folder with what it was. */
export function registerCompareFolder(context: CommandContext): Disposable {
  return context.runner.register(commands.compareFolder, (arg) => compareFolder(context, arg));
}

async function compareFolder(context: CommandContext, arg: unknown): Promise<void> {
  const { api, clock, text, runner } = context;
  const folder = arg instanceof vscode.Uri ? arg : await pickFolder();
  if (!folder) return;
  const path = nameOf(folder);
  const time = await askTime(context, l10n.t('Compare {0} with a Time', path));
  if (time === undefined) return;
  const differences = await inProgressIfSlow(clock, l10n.t('Obby: comparing'), () =>
    api.history.compareTimes(folder, time),
  );
  const changes = differences.filter(isShown).map(changeOf);
  if (differences.length === 0) {
    runner.offer(l10n.t('{0} is as it was: {1}.', path, text.time.short(time)), []);
    return;
  }
  if (changes.length === 0)
    throw new ObbyError('notStored', l10n.t('None of these files has a text that could be shown.'));
  await openChanges(l10n.t('{0} ({1} ↔ Current)', path, text.time.short(time)), changes.slice(0, maxOpened));
  if (changes.length < differences.length || changes.length > maxOpened) {
    const shown = [Math.min(changes.length, maxOpened), differences.length].map((count) => text.time.count(count));
    runner.offer(l10n.t('{0} of {1} changes are shown: at most {2} at once, and only texts.', ...shown, maxOpened), []);
  }
}

/** The name of a workspace folder, or the path in it. */
function nameOf(folder: vscode.Uri): string {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(folder);
  const isRoot = workspaceFolder?.uri.toString() === folder.toString();
  return oneLine(isRoot ? workspaceFolder.name : vscode.workspace.asRelativePath(folder));
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) throw new ObbyError('noFolder', l10n.t('Open a folder on disk first.'));
  return folders.length === 1 ? folders[0]?.uri : (await vscode.window.showWorkspaceFolderPick())?.uri;
}

function isShown({ before, after }: TimesDifference): boolean {
  const isText = (version: Version | undefined): boolean =>
    version === undefined || (!version.binary && version.unstored === undefined);
  return isText(before) && isText(after);
}

function changeOf({ before, after }: TimesDifference): MultiDiffChange {
  const file = after?.uri ?? before?.uri ?? vscode.Uri.file('');
  return [file, before && versionUri(before), after?.uri];
}
