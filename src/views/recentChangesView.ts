import * as vscode from 'vscode';
import type { FolderStatus, ObbyApi } from '../api';
import { internalCommands, views } from '../ids';
import type { Clock } from '../model/clock';
import { DisposableStore, type Disposable } from '../model/disposable';
import { assertNever, messageOf } from '../model/errors';
import type { Log } from '../model/log';
import { banner } from './banner';
import { fileName, folderName, oneLine } from './displayText';
import type { FolderStatuses } from './folderStatuses';
import { emptyPage, PageLimit, recentRows } from './historyRows';
import { moreItem } from './listItems';
import { Refresher } from './refresher';
import type { FileRow, MomentRow, RecentRow } from './rows';
import { versionItem } from './versionItem';
import { causeIcons, type VersionText } from './versionText';
import { iconUri } from './versionUri';

export interface RecentChangesOptions {
  readonly api: Pick<ObbyApi, 'history' | 'subscribe'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
  readonly text: VersionText;
  readonly statuses: FolderStatuses;
}

/** The tree *Recent Changes*: what happened in the window's folders, newest first, one row an event. */
export class RecentChangesView implements vscode.TreeDataProvider<RecentRow>, Disposable {
  private readonly disposables = new DisposableStore();
  private readonly rowsChanged = this.disposables.add(new vscode.EventEmitter<undefined>());
  private readonly limit = new PageLimit();
  private readonly refresher: Refresher;
  private readonly tree: vscode.TreeView<RecentRow>;
  private page = emptyPage;
  private failure: string | undefined;

  readonly onDidChangeTreeData = this.rowsChanged.event;

  constructor(private readonly options: RecentChangesOptions) {
    const { api, clock, statuses } = options;
    this.refresher = this.disposables.add(
      new Refresher(
        () => this.load(),
        (error) => this.fail(error),
        clock,
      ),
    );
    const refresh = (): void => this.refresher.request();
    this.tree = vscode.window.createTreeView(views.recentChanges, { treeDataProvider: this, canSelectMany: true });
    this.disposables.add(this.tree);
    this.disposables.add(this.tree.onDidChangeVisibility(refresh));
    this.disposables.add(statuses.onDidChange(() => (this.page === emptyPage ? refresh() : this.describe())));
    this.disposables.add(api.subscribe(['version'], refresh));
    this.disposables.add(vscode.commands.registerCommand(internalCommands.loadMoreChanges, () => this.loadMore()));
    refresh();
  }

  getChildren(row?: RecentRow): RecentRow[] {
    if (row) return row.type === 'moment' ? [...row.children] : [];
    return recentRows(this.page);
  }

  getTreeItem(row: RecentRow): vscode.TreeItem {
    switch (row.type) {
      case 'moment':
        return this.momentItem(row);
      case 'version':
        return this.fileItem(row);
      case 'more':
        return moreItem(row, internalCommands.loadMoreChanges, this.options.text.time);
      default:
        return assertNever(row);
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private momentItem({ moment, children, isPartial }: MomentRow): vscode.TreeItem {
    const { text } = this.options;
    const count = text.time.count(children.length);
    const label = isPartial ? vscode.l10n.t('{0}+ files', count) : vscode.l10n.t('{0} files', count);
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    const first = children[0]?.version;
    item.id = `moment ${moment}`;
    item.contextValue = 'moment';
    if (!first) return item;
    item.description = text.moment(children.map(({ version }) => version));
    item.iconPath = new vscode.ThemeIcon(causeIcons[first.cause]);
    item.tooltip = `${text.time.full(first.time)}\n${text.causeSentence(first)}`;
    item.accessibilityInformation = { label: `${label}, ${text.time.full(first.time)}, ${text.causeSentence(first)}` };
    return item;
  }

  private fileItem(row: FileRow): vscode.TreeItem {
    const { text } = this.options;
    const { version } = row;
    const item = versionItem(row, oneLine(fileName(version.path)), text);
    const what = [text.what(version), text.counts(version)];
    // Begins with the workspace folder's name where there are several.
    const folder = oneLine(folderName(vscode.workspace.asRelativePath(version.uri)));
    const parts = row.inMoment
      ? [...what, folder]
      : [text.time.short(version.time), ...what, text.cause(version), folder];
    item.description = parts.filter(Boolean).join(' · ');
    item.iconPath = vscode.ThemeIcon.File;
    item.resourceUri = iconUri(version);
    item.accessibilityInformation = { label: `${oneLine(version.path)}, ${text.spoken(version)}` };
    return item;
  }

  private loadMore(): void {
    this.limit.grow();
    this.refresher.request();
  }

  private async load(): Promise<void> {
    if (!this.tree.visible) return;
    const { api, statuses } = this.options;
    const found = isAnyReadable(statuses.value) ? await api.history.recent({ limit: this.limit.asked }) : [];
    this.page = found.length === 0 ? emptyPage : this.limit.page(found);
    this.failure = undefined;
    this.rowsChanged.fire(undefined);
    this.describe();
  }

  private fail(error: unknown): void {
    this.options.log.error(error instanceof Error ? error : messageOf(error));
    this.failure = vscode.l10n.t('The changes could not be read. {0}', oneLine(messageOf(error)));
    this.describe();
  }

  private describe(): void {
    const isListed = this.page.versions.length > 0;
    const warning = isListed ? banner(this.options.statuses.value, vscode.l10n.t) : undefined;
    this.tree.message = this.failure ?? warning ?? '';
  }
}

/** Not so without folders, and when no history could be opened: then the view says why it is empty. */
function isAnyReadable(statuses: readonly FolderStatus[] | undefined): boolean {
  return statuses === undefined || statuses.some(({ state, versions }) => state !== 'failed' || versions > 0);
}
