import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { SavedText, PathChangeKind, ClientEvent } from '../../model/changeHint';
import type { Clock } from '../../base/clock';
import type { Cause, CauseDetail, Confidence } from '../../model/version';
import { encodingOf } from '../settings/fileEncodings';

export interface EditorEventsDeps {
  readonly edits: Pick<DocumentEdits, 'causeOf'>;
  readonly onEvent: (event: ClientEvent) => void;
}

type SaveKind = NonNullable<CauseDetail['save']>;

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
    const encoding = encodingOf(document);
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
  if (uri.path.length <= root.length) return undefined;
  const start = uri.path.slice(0, root.length);
  if (start === root) return uri.path.slice(root.length);
  // VS Code knows the folder in any spelling where the system ignores case.
  const isSpelledOtherwise = start.toLowerCase() === root.toLowerCase();
  const isIn = isSpelledOtherwise && vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString();
  return isIn ? uri.path.slice(root.length) : undefined;
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

/** A formatter edits this soon before VS Code announces the save. */
const formatMs = 100;

/** How a document was edited before its save. */
interface Edits {
  /** In a visible editor, or by undo or redo. */
  readonly isSeen: boolean;
  /** While no editor was visible. */
  readonly isUnseen: boolean;
  /** Time of the last change that was not a keystroke. */
  readonly changedAt: number;
  readonly isSaving: boolean;
  readonly isFormatted: boolean;
  /** The next change starts over. */
  readonly isSaved: boolean;
}

const none: Edits = {
  isSeen: false,
  isUnseen: false,
  changedAt: -Infinity,
  isSaving: false,
  isFormatted: false,
  isSaved: false,
};

/** Distinguishes a person's saves from those of an extension, and detects formatters. */
export class DocumentEdits implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly edits = new Map<string, Edits>();

  constructor(private readonly clock: Pick<Clock, 'elapsed'>) {
    const { workspace } = vscode;
    this.disposables.add(workspace.onDidChangeTextDocument((event) => this.changed(event)));
    this.disposables.add(workspace.onWillSaveTextDocument(({ document }) => this.willSave(document)));
    this.disposables.add(workspace.onDidSaveTextDocument((document) => this.set(document, { isSaved: true })));
    this.disposables.add(workspace.onDidCloseTextDocument((document) => this.edits.delete(keyOf(document))));
  }

  /** The cause of a save that just happened. */
  causeOf(
    uri: vscode.Uri,
    save: SaveKind,
  ): { readonly cause: Cause; readonly causeDetail: CauseDetail; readonly confidence: Confidence } {
    const edits = this.edits.get(uri.toString()) ?? none;
    const causeDetail = { save, ...(edits.isFormatted && ({ formatted: true } as const)) };
    // Edited without a visible editor: by an extension, perhaps on a person's command.
    if (edits.isUnseen && !edits.isSeen) return { cause: 'edit by extension', causeDetail, confidence: 'likely' };
    return { cause: 'save', causeDetail, confidence: 'certain' };
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private changed({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || document.uri.scheme !== 'file') return;
    const before = this.edits.get(keyOf(document)) ?? none;
    const isSeen =
      reason !== undefined || vscode.window.visibleTextEditors.some((editor) => editor.document === document);
    const [only, ...others] = contentChanges;
    const isKeystroke = others.length === 0 && only !== undefined && only.text.length + only.rangeLength <= 1;
    const { isSaving } = before;
    this.edits.set(keyOf(document), {
      ...(before.isSaved ? none : before),
      ...(isSeen ? { isSeen } : { isUnseen: true }),
      ...(!isKeystroke && { changedAt: this.clock.elapsed() }),
      ...(isSaving && !before.isSaved && { isFormatted: true }),
    });
  }

  private willSave(document: vscode.TextDocument): void {
    const edits = this.edits.get(keyOf(document));
    if (!edits) return;
    const isFresh = this.clock.elapsed() - edits.changedAt <= formatMs;
    this.set(document, { isSaving: true, isFormatted: !edits.isSaved && isFresh && formatsOnSave(document) });
  }

  private set(document: vscode.TextDocument, facts: Partial<Edits>): void {
    const edits = this.edits.get(keyOf(document));
    if (edits) this.edits.set(keyOf(document), { ...edits, ...facts });
  }
}

function keyOf({ uri }: vscode.TextDocument): string {
  return uri.toString();
}

function formatsOnSave(document: vscode.TextDocument): boolean {
  const settings = vscode.workspace.getConfiguration('editor', document);
  if (settings.get('formatOnSave') === true) return true;
  const actions: unknown = settings.get('codeActionsOnSave');
  return typeof actions === 'object' && actions !== null && Object.keys(actions).length > 0;
}
