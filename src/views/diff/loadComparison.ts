import * as vscode from 'vscode';
import type { ContentComparison, DiffInput, ObbyApi } from '../../api/api';
import type { Comparison, Side } from './comparison';

/** Reads both sides of a comparison and how they differ. A file is shown as its editor has it, saved or not. */
export function loadComparison(
  api: Pick<ObbyApi, 'tracking'>,
  { left, right }: Comparison,
): Promise<ContentComparison> {
  return api.tracking.compare(inputOf(left), inputOf(right));
}

function inputOf(side: Side): DiffInput {
  switch (side.kind) {
    case 'version':
      return side.version.id;
    case 'file':
      return unsavedText(side.uri) ?? side.uri;
    case 'nothing':
      return { text: '', name: side.uri.path };
  }
}

function unsavedText(uri: vscode.Uri): { readonly text: string; readonly name: string } | undefined {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  return document?.isDirty === true ? { text: document.getText(), name: uri.path } : undefined;
}
