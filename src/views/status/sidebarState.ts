import { contextKeys } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ContextKey } from '../shared/contextKey';
import type { FolderStatuses } from './folderStatuses';
import { sidebarStateOf, type SidebarStateName } from './sidebarStates';

/** Tells the welcome texts and menus what state the window is in. */
export class SidebarState implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly state = new ContextKey<SidebarStateName>(contextKeys.state);
  private readonly canRestoreRules = new ContextKey<boolean>(contextKeys.canRestoreRules);
  private readonly isPaused = new ContextKey<boolean>(contextKeys.isPaused);

  constructor(statuses: FolderStatuses) {
    this.state.set('starting');
    this.disposables.add(
      statuses.onDidChange((now) => {
        this.state.set(sidebarStateOf(now));
        this.canRestoreRules.set(now.some((status) => status.canRestoreRules === true));
        this.isPaused.set(now.some(({ state }) => state === 'paused'));
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
