import * as vscode from 'vscode';

/** VS Code's name of the encoding of a document, which VS Code reports since 1.100. */
export function encodingOf(document: vscode.TextDocument): string | undefined {
  return (document as { readonly encoding?: string }).encoding;
}

/**
 * VS Code's names of the encodings to expect in a file and its versions: that of its open document, then that of the
 * settings.
 */
export function expectedEncodings(file: vscode.Uri): string[] {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  const encoding = document && encodingOf(document);
  const setting = vscode.workspace.getConfiguration('files', document ?? file).get<unknown>('encoding');
  return [encoding, setting].filter((each) => typeof each === 'string');
}
