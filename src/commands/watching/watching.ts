import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands, views } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { gapReport, sidebarStateOf, type SidebarStateName, statusBarContent } from '../../views/status/statusText';
import { namedStatus, namedStatuses } from '../../views/status/folderStatuses';
import type { CommandContext } from '../commandContext';
import { fileTarget } from '../compare/target';
import { fileCount } from '../../views/text/timeText';
import { assertNever } from '../../base/errors';

/** Pause, scan, status menu, and opening the views. */
export function registerWatching(context: CommandContext): Disposable {
  const { api, runner, showLog } = context;
  const disposables = new DisposableStore();
  const register = (id: string, run: (arg: unknown) => Promise<void>): void => {
    disposables.add(runner.register(id, run));
  };
  register(commands.pause, (arg) => api.watching.pause(folderOf(arg)));
  register(commands.resume, (arg) => api.watching.resume(folderOf(arg)));
  register(commands.scanNow, (arg) => scanNow(context, folderOf(arg)));
  register(commands.showGaps, () => showGaps(context));
  register(commands.showMenu, () => showMenu(context));
  register(commands.showFileHistory, (arg) => showFileHistory(context, arg));
  disposables.add(vscode.commands.registerCommand(commands.showLog, showLog));
  return disposables;
}

/** The workspace folder of the argument; undefined: all folders. */
function folderOf(arg: unknown): vscode.Uri | undefined {
  return arg instanceof vscode.Uri ? vscode.workspace.getWorkspaceFolder(arg)?.uri : undefined;
}

/** Reads the status again: the last one may be slightly old. */
async function showGaps({ api, text, reports }: CommandContext): Promise<void> {
  const statuses = await api.watching.status();
  const named = statuses.filter(({ state }) => state !== 'unsupported').map(namedStatus);
  await reports.show(l10n.t('Recording Gaps'), gapReport(named, text.time));
}

async function scanNow({ api, text }: CommandContext, folder: vscode.Uri | undefined): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: l10n.t('Obby: scanning the folder'),
    cancellable: true,
  };
  await vscode.window.withProgress(options, async (progress, token) => {
    let shown = 0;
    const subscription = api.subscribe(['scan'], (event) => {
      if (event.total === 0) return;
      const percent = Math.floor((100 * event.done) / event.total);
      progress.report({
        increment: Math.max(0, percent - shown),
        message: fileCount(event.done, text.time),
      });
      shown = Math.max(shown, percent);
    });
    try {
      await api.watching.scan(folder, token);
    } finally {
      subscription.dispose();
    }
  });
}

/** Without a file, the view explains what to open. */
async function showFileHistory(context: CommandContext, arg: unknown): Promise<void> {
  const file = arg === undefined ? context.activeFile.uri : await fileTarget(context, arg);
  await vscode.commands.executeCommand(`${views.fileHistory}.focus`);
  context.activeFile.show(file);
}

type MenuContext = Pick<CommandContext, 'runner' | 'statuses' | 'text'>;
type CommandName = keyof typeof commands;

/** The commands for each state, most likely first. */
function helpfulIn(state: SidebarStateName, canRestoreRules: boolean): readonly CommandName[] {
  switch (state) {
    case 'failed':
      return ['showLog', 'scanNow', 'showFileHistory', 'restoreDeletedFile', 'showGaps'];
    case 'paused':
      return ['resume', 'showFileHistory', 'restoreDeletedFile', 'editRules', 'showGaps', 'showLog'];
    case 'noRules':
      return [
        ...(canRestoreRules ? (['restoreRules'] as const) : []),
        'createRules',
        'explainFile',
        'restoreDeletedFile',
        'showGaps',
        'showLog',
      ];
    case 'starting':
    case 'empty':
    case 'ready':
      return [
        'showFileHistory',
        'restoreDeletedFile',
        'scanNow',
        'pause',
        'editRules',
        'explainFile',
        'showGaps',
        'showLog',
      ];
    case 'noFolder':
    case 'unsupported':
      return ['showLog'];
    default:
      return assertNever(state);
  }
}

async function showMenu({ runner, statuses, text }: MenuContext): Promise<void> {
  const content = statusBarContent(namedStatuses(statuses), text.time);
  const all = statuses.value ?? [];
  const canRestoreRules = all.some((status) => status.canRestoreRules === true);
  const items = helpfulIn(sidebarStateOf(all), canRestoreRules).map((name) => {
    const { title, icon } = runner.titles.get(commands[name]) ?? { title: name, icon: 'circle' };
    return { label: title, iconPath: new vscode.ThemeIcon(icon), command: commands[name] };
  });
  const picked = await vscode.window.showQuickPick(items, { placeHolder: content?.spoken ?? 'Obby' });
  if (picked) await vscode.commands.executeCommand(picked.command);
}
