import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { detached } from '../../base/log';
import type { FolderCheck } from '../../api/api';
import { historiesDirOf } from '../../host/settings/storageSettings';
import { commands, settings } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import { checkReport, checkSummary } from '../../views/text/maintenanceText';
import { oneLine, fileName, folderName, forIconLabel } from '../../views/text/displayText';
import { inProgress, type CommandContext } from '../commandContext';
import { asVersionNode } from '../../views/history/historyRows';
import { chooseFolder } from '../watching/ruleFiles';
import { fileCount, versionCount } from '../../views/text/timeText';
import { showHistories } from './allHistories';

/** The Storage page, checks, export and import. */
export function registerStorage(context: CommandContext): Disposable {
  const { runner, storageLocation } = context;
  const disposables = new DisposableStore();
  disposables.add(runner.register(commands.showStorage, () => context.storagePanel.show()));
  disposables.add(runner.register(commands.showHistories, () => showHistories(context)));
  disposables.add(runner.register(commands.checkHistory, (arg) => checkHistory(context, arg)));
  disposables.add(runner.register(commands.exportHistory, (arg) => exportHistory(context, arg)));
  disposables.add(runner.register(commands.importHistory, (arg) => importHistory(context, arg)));
  disposables.add(storageLocation.onDidChange((location) => reportLocation(context, location)));
  if (locationProblem(storageLocation.value) !== undefined) reportLocation(context, storageLocation.value);
  return disposables;
}

async function checkHistory(context: CommandContext, arg: unknown): Promise<void> {
  const folder = arg instanceof vscode.Uri ? vscode.workspace.getWorkspaceFolder(arg)?.uri : undefined;
  const checks = await check(context, folder);
  const { time } = context.text;
  const summary = checkSummary(checks, time);
  const isSound = checks.every(({ damagedCount, repairs }) => damagedCount === 0 && repairs.length === 0);
  if (isSound) {
    context.runner.offer(summary, []);
    return;
  }
  const named = checks.map((each) => ({ ...each, name: folderLabel(each.folder) }));
  await context.reports.show(l10n.t('History Check'), checkReport(named, time));
  detached(vscode.window.showWarningMessage(summary), context.log, summary);
}

async function check({ api, text }: CommandContext, folder: vscode.Uri | undefined): Promise<FolderCheck[]> {
  const options = { location: vscode.ProgressLocation.Notification, title: l10n.t('Obby: checking the history') };
  return vscode.window.withProgress(options, async (progress) => {
    let shown = 0;
    const subscription = api.subscribe(['maintenance'], (event) => {
      if (!event.progress || event.progress.total === 0) return;
      const { done, total } = event.progress;
      const percent = Math.floor((100 * done) / total);
      const message = l10n.t('{0} of {1}', text.time.count(done), text.time.count(total));
      progress.report({ increment: Math.max(0, percent - shown), message });
      shown = Math.max(shown, percent);
    });
    try {
      return await api.act.verify(folder);
    } finally {
      subscription.dispose();
    }
  });
}

function folderLabel(folder: vscode.Uri): string {
  return oneLine(vscode.workspace.getWorkspaceFolder(folder)?.name ?? folder.path);
}

/** Explains the effect of a changed location, or its problem. */
function reportLocation({ runner }: CommandContext, location: string): void {
  const problem = locationProblem(location);
  const reload = { title: l10n.t('Reload Window'), run: () => run('workbench.action.reloadWindow') };
  const name = `${settings.section}.${settings.storageLocation}`;
  const openSettings = { title: l10n.t('Open Settings'), run: () => run('workbench.action.openSettings', name) };
  if (problem !== undefined) runner.offer(problem, [openSettings, reload]);
  else {
    const words = l10n.t(
      'Histories are kept in the new location after the window is reloaded. Existing histories stay in the old one; copy them to keep using them.',
    );
    runner.offer(words, [reload]);
  }
}

function locationProblem(location: string): string | undefined {
  try {
    historiesDirOf(location, '');
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function run(command: string, ...args: unknown[]): Promise<void> {
  await vscode.commands.executeCommand(command, ...args);
}

const ending = 'obby';

async function exportHistory(context: CommandContext, arg: unknown): Promise<void> {
  const what = await chooseWhat(context, arg);
  if (!what) return;
  const name = fileName(what.path) || 'history';
  const target = await vscode.window.showSaveDialog({
    title: l10n.t('Export the history of {0}', oneLine(name)),
    saveLabel: l10n.t('Export'),
    defaultUri: vscode.Uri.joinPath(what, '..', `${name}.${ending}`),
    filters: { [l10n.t('Obby history')]: [ending] },
  });
  if (!target) return;
  const { versions, files, bytes } = await inProgress(l10n.t('Obby: exporting'), () =>
    context.api.act.exportHistory(what, target),
  );
  const { time } = context.text;
  const counts = [versionCount(versions, time), fileCount(files, time)] as const;
  const written = [oneLine(fileName(target.path)), time.size(bytes)] as const;
  context.runner.offer(l10n.t('Exported {0} of {1} to {2} ({3}).', ...counts, ...written), []);
}

async function importHistory(context: CommandContext, arg: unknown): Promise<void> {
  const folder = await chooseFolder(arg);
  if (!folder) return;
  const [source] =
    (await vscode.window.showOpenDialog({
      title: l10n.t('Import into the history of {0}', oneLine(folder.name)),
      openLabel: l10n.t('Import'),
      filters: { [l10n.t('Obby history')]: [ending] },
    })) ?? [];
  if (!source) return;
  const transfer = await inProgress(l10n.t('Obby: importing'), () => context.api.act.importHistory(source, folder.uri));
  const { time } = context.text;
  const counts = [versionCount(transfer.versions, time), fileCount(transfer.files, time)] as const;
  context.runner.offer(l10n.t('Imported {0} of {1}; already present: {2}.', ...counts, time.count(transfer.known)), []);
}

/** A workspace folder, or a file or folder in one. */
async function chooseWhat({ activeFile }: CommandContext, arg: unknown): Promise<vscode.Uri | undefined> {
  if (arg instanceof vscode.Uri) return arg;
  const file = asVersionNode(arg)?.file ?? activeFile.uri;
  const workspaceFolder = file && vscode.workspace.getWorkspaceFolder(file);
  const item = (icon: string, label: string, uri: vscode.Uri) => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    uri,
  });
  const name = (uri: vscode.Uri): string => forIconLabel(oneLine(vscode.workspace.asRelativePath(uri)));
  const parent = file?.with({ path: folderName(file.path) });
  const isBelow = parent && workspaceFolder && parent.path.length > workspaceFolder.uri.path.length;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const items = [
    ...(file && workspaceFolder ? [item('file', l10n.t('The File {0}', name(file)), file)] : []),
    ...(isBelow ? [item('folder', l10n.t('The Folder {0}', name(parent)), parent)] : []),
    ...folders.map((folder) => item('root-folder', l10n.t('Everything in {0}', forIconLabel(folder.name)), folder.uri)),
  ];
  return (await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Select what to export') }))?.uri;
}
