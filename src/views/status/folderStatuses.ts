import * as vscode from 'vscode';
import type { FolderStatus, ObbyApi } from '../../api/api';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf } from '../../base/errors';
import { Emitter } from '../../base/events';
import type { Log } from '../../base/log';
import { ThrottledDelayer } from '../../base/throttledDelayer';
import { contextKeys, commands } from '../../ids';
import { ContextKey } from '../shared/contextKey';
import { sidebarStateOf, type SidebarStateName, statusBarContent, type NamedStatus } from './statusText';
import type { TimeText } from '../text/timeText';

/** The status of each workspace folder, kept up to date. */
export class FolderStatuses implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<readonly FolderStatus[]>());
  private statuses: readonly FolderStatus[] | undefined;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly api: Pick<ObbyApi, 'watching' | 'subscribe'>,
    log: Log,
    clock: Pick<Clock, 'after'>,
  ) {
    const onError = (error: unknown): void =>
      log.error(`The state of the folders could not be read: ${messageOf(error)}`);
    const refresher = this.disposables.add(new ThrottledDelayer(() => this.load(), onError, clock));
    this.disposables.add(
      api.subscribe(['status'], (event) => {
        // An unknown folder was just added or removed.
        if (!this.replace(event.status)) refresher.request();
      }),
    );
    this.disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(() => refresher.request()));
    refresher.request();
  }

  /** One for each folder; undefined until loaded. */
  get value(): readonly FolderStatus[] | undefined {
    return this.statuses;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async load(): Promise<void> {
    this.set(await this.api.watching.status());
  }

  /** False for the status of a folder that is not listed. */
  private replace(status: FolderStatus): boolean {
    const isSame = ({ folder }: FolderStatus): boolean => folder.toString() === status.folder.toString();
    if (!this.statuses?.some(isSame)) return false;
    this.set(this.statuses.map((each) => (isSame(each) ? status : each)));
    return true;
  }

  private set(statuses: readonly FolderStatus[]): void {
    this.statuses = statuses;
    this.changed.fire(statuses);
  }
}

/** Sets the context keys of welcome texts and menus. */
export class SidebarState implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly state: ContextKey<SidebarStateName>;
  private readonly canRestoreRules: ContextKey<boolean>;
  private readonly canUndoRestore: ContextKey<boolean>;
  private readonly isEnabled: ContextKey<boolean>;
  private readonly isPaused: ContextKey<boolean>;

  constructor(statuses: FolderStatuses, log: Log) {
    this.isPaused = new ContextKey(contextKeys.isPaused, log);
    this.isEnabled = new ContextKey(contextKeys.isEnabled, log);
    this.canRestoreRules = new ContextKey(contextKeys.canRestoreRules, log);
    this.canUndoRestore = new ContextKey(contextKeys.canUndoRestore, log);
    this.state = new ContextKey(contextKeys.state, log);
    this.set('starting');
    this.disposables.add(
      statuses.onDidChange((now) => {
        this.set(sidebarStateOf(now));
        this.canRestoreRules.set(now.some((status) => status.canRestoreRules === true));
        this.canUndoRestore.set(now.some(({ undoable }) => undoable !== undefined));
        this.isPaused.set(now.some(({ state }) => state === 'paused'));
      }),
    );
  }

  private set(state: SidebarStateName): void {
    this.state.set(state);
    this.isEnabled.set(state !== 'noFolder' && state !== 'unsupported');
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

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
