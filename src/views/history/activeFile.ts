import * as vscode from 'vscode';
import type { ObbyApi } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/events';
import type { VersionId } from '../../model/version';
import type { Comparison } from '../diff/comparison';
import { fileOfDocument, versionIdOf } from '../diff/versionDocuments';

/** The file of File History: that of the active editor of any kind. */
export class ActiveFile implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new Emitter<vscode.Uri | undefined>());
  private current: vscode.Uri | undefined;
  private followed: string | undefined;
  /** Counts changes of the file, so that a late answer is dropped. */
  private turns = 0;

  /** Fires with the new file; undefined: none. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly api: Pick<ObbyApi, 'history'>) {
    const follow = (): void => this.follow();
    this.disposables.add(vscode.window.tabGroups.onDidChangeTabs(follow));
    this.disposables.add(vscode.window.tabGroups.onDidChangeTabGroups(follow));
    this.follow();
  }

  get uri(): vscode.Uri | undefined {
    return this.current;
  }

  /** The document in the active editor, which may be a version; the right one in a diff editor. */
  get document(): vscode.Uri | undefined {
    return documentsOf(vscode.window.tabGroups.activeTabGroup.activeTab?.input)[0];
  }

  /** Shows a file until another editor becomes active. */
  show(uri: vscode.Uri | undefined): void {
    this.turns++;
    if (uri?.toString() === this.current?.toString()) return;
    this.current = uri;
    this.changed.fire(uri);
  }

  /** Shows the file of the comparison in front. */
  showCompared({ right }: Comparison): void {
    if (right.kind === 'version') this.showFileOf(right.version.id, right.version.uri);
    else this.show(right.uri);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private follow(): void {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const documents = documentsOf(tab?.input);
    const key = JSON.stringify([tab?.label, tab?.group.viewColumn, documents.map(String)]);
    if (key === this.followed) return;
    this.followed = key;
    // A webview has no document: a preview keeps the file, and a comparison calls `showCompared`.
    if (tab?.input instanceof vscode.TabInputWebview) return;
    const file = documents.map(fileOfDocument).find((found) => found !== undefined);
    const version = documents.map(versionIdOf).find((found) => found !== undefined);
    if (version === undefined || documents.some(({ scheme }) => scheme === 'file')) this.show(file);
    else this.showFileOf(version, file);
  }

  /** A version has the path of its time; the history is listed under the present path. */
  private showFileOf(id: VersionId, fallback: vscode.Uri | undefined): void {
    const turn = ++this.turns;
    const show = (file: vscode.Uri | undefined): void => {
      if (turn === this.turns) this.show(file);
    };
    // Falls back to the old path if the history is not open.
    this.api.history.fileOf(id).then(show, () => show(fallback));
  }
}

/** The documents of a tab, the newer side first. */
function documentsOf(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  if (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputNotebook) return [input.uri];
  if (input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff) {
    return [input.modified, input.original];
  }
  return [];
}
