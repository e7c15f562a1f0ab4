import { contextKeys } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ContextKey } from '../shared/contextKey';
import type { FolderStatuses } from './folderStatuses';
import { sidebarStateOf, type SidebarStateName } from './sidebarStates';

/** Sets the context keys for the state of the window, for welcome texts and menus. */
export class SidebarState implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly state = new ContextKey<SidebarStateName>(contextKeys.state);
  private readonly canRestoreRules = new ContextKey<boolean>(contextKeys.canRestoreRules);
  private readonly isEnabled = new ContextKey<boolean>(contextKeys.isEnabled);
  private readonly isPaused = new ContextKey<boolean>(contextKeys.isPaused);

  constructor(statuses: FolderStatuses) {
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
