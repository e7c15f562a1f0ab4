import * as vscode from 'vscode';
import { decode } from '../../diff/text';

/** A document as it was when its unsaved text was recorded. */
export interface UnsavedState {
  readonly document: vscode.TextDocument;
  readonly version: number;
}

const maxAttempts = 3;

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

/** Lets an editor whose unsaved text was recorded show what is on disk now; what was typed since stays. */
export async function showDisk(state: UnsavedState): Promise<void> {
  const { document } = state;
  for (let attempt = 1; attempt <= maxAttempts && hasRecordedText(state); attempt++) {
    await vscode.window.showTextDocument(document, { preview: false });
    // The command reverts the editor that is in front, which may be another by now.
    if (vscode.window.activeTextEditor?.document !== document || !hasRecordedText(state)) continue;
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  if (hasRecordedText(state)) await replaceText(document);
}

function hasRecordedText({ document, version }: UnsavedState): boolean {
  return !document.isClosed && document.isDirty && document.version === version;
}

async function replaceText(document: vscode.TextDocument): Promise<void> {
  const onDisk = decode(await vscode.workspace.fs.readFile(document.uri));
  if (!onDisk) return;
  const all = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, all, onDisk.text);
  if (await vscode.workspace.applyEdit(edit)) await document.save();
}
