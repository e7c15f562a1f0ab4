import { contextKeys } from '../ids';
import { DisposableStore, type Disposable } from '../model/disposable';
import { ContextKey } from './contextKey';
import type { FolderStatuses } from './folderStatuses';
import { sidebarStateOf, type SidebarStateName } from './sidebarStates';

/** Tells the welcome texts and menus what state the window is in. */
export class SidebarState implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly state = new ContextKey<SidebarStateName>(contextKeys.state);

  constructor(statuses: FolderStatuses) {
    this.state.set('starting');
    this.disposables.add(statuses.onDidChange((now) => this.state.set(sidebarStateOf(now))));
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
