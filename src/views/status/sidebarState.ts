import type { Log } from '../../base/log';
import { contextKeys } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ContextKey } from '../shared/contextKey';
import type { FolderStatuses } from './folderStatuses';
import { sidebarStateOf, type SidebarStateName } from './sidebarStates';

/** Sets the context keys for the state of the window, for welcome texts and menus. */
export class SidebarState implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly state: ContextKey<SidebarStateName>;
  private readonly canRestoreRules: ContextKey<boolean>;
  private readonly isEnabled: ContextKey<boolean>;
  private readonly isPaused: ContextKey<boolean>;

  constructor(statuses: FolderStatuses, log: Log) {
    this.isPaused = new ContextKey(contextKeys.isPaused, log);
    this.isEnabled = new ContextKey(contextKeys.isEnabled, log);
    this.canRestoreRules = new ContextKey(contextKeys.canRestoreRules, log);
    this.state = new ContextKey(contextKeys.state, log);
    this.set('starting');
    this.disposables.add(
      statuses.onDidChange((now) => {
        this.set(sidebarStateOf(now));
        this.canRestoreRules.set(now.some((status) => status.canRestoreRules === true));
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
