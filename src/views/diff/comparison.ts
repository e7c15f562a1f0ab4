import * as vscode from 'vscode';
import type { Uri } from 'vscode';
import { expectedEncodings } from '../../host/settings/fileEncodings';
import type { Version, ContentComparison, DiffInput, ObbyApi } from '../../api/api';

/** One side of a comparison. */
export type Side =
  | { readonly kind: 'version'; readonly version: Version }
  /** The file as it is now, in its editor or on disk. */
  | { readonly kind: 'file'; readonly uri: Uri }
  /** No file: everything counts as added, or as removed. */
  | { readonly kind: 'nothing'; readonly uri: Uri };

export interface Comparison {
  readonly left: Side;
  readonly right: Side;
}

export interface Comparer {
  compare(comparison: Comparison): Promise<void>;
}

export function fileOfSide(side: Side): Uri {
  return side.kind === 'version' ? side.version.uri : side.uri;
}

/** Compares both sides. A file is compared as its editor has it, saved or not. */
export function loadComparison(
  api: Pick<ObbyApi, 'tracking'>,
  { left, right }: Comparison,
): Promise<ContentComparison> {
  const encodings = expectedEncodings(fileOfSide(right));
  return api.tracking.compare(inputOf(left), inputOf(right), { encodings });
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
