import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LineVersion, ObbyApi, ObbyEvent, PageQuery, Version, VersionId } from '../../api/api';
import { contextKeys, internalCommands, views } from '../../ids';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { assertNever, messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { ActiveFile } from './activeFile';
import { shownName, type FocusedLines, type LineFocus } from './lineFocus';
import { banner, watchedFiles, type FileStateName } from '../status/statusText';
import { isRuleFile } from '../../rules/rules';
import { ContextKey } from '../shared/contextKey';
import { oneLine } from '../text/displayText';
import type { FolderStatuses } from '../status/folderStatuses';
import {
  emptyPage,
  historyRows,
  maxListed,
  PageLimit,
  type Page,
  type HistoryNode,
  type VersionNode,
} from './historyRows';
import {
  dayItem,
  earlierItem,
  foldedItem,
  labelItem,
  moreItem,
  movedItem,
  versionItem,
  versionThemeIcon,
  withoutLabel,
} from './treeItems';
import type { Labels } from './labels';
import { ThrottledDelayer } from '../../base/throttledDelayer';
import type { ResourceSetting } from '../../host/settings/settings';
import type { VersionText } from '../text/versionText';

export interface FileHistoryOptions {
  readonly api: Pick<ObbyApi, 'history' | 'watching' | 'subscribe'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
  readonly text: VersionText;
  readonly activeFile: ActiveFile;
  readonly lineFocus: LineFocus;
  readonly statuses: FolderStatuses;
  readonly labels: Labels;
  readonly showLineEndings: ResourceSetting<boolean>;
}

/** Why a file has no versions. */
interface FileState {
  readonly state: FileStateName;
  readonly why?: string;
}

/** What the view lists. */
interface Found {
  readonly found: readonly Version[];
  readonly earlier: readonly Version[];
  readonly lines: ReadonlyMap<VersionId, LineVersion>;
}

/** The tree *File History*: every version of the active file, by day. */
export class FileHistoryView implements vscode.TreeDataProvider<HistoryNode>, Disposable {
  private readonly disposables = new DisposableStore();
  private readonly rowsChanged = this.disposables.add(new vscode.EventEmitter<undefined>());
  private readonly state: ContextKey<FileStateName>;
  private readonly hasHistory: ContextKey<boolean>;
  private readonly limit = new PageLimit(maxListed);
  private readonly refresher: ThrottledDelayer;
  private readonly tree: vscode.TreeView<HistoryNode>;
  /** The file of the listed versions. */
  private file: vscode.Uri | undefined;
  private page: Page<Version> = emptyPage;
  /** Versions of other files that were at its path. */
  private earlier: Page<Version> = emptyPage;
  /** Where the listed versions changed the lines that are asked for. */
  private lines: ReadonlyMap<VersionId, LineVersion> = new Map();
  private isUnfolded = false;
  private failure: string | undefined;
  /** In place of versions; VS Code shows a message or a welcome text, never both. */
  private why: string | undefined;

  readonly onDidChangeTreeData = this.rowsChanged.event;

  constructor(private readonly options: FileHistoryOptions) {
    const { api, activeFile, clock, labels, lineFocus, log, showLineEndings, statuses } = options;
    this.state = new ContextKey(contextKeys.fileState, log);
    this.hasHistory = new ContextKey(contextKeys.fileHasHistory, log);
    this.state.set('loading');
    this.refresher = this.disposables.add(
      new ThrottledDelayer(
        () => this.load(),
        (error) => this.fail(error),
        clock,
      ),
    );
    const refresh = (): void => this.refresher.request();
    this.tree = vscode.window.createTreeView(views.fileHistory, { treeDataProvider: this, canSelectMany: true });
    this.disposables.add(this.tree);
    this.disposables.add(this.tree.onDidChangeVisibility(refresh));
    this.disposables.add(activeFile.onDidChange(() => this.fileChanged()));
    this.disposables.add(lineFocus.onDidChange(() => this.restart()));
    this.disposables.add(showLineEndings.onDidChange(() => this.show()));
    this.disposables.add(statuses.onDidChange(() => this.statusChanged()));
    this.disposables.add(labels.onDidChange(() => this.show()));
    this.disposables.add(api.subscribe(['version', 'maintenance'], (event) => this.handleEvent(event)));
    this.disposables.add(vscode.commands.registerCommand(internalCommands.loadMoreHistory, () => this.loadMore()));
    this.disposables.add(vscode.commands.registerCommand(internalCommands.showLineEndings, () => this.unfold()));
    refresh();
  }

  getChildren(row?: HistoryNode): HistoryNode[] {
    if (row) return row.type === 'day' || row.type === 'earlier' ? [...row.children] : [];
    if (!this.file) return [];
    const { text, showLineEndings, labels } = this.options;
    const folder = vscode.workspace.getWorkspaceFolder(this.file)?.uri.toString();
    const options = {
      file: this.file,
      showLineEndings: this.isUnfolded || showLineEndings.of(this.file),
      time: text.time,
      labels: labels.value.filter((label) => label.folder.toString() === folder),
    };
    return historyRows(this.page, options, this.earlier);
  }

  getTreeItem(row: HistoryNode): vscode.TreeItem {
    switch (row.type) {
      case 'day':
        return dayItem(row);
      case 'version':
        return this.versionItem(row);
      case 'moved':
        return movedItem(row);
      case 'label':
        return labelItem(row, this.options.text.time);
      case 'folded':
        return foldedItem(row);
      case 'earlier':
        return earlierItem(row, this.file, this.options.text.time);
      case 'more':
        return moreItem(row, internalCommands.loadMoreHistory, this.options.text.time);
      default:
        return assertNever(row);
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private versionItem(row: VersionNode): vscode.TreeItem {
    const { text } = this.options;
    const label = text.time.time(row.version.time, row.withSeconds ? 'second' : 'minute');
    const item = versionItem(row, label, text);
    item.description = text.summary(withoutLabel(row.version));
    item.iconPath = versionThemeIcon(row.version);
    item.accessibilityInformation = { label: text.spoken(row.version) };
    const change = this.lines.get(row.version.id);
    if (change)
      item.command = { command: internalCommands.showLineVersion, title: l10n.t('Compare'), arguments: [change] };
    return item;
  }

  private fileChanged(): void {
    this.options.lineFocus.set(undefined);
    this.restart();
  }

  /** Lists something else. */
  private restart(): void {
    this.limit.reset();
    this.isUnfolded = false;
    this.refresher.request();
  }

  private handleEvent(event: ObbyEvent): void {
    if (event.topic === 'maintenance' && event.what !== 'check') this.refresher.request();
    const { uri: file } = this.options.activeFile;
    if (event.topic !== 'version' || !file) return;
    const isFile = (uri: vscode.Uri): boolean => uri.toString() === file.toString();
    const moved = event.versions.find(
      ({ renamedFrom }) => renamedFrom !== undefined && isFile(vscode.Uri.joinPath(event.folder, renamedFrom)),
    );
    if (moved) this.options.activeFile.show(moved.uri);
    else if (event.versions.some(({ uri }) => isFile(uri))) this.refresher.request();
  }

  /** The status explains an empty list; rows of others are refreshed by their own events. */
  private statusChanged(): void {
    if (this.isListed) this.describe();
    else this.refresher.request();
  }

  private loadMore(): void {
    this.limit.grow();
    this.refresher.request();
  }

  private unfold(): void {
    this.isUnfolded = true;
    this.show();
  }

  /** A hidden view only finds out whether there is a history, for menus. */
  private async load(): Promise<void> {
    const { activeFile, lineFocus } = this.options;
    const file = activeFile.uri;
    const focus = this.tree.visible ? lineFocus.of(file) : undefined;
    const limit = this.tree.visible ? this.limit.asked : 1;
    const { found, earlier, lines } = focus ? await this.findLines(focus, limit) : await this.find(file, limit);
    const isListed = found.length + earlier.length > 0;
    const { state, why }: FileState = isListed ? { state: 'listed' } : focus ? noLines() : await this.stateOf(file);
    if (file?.toString() !== activeFile.uri?.toString()) return;
    this.file = file;
    this.page = this.tree.visible ? this.limit.page(found) : emptyPage;
    this.earlier = this.tree.visible ? this.limit.page(earlier) : emptyPage;
    this.lines = lines;
    this.failure = undefined;
    this.why = why;
    this.state.set(state);
    this.hasHistory.set(focus !== undefined || found.length > 0);
    this.show();
  }

  private async find(file: vscode.Uri | undefined, limit: number): Promise<Found> {
    const { history } = this.options.api;
    const versions = async (query: PageQuery): Promise<Version[]> =>
      file ? ignoreOutside(history.versions(file, { limit, ...query })) : [];
    const [found, earlier] = await Promise.all([versions({}), versions({ earlier: true })]);
    return { found, earlier, lines: new Map() };
  }

  private async findLines({ file, range }: FocusedLines, limit: number): Promise<Found> {
    const changes = await this.options.api.history.lineHistory(file, range, { limit });
    const lines = new Map(changes.map((change) => [change.version.id, change]));
    return { found: changes.map(({ version }) => version), earlier: [], lines };
  }

  /** Why a file has no versions. */
  private async stateOf(file: vscode.Uri | undefined): Promise<FileState> {
    const { api, activeFile, statuses, text } = this.options;
    if (!file) return { state: activeFile.document?.scheme === 'untitled' ? 'unsaved' : 'noEditor' };
    const { verdict, watched, ruleFile } = await api.watching.explain(file);
    if (watched) return { state: 'noVersions' };
    if (verdict === 'outside') return { state: 'outside' };
    const folder = vscode.workspace.getWorkspaceFolder(file)?.uri.toString();
    const status = statuses.value?.find((each) => each.folder.toString() === folder);
    if (isRuleFile(vscode.workspace.asRelativePath(file, false)) && status)
      return { state: 'ruleFile', why: watchedFiles(status.files, text.time) };
    if (ruleFile) return { state: 'excluded' };
    return { state: verdict === 'always ignored' ? 'alwaysIgnored' : 'notListed' };
  }

  private fail(error: unknown): void {
    this.options.log.error(error instanceof Error ? error : messageOf(error));
    this.failure = l10n.t('The history could not be read. {0}', oneLine(messageOf(error)));
    this.state.set('failed');
    this.describe();
  }

  private get isListed(): boolean {
    return this.page.items.length + this.earlier.items.length > 0;
  }

  private show(): void {
    this.rowsChanged.fire(undefined);
    this.describe();
  }

  private describe(): void {
    const warning = this.isListed ? banner(this.options.statuses.value) : undefined;
    this.tree.description = this.file ? shownName(this.file, this.options.lineFocus.of(this.file)) : '';
    // An empty message hides the row, where undefined is not accepted.
    this.tree.message = this.failure ?? warning ?? this.why ?? '';
  }
}

/** A file outside every folder has no history. */
async function ignoreOutside<T>(versions: Promise<T[]>): Promise<T[]> {
  try {
    return await versions;
  } catch (error) {
    if (error instanceof ObbyError && error.code === 'noFolder') return [];
    throw error;
  }
}

function noLines(): FileState {
  return { state: 'listed', why: l10n.t('No version has these lines yet.') };
}
