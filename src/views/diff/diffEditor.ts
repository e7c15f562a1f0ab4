import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { assertNever } from '../../base/errors';
import { fileOfSide, type Comparer, type Comparison, type Side } from './comparison';
import { fileName, oneLine } from '../text/displayText';
import type { TimeText } from '../text/timeText';
import { versionUri } from './versionDocuments';

/** Shows comparisons in VS Code's own diff editor. */
export class DiffEditor implements Comparer {
  constructor(private readonly time: TimeText) {}

  async compare({ left, right }: Comparison): Promise<void> {
    const before = documentOf(left);
    const after = documentOf(right);
    const title = comparisonTitle({ left, right }, this.time);
    if (before && after) await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
    else await this.open(before ? left : right);
  }

  /** Opens one side; a version is read-only. */
  async open(side: Side): Promise<void> {
    const document = documentOf(side);
    if (!document) return;
    const name = oneLine(fileName(fileOfSide(side).path));
    const label = side.kind === 'file' ? undefined : `${name} (${sideLabel(side, this.time)})`;
    await vscode.commands.executeCommand('vscode.open', document, { preview: true }, label);
  }
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
