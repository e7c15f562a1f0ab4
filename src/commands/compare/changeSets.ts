import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { asChangeSetNode } from '../../views/history/rows';
import { versionUri } from '../../views/diff/versionDocuments';
import type { CommandContext } from '../commandContext';

/** Files that the multi-diff editor opens at once. */
const maxOpened = 200;
/** VS Code's command for the multi-diff editor, which older versions lack. */
const multiDiffCommand = 'vscode.changes';

export function registerChangeSets(context: CommandContext): Disposable {
  const disposables = new DisposableStore();
  disposables.add(context.runner.register(commands.openChangeSet, (arg) => openChangeSet(context, arg)));
  return disposables;
}

/** Opens all changes of a change set in one editor; without a row, those of the newest. */
async function openChangeSet({ api, runner, text }: CommandContext, arg: unknown): Promise<void> {
  const changeSet = asChangeSetNode(arg)?.changeSet ?? (await api.history.changeSets({ limit: 1 }))[0];
  if (!changeSet) throw new ObbyError('notFound', l10n.t('Nothing is recorded yet.'));
  if (!(await vscode.commands.getCommands(true)).includes(multiDiffCommand))
    throw new ObbyError(
      'notAvailable',
      l10n.t('This VS Code cannot show many files in one editor. Update it, or open them one by one.'),
    );
  const versions = await api.history.changes(changeSet.newest.id, { limit: maxOpened });
  const changes = versions.filter(isShown).map(changeOf);
  if (changes.length === 0)
    throw new ObbyError('notStored', l10n.t('None of these files has a text that could be shown.'));
  await vscode.commands.executeCommand(multiDiffCommand, text.changeSetTitle(changeSet), changes);
  if (changes.length < changeSet.versions) {
    const shown = [text.time.count(changes.length), text.time.count(changeSet.versions)] as const;
    runner.offer(l10n.t('{0} of {1} changes are shown: at most {2} at once, and only texts.', ...shown, maxOpened), []);
  }
}

function isShown({ binary, unstored }: Version): boolean {
  return !binary && unstored === undefined;
}

type Change = readonly [resource: vscode.Uri, before: vscode.Uri | undefined, after: vscode.Uri | undefined];

function changeOf(version: Version): Change {
  const { uri, kind, previous } = version;
  const after = versionUri(version);
  // Before a creation there is a deletion, or nothing.
  const before = kind === 'created' || previous === undefined ? undefined : after.with({ query: previous });
  return [uri, before, kind === 'deleted' ? undefined : after];
}
