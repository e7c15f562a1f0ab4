import * as vscode from 'vscode';
import { commands } from '../../ids';
import { assertNever } from '../../base/errors';
import { sidebarStateOf, type SidebarStateName } from '../../views/status/sidebarStates';
import { namedStatuses } from '../../views/status/statusBar';
import { statusBarContent } from '../../views/status/statusText';
import type { CommandContext } from '../commandContext';

type MenuContext = Pick<CommandContext, 'runner' | 'statuses' | 'text'>;
type CommandName = keyof typeof commands;

/** What helps in each state, the likeliest first. */
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

/** What a click on the status bar offers. */
export async function showMenu({ runner, statuses, text }: MenuContext): Promise<void> {
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
