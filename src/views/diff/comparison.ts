import * as vscode from 'vscode';
import * as l10n from '@vscode/l10n';
import { expectedEncodings } from '../../host/settings/fileEncodings';
import type { Version, ContentComparison, DiffInput, ObbyApi } from '../../api/api';
import { assertNever } from '../../base/errors';
import { fileName, oneLine } from '../text/displayText';
import type { TimeText } from '../text/timeText';
import type { LinePlace } from '../../webview/protocol';
import { versionUri } from './versionDocuments';

/** One side of a comparison. */
export type Side =
  | { readonly kind: 'version'; readonly version: Version }
  /** The file as it is now, in its editor or on disk. */
  | { readonly kind: 'file'; readonly uri: vscode.Uri }
  /** No file: everything counts as added, or as removed. */
  | { readonly kind: 'nothing'; readonly uri: vscode.Uri };

export interface Comparison {
  readonly left: Side;
  readonly right: Side;
  /** The line to show first; default: the first change. */
  readonly reveal?: LinePlace;
}

export interface Comparer {
  compare(comparison: Comparison): Promise<void>;
}

export function fileOfSide(side: Side): vscode.Uri {
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

/** Shows comparisons in VS Code's own diff editor. */
export class DiffEditor implements Comparer {
  constructor(private readonly time: TimeText) {}

  async compare({ left, right, reveal }: Comparison): Promise<void> {
    const before = documentOf(left);
    const after = documentOf(right);
    const title = comparisonTitle({ left, right }, this.time);
    const options = optionsFor(reveal, 'new');
    if (before && after) await vscode.commands.executeCommand('vscode.diff', before, after, title, options);
    else await this.open(before ? left : right, reveal);
  }

  /** Opens one side; a version is read-only. */
  async open(side: Side, reveal?: LinePlace): Promise<void> {
    const document = documentOf(side);
    if (!document) return;
    const name = oneLine(fileName(fileOfSide(side).path));
    const label = side.kind === 'file' ? undefined : `${name} (${sideLabel(side, this.time)})`;
    await vscode.commands.executeCommand('vscode.open', document, optionsFor(reveal), label);
  }
}

/** VS Code can select a line of the right side only, or of a single document. */
function optionsFor(reveal: LinePlace | undefined, side = reveal?.side): vscode.TextDocumentShowOptions {
  if (!reveal || reveal.side !== side) return { preview: true };
  return { preview: true, selection: new vscode.Range(reveal.line, 0, reveal.line, 0) };
}

/** The title of a comparison's tab. */
export function comparisonTitle(comparison: Comparison, time: TimeText): string {
  const name = oneLine(fileName(fileOfSide(comparison.right).path));
  return `${name} (${sideLabels(comparison, time).join(' ↔ ')})`;
}

/** The labels of both sides, with seconds if they would be equal. */
export function sideLabels({ left, right }: Comparison, time: TimeText): [string, string] {
  const short: [string, string] = [sideLabel(left, time), sideLabel(right, time)];
  if (short[0] !== short[1]) return short;
  return [sideLabel(left, time, 'second'), sideLabel(right, time, 'second')];
}

function sideLabel(side: Side, time: TimeText, precision: 'minute' | 'second' = 'minute'): string {
  switch (side.kind) {
    case 'version':
      return time.short(side.version.time, precision);
    case 'file':
      return l10n.t('Current');
    case 'nothing':
      return l10n.t('Deleted');
    default:
      return assertNever(side);
  }
}

function documentOf(side: Side): vscode.Uri | undefined {
  switch (side.kind) {
    case 'version':
      return side.version.kind === 'deleted' ? undefined : versionUri(side.version);
    case 'file':
      return side.uri;
    case 'nothing':
      return undefined;
    default:
      return assertNever(side);
  }
}
