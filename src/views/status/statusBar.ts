import * as vscode from 'vscode';
import type { FolderStatus } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { FolderStatuses } from './folderStatuses';
import { statusBarContent, type NamedStatus } from './statusText';
import type { TimeText } from '../text/timeText';

/** Shows in the status bar whether Obby records; a click opens the status menu. */
export class StatusBar implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly item: vscode.StatusBarItem;

  constructor(
    private readonly statuses: FolderStatuses,
    private readonly time: TimeText,
  ) {
    this.item = vscode.window.createStatusBarItem('obby.status', vscode.StatusBarAlignment.Right, 10);
    this.disposables.add(this.item);
    this.item.name = 'Obby';
    this.item.command = commands.showMenu;
    this.disposables.add(statuses.onDidChange(() => this.show()));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private show(): void {
    const content = statusBarContent(namedStatuses(this.statuses), this.time);
    if (!content) {
      this.item.hide();
      return;
    }
    this.item.text = content.text;
    this.item.tooltip = content.tooltip;
    this.item.accessibilityInformation = { label: content.spoken };
    this.item.backgroundColor = content.isError ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.show();
  }
}

export function namedStatuses(statuses: FolderStatuses): NamedStatus[] {
  return (statuses.value ?? []).map(namedStatus);
}

export function namedStatus(status: FolderStatus): NamedStatus {
  return { ...status, name: vscode.workspace.getWorkspaceFolder(status.folder)?.name ?? status.folder.path };
}
