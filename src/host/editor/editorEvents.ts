import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { SavedText, PathChangeKind, ClientEvent } from '../../model/changeHint';
import type { DocumentEdits, SaveKind } from './documentEdits';

export interface EditorEventsDeps {
  readonly edits: Pick<DocumentEdits, 'causeOf'>;
  readonly onEvent: (event: ClientEvent) => void;
}

/** A longer text is not copied on save; the disk is read instead. */
const maxSavedChars = 4_000_000;

/** What VS Code reports of one workspace folder, on disk and in the editors. */
export class EditorEvents implements Disposable {
  private readonly disposables = new DisposableStore();
  /** Reasons of saves by document: VS Code gives them only before the save. */
  private readonly reasons = new WeakMap<object, vscode.TextDocumentSaveReason>();

  constructor(
    private readonly folder: vscode.WorkspaceFolder,
    private readonly deps: EditorEventsDeps,
    /** `editors`: changes on disk are found in another way. */
    readonly scope: 'all' | 'editors',
  ) {
    const { workspace } = vscode;
    if (scope === 'all') this.watchDisk();
    for (const part of [
      workspace.onWillSaveTextDocument(({ document, reason }) => this.willSave(document, reason)),
      workspace.onDidSaveTextDocument((document) => this.saved(document)),
      workspace.onDidSaveNotebookDocument(({ uri }) => this.savedUri(uri, 'manual', undefined)),
      workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri, newUri }) => this.moved(oldUri, newUri))),
    ]) {
      this.disposables.add(part);
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private watchDisk(): void {
    // With `**` alone, VS Code would not report paths that contain a line break.
    const pattern = new vscode.RelativePattern(this.folder, '**/*');
    const watcher = this.disposables.add(vscode.workspace.createFileSystemWatcher(pattern));
    const report = (kind: PathChangeKind) => (uri: vscode.Uri) => {
      const path = this.pathOf(uri);
      if (path) this.deps.onEvent({ type: 'change', path, kind });
    };
    this.disposables.add(watcher.onDidCreate(report('created')));
    this.disposables.add(watcher.onDidChange(report('changed')));
    this.disposables.add(watcher.onDidDelete(report('deleted')));
  }

  private willSave(document: vscode.TextDocument, reason: vscode.TextDocumentSaveReason): void {
    this.reasons.set(document, reason);
    const path = this.pathOf(document.uri);
    if (path) this.deps.onEvent({ type: 'will save', path });
  }

  private saved(document: vscode.TextDocument): void {
    const how = howSaved(this.reasons.get(document));
    this.reasons.delete(document);
    // If the event arrives after the next edit, the text is not what was saved.
    const text = document.isDirty ? undefined : document.getText();
    // Available since VS Code 1.100.
    const { encoding } = document as { readonly encoding?: string };
    const isKept = text !== undefined && text.length <= maxSavedChars;
    const saved = isKept ? { text, ...(encoding !== undefined && { encoding }) } : undefined;
    this.savedUri(document.uri, how, saved);
  }

  private savedUri(uri: vscode.Uri, how: SaveKind, saved: SavedText | undefined): void {
    const path = this.pathOf(uri);
    if (path) this.deps.onEvent({ type: 'save', path, ...this.deps.edits.causeOf(uri, how), ...(saved && { saved }) });
  }

  private moved(from: vscode.Uri, to: vscode.Uri): void {
    const oldPath = this.ownPathOf(from);
    const newPath = this.ownPathOf(to);
    const { onEvent } = this.deps;
    if (oldPath && newPath) onEvent({ type: 'move', from: oldPath, to: newPath });
    else if (oldPath) onEvent({ type: 'move across', path: oldPath, other: { movedTo: to.toString() } });
    else if (newPath) onEvent({ type: 'move across', path: newPath, other: { movedFrom: from.toString() } });
  }

  /** Like `pathOf`, but undefined for a path in an inner workspace folder. */
  private ownPathOf(uri: vscode.Uri): string | undefined {
    const owner = vscode.workspace.getWorkspaceFolder(uri);
    return owner?.uri.toString() === this.folder.uri.toString() ? this.pathOf(uri) : undefined;
  }

  private pathOf(uri: vscode.Uri): string | undefined {
    return pathInFolder(this.folder, uri);
  }
}

/** A URI's path relative to a workspace folder, with `/`; undefined outside of it, and for the folder itself. */
export function pathInFolder(folder: vscode.WorkspaceFolder, uri: vscode.Uri): string | undefined {
  if (uri.scheme !== folder.uri.scheme || uri.authority !== folder.uri.authority) return undefined;
  const root = folder.uri.path.endsWith('/') ? folder.uri.path : `${folder.uri.path}/`;
  return uri.path.startsWith(root) && uri.path.length > root.length ? uri.path.slice(root.length) : undefined;
}

function howSaved(reason: vscode.TextDocumentSaveReason | undefined): SaveKind {
  switch (reason) {
    case vscode.TextDocumentSaveReason.AfterDelay:
      return 'auto';
    case vscode.TextDocumentSaveReason.FocusOut:
      return 'focusOut';
    case vscode.TextDocumentSaveReason.Manual:
    case undefined:
      return 'manual';
  }
}
