import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { reportScheme } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';

/** Shows reports of commands as read-only documents, one for each title. */
export class Reports implements vscode.TextDocumentContentProvider, Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<vscode.Uri>());
  /** By URI. */
  private readonly texts = new Map<string, string>();

  readonly onDidChange = this.changed.event;

  constructor() {
    this.disposables.add(vscode.workspace.registerTextDocumentContentProvider(reportScheme, this));
    this.disposables.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())));
  }

  /** The title becomes the name of the tab. */
  async show(title: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: reportScheme, path: `/${title.replaceAll('/', '-')}.txt` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: false });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const text = this.texts.get(uri.toString());
    if (text !== undefined) return text;
    // After a window reload the tab is open, but the text is gone.
    return l10n.t('This report is no longer available. Run the command again.');
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
