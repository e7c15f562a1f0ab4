import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ObbyApi } from '../../api/api';
import { commands, settings, storagePanelType } from '../../ids';
import type { Clock } from '../../base/clock';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/disposable';
import { assertNever, messageOf, ObbyError } from '../../base/errors';
import { detached, type Log } from '../../base/log';
import { parseFromStoragePage, type FromStoragePage, type StorageState } from '../../webview/storageProtocol';
import type { FolderStatuses } from '../status/folderStatuses';
import { ThrottledDelayer } from '../../base/throttledDelayer';
import type { FolderFinding, StorageStates } from './storageState';
import { fillWebview, resourceRoots } from '../shared/webviewPage';

export interface StoragePanelDeps {
  readonly api: Pick<ObbyApi, 'history' | 'subscribe'>;
  readonly extensionUri: vscode.Uri;
  readonly states: StorageStates;
  readonly statuses: FolderStatuses;
  readonly clock: Clock;
  readonly log: Log;
}

/** Changes by recording are shown after a pause. */
const refreshDelayMs = 500;

/** The page *Storage*: one tab. It keeps the newest state and sends it when its webview is ready. */
export class StoragePanel implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly ofPanel = this.disposables.add(new MutableDisposable());
  private readonly refresher: ThrottledDelayer;
  private panel: vscode.WebviewPanel | undefined;
  private state: StorageState = { folders: undefined };
  private isListening = false;

  constructor(private readonly deps: StoragePanelDeps) {
    const { api, clock, log } = deps;
    const onError = (error: unknown): void => log.error(`The Storage page could not be filled: ${messageOf(error)}`);
    this.refresher = this.disposables.add(new ThrottledDelayer(() => this.load(), onError, clock, refreshDelayMs));
    const deserializeWebviewPanel = (panel: vscode.WebviewPanel): Promise<void> => {
      this.use(panel);
      return Promise.resolve();
    };
    this.disposables.add(vscode.window.registerWebviewPanelSerializer(storagePanelType, { deserializeWebviewPanel }));
    this.disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()));
    this.disposables.add(
      api.subscribe(['version', 'status', 'maintenance'], (event) => {
        if (event.topic !== 'maintenance' || !event.progress) this.refresh();
      }),
    );
  }

  /** Opens the page, or brings it to the front. */
  show(): Promise<void> {
    if (this.panel) {
      this.panel.reveal();
      this.refresh();
    } else this.use(this.open());
    return Promise.resolve();
  }

  private open(): vscode.WebviewPanel {
    const { extensionUri } = this.deps;
    const options = { enableScripts: true, localResourceRoots: resourceRoots(extensionUri) };
    const title = l10n.t('Obby Storage');
    return vscode.window.createWebviewPanel(storagePanelType, title, vscode.ViewColumn.Active, options);
  }

  dispose(): void {
    this.panel?.dispose();
    this.disposables.dispose();
  }

  private use(panel: vscode.WebviewPanel): void {
    const disposables = new DisposableStore();
    this.ofPanel.value = disposables;
    this.panel = panel;
    this.isListening = false;
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(this.deps.extensionUri, 'media', `storage-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    disposables.add(panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    disposables.add(panel.onDidChangeViewState(() => this.viewed()));
    disposables.add(
      panel.onDidDispose(() => {
        this.panel = undefined;
        this.ofPanel.value = undefined;
      }),
    );
    fillWebview(panel.webview, this.deps.extensionUri, { script: 'storageMain.js', style: 'storage.css' });
    this.refresh();
  }

  /** A hidden webview is destroyed; shown again, it asks for its state. */
  private viewed(): void {
    if (this.panel?.visible) this.refresh();
    else this.isListening = false;
  }

  private refresh(): void {
    if (this.panel?.visible) this.refresher.request();
  }

  private async load(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const findings = await Promise.all(folders.map((folder) => this.find(folder)));
    this.state = { folders: findings.map((finding) => this.deps.states.folder(finding)) };
    this.post();
  }

  private async find({ name, uri }: vscode.WorkspaceFolder): Promise<FolderFinding> {
    const shown = { key: uri.toString(), name };
    try {
      const [facts] = await this.deps.api.history.storage(uri);
      if (facts) return { ...shown, facts };
      return { ...shown, problem: l10n.t('There is no history of this folder.') };
    } catch (error) {
      return { ...shown, problem: this.problem(shown.key, error) };
    }
  }

  /** Why there are no facts. The folder's own problem explains more than that its history is not open. */
  private problem(key: string, error: unknown): string {
    const status = this.deps.statuses.value?.find(({ folder }) => folder.toString() === key);
    if (status?.problem !== undefined) return status.problem;
    if (error instanceof ObbyError) return error.message;
    this.deps.log.error(error instanceof Error ? error : String(error));
    return l10n.t('An unexpected error occurred. See the log.');
  }

  private receive(message: unknown): void {
    const parsed = parseFromStoragePage(message);
    if (parsed) detached(this.handle(parsed), this.deps.log, 'A button of the Storage page failed');
    else this.deps.log.warn('The Storage page sent something that is not understood.');
  }

  private async handle(message: FromStoragePage): Promise<void> {
    if (message.type === 'ready') {
      this.isListening = true;
      this.post();
      return;
    }
    const folder = message.folder === undefined ? undefined : vscode.Uri.parse(message.folder, true);
    const run = (command: string, arg: unknown): Thenable<unknown> => vscode.commands.executeCommand(command, arg);
    switch (message.action) {
      case 'check':
        await run(commands.checkHistory, folder);
        return;
      case 'forget':
        await run(commands.forget, folder);
        return;
      case 'export':
        await run(commands.exportHistory, folder);
        return;
      case 'import':
        await run(commands.importHistory, folder);
        return;
      case 'settings':
        await run('workbench.action.openSettings', `${settings.section}.storage ${settings.section}.retention`);
        return;
      case 'showLog':
        await run(commands.showLog, undefined);
        return;
      case 'reload':
        this.refresh();
        return;
      default:
        assertNever(message.action);
    }
  }

  private post(): void {
    if (!this.isListening || !this.panel) return;
    const posted = this.panel.webview.postMessage({ type: 'state', state: this.state });
    detached(posted, this.deps.log, 'The Storage page was not updated');
  }
}
