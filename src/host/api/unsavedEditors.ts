import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { ObbyError } from '../../base/errors';

/** A document as it was when its unsaved text was recorded. */
export interface UnsavedState {
  readonly document: vscode.TextDocument;
  readonly version: number;
}

/** Attempts to revert an editor, which another editor may cover meanwhile. */
const maxReverts = 5;

export function unsavedDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
}

/** The state of a file's editor, if it is not saved. */
export function unsavedState(uri: vscode.Uri): UnsavedState[] {
  const document = unsavedDocument(uri);
  return document ? [{ document, version: document.version }] : [];
}

/**
 * Lets an editor whose unsaved text was recorded show what is on disk now; what was typed since stays. VS Code may have
 * saved that text by itself meanwhile, and so have overwritten the file, which `restoreAgain` mends.
 */
export async function showDisk(
  { document, version }: UnsavedState,
  restoreAgain: () => Promise<unknown>,
): Promise<void> {
  const hasText = (): boolean => !document.isClosed && document.version === version;
  for (let attempt = 1; attempt <= maxReverts && hasText(); attempt++) {
    if (!document.isDirty) await restoreAgain();
    await vscode.window.showTextDocument(document, { preview: false });
    // The command reverts the editor that is in front, which may be another by now.
    if (vscode.window.activeTextEditor?.document !== document || !hasText()) continue;
    await keepingOthers(document, () => vscode.commands.executeCommand('workbench.action.files.revert'));
  }
}

/** Gives other editors their unsaved text back when one of them came to the front just before `revert` reached it. */
async function keepingOthers(document: vscode.TextDocument, revert: () => Thenable<unknown>): Promise<void> {
  const others = vscode.workspace.textDocuments.filter((each) => each !== document && each.isDirty);
  const texts = others.map((other) => ({ other, text: other.getText() }));
  await revert();
  const edit = new vscode.WorkspaceEdit();
  for (const { other, text } of texts) {
    if (other.isClosed || other.isDirty || other.getText() === text) continue;
    edit.replace(other.uri, other.validateRange(new vscode.Range(0, 0, other.lineCount, 0)), text);
  }
  if (edit.size > 0) await vscode.workspace.applyEdit(edit);
}

/** Rejects a file with unsaved work that is no text, such as a notebook: only its editor knows what it would write. */
export function requireReadable(uri: vscode.Uri): void {
  const isOf = (other: vscode.Uri): boolean => other.toString() === uri.toString();
  const isNotebook = vscode.workspace.notebookDocuments.some((notebook) => notebook.isDirty && isOf(notebook.uri));
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const isCustom = tabs.some(
    ({ isDirty, input }) => isDirty && input instanceof vscode.TabInputCustom && isOf(input.uri),
  );
  // A custom editor may show a text document, whose unsaved text is recorded.
  if (!isNotebook && (!isCustom || unsavedDocument(uri))) return;
  throw new ObbyError(
    'notStored',
    l10n.t(
      '{0} was not restored: its editor has unsaved changes. Save or close it first.',
      vscode.workspace.asRelativePath(uri),
    ),
  );
}
