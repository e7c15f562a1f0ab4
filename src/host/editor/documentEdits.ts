import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Cause, CauseDetail, Confidence } from '../../model/version';

export type SaveKind = NonNullable<CauseDetail['save']>;

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
  changedAt: 0,
  isSaving: false,
  isFormatted: false,
  isSaved: false,
};

/** Distinguishes a person's saves from those of an extension, and detects formatters. */
export class DocumentEdits implements Disposable {
  private readonly disposables = new DisposableStore();
  private readonly edits = new Map<string, Edits>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {
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
      ...(!isKeystroke && { changedAt: this.clock.now() }),
      ...(isSaving && !before.isSaved && { isFormatted: true }),
    });
  }

  private willSave(document: vscode.TextDocument): void {
    const edits = this.edits.get(keyOf(document));
    if (!edits) return;
    const isFresh = this.clock.now() - edits.changedAt <= formatMs;
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
