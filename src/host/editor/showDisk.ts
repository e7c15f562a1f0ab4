import * as vscode from 'vscode';

/** A document as it was when its unsaved text was recorded. */
export interface UnsavedState {
  readonly document: vscode.TextDocument;
  readonly version: number;
}

const maxAttempts = 5;

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
  for (let attempt = 1; attempt <= maxAttempts && hasText(); attempt++) {
    if (!document.isDirty) await restoreAgain();
    await vscode.window.showTextDocument(document, { preview: false });
    // The command reverts the editor that is in front, which may be another by now.
    if (vscode.window.activeTextEditor?.document !== document || !hasText()) continue;
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
}
