import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { FolderStatus, ChangeSet, ObbyApi } from '../../api/api';
import { internalCommands, views } from '../../ids';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { assertNever, messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import { banner } from '../status/statusText';
import { oneLine } from '../text/displayText';
import type { FolderStatuses } from '../status/folderStatuses';
import {
  emptyPage,
  maxFiles,
  maxChangeSets,
  changeSetChildren,
  PageLimit,
  recentRows,
  type Page,
  type ChangeSetNode,
  type RecentNode,
} from './historyRows';
import { labelItem, moreFilesItem, moreItem, fileItem, changeSetItem } from './treeItems';
import type { Labels } from './labels';
import { ThrottledDelayer } from '../../base/throttledDelayer';
import type { VersionText } from '../text/versionText';

export interface RecentChangesOptions {
  readonly api: Pick<ObbyApi, 'history' | 'subscribe'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
  readonly text: VersionText;
  readonly statuses: FolderStatuses;
  readonly labels: Labels;
}

/** Limits refreshes during a burst of changes. */
const refreshMs = 200;

/** The tree *Recent Changes*: the change sets of all folders, newest first. */
export class RecentChangesView implements vscode.TreeDataProvider<RecentNode>, Disposable {
  private readonly disposables = new DisposableStore();
  private readonly rowsChanged = this.disposables.add(new vscode.EventEmitter<RecentNode | undefined>());
  private readonly limit = new PageLimit(maxChangeSets);
  /** By change set, where more files were loaded. */
  private readonly fileLimits = new Map<string, PageLimit>();
  private readonly refresher: ThrottledDelayer;
  private readonly tree: vscode.TreeView<RecentNode>;
  private page: Page<ChangeSet> = emptyPage;
  private failure: string | undefined;

  readonly onDidChangeTreeData = this.rowsChanged.event;

  constructor(private readonly options: RecentChangesOptions) {
    const { api, clock, labels, statuses } = options;
    this.refresher = this.disposables.add(
      new ThrottledDelayer(
        () => this.load(),
        (error) => this.fail(error),
        clock,
        refreshMs,
      ),
    );
    const refresh = (): void => this.refresher.request();
    this.tree = vscode.window.createTreeView(views.recentChanges, { treeDataProvider: this, canSelectMany: true });
    this.disposables.add(this.tree);
    this.disposables.add(this.tree.onDidChangeVisibility(refresh));
    this.disposables.add(statuses.onDidChange(() => (this.page === emptyPage ? refresh() : this.describe())));
    this.disposables.add(labels.onDidChange(() => this.rowsChanged.fire(undefined)));
    this.disposables.add(api.subscribe(['version'], refresh));
    this.disposables.add(
      api.subscribe(['maintenance'], (event) => {
        if (event.what !== 'check') refresh();
      }),
    );
    const register = (id: string, run: (row: unknown) => void): void => {
      this.disposables.add(vscode.commands.registerCommand(id, run));
    };
    register(internalCommands.loadMoreChanges, () => this.loadMore());
    register(internalCommands.loadMoreFiles, (row) => this.loadMoreFiles(row as ChangeSetNode));
    refresh();
  }

  async getChildren(row?: RecentNode): Promise<RecentNode[]> {
    if (!row) return recentRows(this.page, this.options.labels.value);
    return row.type === 'changeSet' ? this.filesOf(row) : [];
  }

  getTreeItem(row: RecentNode): vscode.TreeItem {
    const { text } = this.options;
    switch (row.type) {
      case 'changeSet':
        return changeSetItem(row, text);
      case 'version':
        return fileItem(row, text);
      case 'label':
        return labelItem(row, text.time);
      case 'moreFiles':
        return moreFilesItem(row, internalCommands.loadMoreFiles, text.time);
      case 'more':
        return moreItem(row, internalCommands.loadMoreChanges, text.time);
      default:
        return assertNever(row);
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async filesOf(row: ChangeSetNode): Promise<RecentNode[]> {
    const limit = this.fileLimits.get(row.changeSet.id) ?? new PageLimit(maxFiles);
    try {
      const found = await this.options.api.history.changes(row.changeSet.newest.id, { limit: limit.asked });
      return changeSetChildren(row, limit.page(found));
    } catch (error) {
      this.fail(error);
      return [];
    }
  }

  private loadMore(): void {
    this.limit.grow();
    this.refresher.request();
  }

  private loadMoreFiles(row: ChangeSetNode): void {
    const limit = this.fileLimits.get(row.changeSet.id) ?? new PageLimit(maxFiles);
    limit.grow();
    this.fileLimits.set(row.changeSet.id, limit);
    this.rowsChanged.fire(row);
  }

  private async load(): Promise<void> {
    if (!this.tree.visible) return;
    const { api, statuses } = this.options;
    const found = isAnyReadable(statuses.value) ? await api.history.changeSets({ limit: this.limit.asked }) : [];
    this.page = found.length === 0 ? emptyPage : this.limit.page(found);
    for (const id of this.fileLimits.keys()) {
      if (!this.page.items.some((changeSet) => changeSet.id === id)) this.fileLimits.delete(id);
    }
    this.failure = undefined;
    this.rowsChanged.fire(undefined);
    this.describe();
  }

  private fail(error: unknown): void {
    this.options.log.error(error instanceof Error ? error : messageOf(error));
    this.failure = l10n.t('The changes could not be read. {0}', oneLine(messageOf(error)));
    this.describe();
  }

  private describe(): void {
    const isListed = this.page.items.length > 0;
    const warning = isListed ? banner(this.options.statuses.value) : undefined;
    this.tree.message = this.failure ?? warning ?? '';
  }
}

/** False when there is no folder, or no history could be opened. */
function isAnyReadable(statuses: readonly FolderStatus[] | undefined): boolean {
  return statuses === undefined || statuses.some(({ state, versions }) => state !== 'failed' || versions > 0);
}
