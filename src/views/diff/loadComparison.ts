import * as vscode from 'vscode';
import type { DiffInput, ObbyApi } from '../../api/api';
import type { Comparison, Side } from './comparison';
import type { LoadedComparison, LoadedSide } from './diffState';

type Api = Pick<ObbyApi, 'history' | 'tracking'>;

/** Reads both sides of a comparison and how they differ. A file is shown as its editor has it, saved or not. */
export async function loadComparison(api: Api, { left, right }: Comparison): Promise<LoadedComparison> {
  const diff = await api.tracking.diff(inputOf(left), inputOf(right));
  const isText = !diff.binary && !diff.tooLarge && !diff.identical;
  const [before, after] = await Promise.all([loadSide(api, left, isText), loadSide(api, right, isText)]);
  return { left: before, right: after, diff };
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
  const document = openDocument(uri);
  return document?.isDirty === true ? { text: document.getText(), name: uri.path } : undefined;
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

async function loadSide(api: Api, side: Side, isText: boolean): Promise<LoadedSide> {
  switch (side.kind) {
    case 'version': {
      const { id, size, sha256 } = side.version;
      return { text: isText ? await textOf(api, id) : '', size, ...(sha256 !== undefined && { sha256 }) };
    }
    case 'file': {
      const unsaved = unsavedText(side.uri);
      if (unsaved) return { text: unsaved.text, size: Buffer.byteLength(unsaved.text) };
      return { text: isText ? await textOnDisk(api, side.uri) : '', ...(await api.tracking.hash(side.uri)) };
    }
    case 'nothing':
      return { text: '', size: 0 };
  }
}

async function textOf(api: Api, id: string): Promise<string> {
  const [text, bytes] = await Promise.all([api.history.text(id), api.history.content(id)]);
  return withMark(text, bytes);
}

/** As the worker reads it, not as an editor does, which mends line endings and knows other encodings. */
async function textOnDisk(api: Api, uri: vscode.Uri): Promise<string> {
  const [text, bytes] = await Promise.all([api.tracking.text(uri), vscode.workspace.fs.readFile(uri)]);
  return withMark(text, bytes);
}

/** UTF-8's byte order mark is part of the first line for the comparison. */
function withMark(text: string, bytes: Uint8Array): string {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? `\ufeff${text}` : text;
}
