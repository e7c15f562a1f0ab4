import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { detached } from '../../base/log';
import type { Loss, Losses, Version } from '../../api/api';
import type { VersionId } from '../../model/version';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { forIconLabel, forMessage, oneLine } from '../../views/text/displayText';
import { asChangeSetNode } from '../../views/history/historyRows';
import type { CommandContext } from '../commandContext';
import { isRuleFile } from '../../rules/rules';
import { LossWatch, mergeLosses } from './lossWatch';
import { plural } from '../../base/plural';

/** Change sets to search for the newest with losses. */
const maxChangeSets = 100;

/** A file to restore; `content` throws if there is none. */
export interface Wanted {
  readonly path: string;
  readonly content: () => VersionId;
}

export interface FileRestorer {
  /** Asks, restores, reports, and offers to undo. */
  restoreEach(files: readonly Wanted[]): Promise<unknown>;
}

/** Warns of change sets that delete or empty many files, and restores these. */
export function registerLosses(context: CommandContext, restorer: FileRestorer): Disposable {
  const disposables = new DisposableStore();
  disposables.add(
    context.runner.register(commands.reviewLosses, async (arg) =>
      reviewLosses(context, restorer, await versionsOf(context, arg)),
    ),
  );
  disposables.add(
    new LossWatch(context, (versions, losses) => {
      const title = l10n.t('Review and Restore');
      const answer = vscode.window.showWarningMessage(forMessage(lossMessage(context, versions, losses)), title);
      const reviewed = answer.then(
        (chosen) => chosen && vscode.commands.executeCommand(commands.reviewLosses, versions),
      );
      detached(reviewed, context.log, 'The review of losses failed');
    }),
  );
  return disposables;
}

function lossMessage(
  { text }: CommandContext,
  versions: readonly Version[],
  { total, nowhereElse, isCut }: Losses,
): string {
  const count = isCut ? l10n.t('more than {0}', text.time.count(total)) : text.time.count(total);
  const [cause, ...others] = new Set(versions.map((version) => `${text.causeSentence(version)}.`));
  const why = others.length === 0 ? cause : l10n.t('Several changes caused this.');
  const what = `${l10n.t('{0} watched files were deleted or emptied.', count)} ${why ?? ''}`;
  if (nowhereElse === 0) return `${what} ${l10n.t('All of them are also in git or in other files.')}`;
  const only = plural(
    nowhereElse,
    l10n.t('The content of 1 file exists nowhere else.'),
    l10n.t('The contents of {0} exist nowhere else.', text.time.count(nowhereElse)),
  );
  return `${what} ${only}`;
}

/** A version of each change set in a command's argument, or else of the newest with losses. */
async function versionsOf({ api }: CommandContext, arg: unknown): Promise<readonly Version[]> {
  const node = asChangeSetNode(arg)?.changeSet.newest;
  const given = node ? [node] : [arg].flat().filter(isVersion);
  if (given.length > 0) return given;
  const changeSets = await api.history.changeSets({ limit: maxChangeSets });
  const found = changeSets.find(({ kinds }) => kinds.deleted > 0);
  if (found) return [found.newest];
  throw new ObbyError('notFound', l10n.t('No change deleted files.'));
}

function isVersion(value: unknown): value is Version {
  return typeof value === 'object' && value !== null && 'changeSet' in value && 'uri' in value;
}

interface Item extends vscode.QuickPickItem {
  readonly loss: Loss;
}

async function reviewLosses(
  context: CommandContext,
  restorer: FileRestorer,
  versions: readonly Version[],
): Promise<void> {
  const losses = mergeLosses(await Promise.all(versions.map(({ id }) => context.api.history.losses(id))));
  if (losses.files.length === 0)
    throw new ObbyError('notFound', l10n.t('Every file that this change deleted is back.'));
  const items = losses.files.map((loss) => itemOf(context, loss));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    title: reviewTitle(context, losses),
    placeHolder: l10n.t('Select files to restore (files found nowhere else are preselected)'),
  });
  if (!chosen || chosen.length === 0) return;
  await restorer.restoreEach(
    chosen.map(({ loss: { version, lost } }) => ({ path: version.path, content: () => lost })),
  );
}

function reviewTitle({ text }: CommandContext, { files, total, isCut }: Losses): string {
  const count = text.time.count(total);
  if (!isCut && files.length === total) {
    return plural(total, l10n.t('1 file was deleted or emptied'), l10n.t('{0} files were deleted or emptied', count));
  }
  return l10n.t(
    '{0} of {1} files that were deleted or emptied',
    text.time.count(files.length),
    isCut ? `${count}+` : count,
  );
}

function itemOf({ text }: CommandContext, loss: Loss): Item {
  const { version, size, isElsewhere, isInGit } = loss;
  const where = isInGit
    ? l10n.t('also in git')
    : isElsewhere
      ? l10n.t('also in another file')
      : l10n.t('exists nowhere else');
  const what = version.kind === 'deleted' ? l10n.t('deleted') : l10n.t('emptied');
  return {
    label: forIconLabel(oneLine(version.path)),
    description: [what, text.time.size(size), where].join(' · '),
    // Restored files are watched only with their rules.
    picked: (!isElsewhere && !isInGit) || isRuleFile(version.path),
    loss,
  };
}
