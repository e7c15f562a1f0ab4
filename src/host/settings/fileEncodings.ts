import * as vscode from 'vscode';

/**
 * VS Code's names of the encodings to expect in a file and its versions: that of its open document, then that of the
 * settings.
 */
export function expectedEncodings(file: vscode.Uri): string[] {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  // Available since VS Code 1.100.
  const { encoding } = (document ?? {}) as { readonly encoding?: unknown };
  const setting = vscode.workspace.getConfiguration('files', document ?? file).get<unknown>('encoding');
  return [encoding, setting].filter((each) => typeof each === 'string');
}
