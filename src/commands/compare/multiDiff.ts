import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { ObbyError } from '../../base/errors';

/** A file in the multi-diff editor, and its two sides. */
export type MultiDiffChange = readonly [
  resource: vscode.Uri,
  before: vscode.Uri | undefined,
  after: vscode.Uri | undefined,
];

/** VS Code's command for the multi-diff editor, which older versions lack. */
const multiDiffCommand = 'vscode.changes';

/** Opens changes of files in one editor; a single one in the diff editor. */
export async function openChanges(title: string, changes: readonly MultiDiffChange[]): Promise<void> {
  const [only, ...others] = changes;
  if (only && others.length === 0) {
    const [resource, before = resource, after = resource] = only;
    await vscode.commands.executeCommand('vscode.diff', before, after, title, { preview: true });
    return;
  }
  await openMultiDiff(title, changes);
}

/** Rejects `notAvailable` where VS Code has no such editor. */
export async function openMultiDiff(title: string, changes: readonly MultiDiffChange[]): Promise<void> {
  if (!(await vscode.commands.getCommands(true)).includes(multiDiffCommand))
    throw new ObbyError(
      'notAvailable',
      l10n.t('This VS Code cannot show many files in one editor. Update it, or open them one by one.'),
    );
  await vscode.commands.executeCommand(multiDiffCommand, title, changes);
}
