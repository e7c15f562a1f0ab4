import * as vscode from 'vscode';
import { detached } from '../../base/log';
import type { Loss, Losses, ChangeSet, RestorePlan, Version } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf, ObbyError } from '../../base/errors';
import { forIconLabel, forMessage, oneLine } from '../../views/text/displayText';
import { asChangeSetNode } from '../../views/history/rows';
import type { CommandContext } from '../commandContext';
import { isRuleFile } from '../../rules/rules';
import { LossWatch } from './lossWatch';

/** Events that are looked through for the newest that took something away. */
const maxEvents = 100;

/** What the question of what to restore leads to. */
export interface Restorer {
  /** Asks, restores, tells, and offers to undo. */
  carryOut(plan: RestorePlan): Promise<unknown>;
}

/** Tells of events that delete or empty many files, and gives back what they took. */
export function registerLosses(context: CommandContext, restorer: Restorer): Disposable {
  const disposables = new DisposableStore();
  const review = (version: Version): Promise<void> => reviewLosses(context, restorer, version);
  disposables.add(context.runner.register(commands.reviewLosses, async (arg) => review(await eventOf(context, arg))));
  disposables.add(
    new LossWatch(context, (version, losses) => {
      const title = vscode.l10n.t('Review and Restore');
      const answer = vscode.window.showWarningMessage(forMessage(lossMessage(context, version, losses)), title);
      const reviewed = answer.then(
        (chosen) => chosen && vscode.commands.executeCommand(commands.reviewLosses, version),
      );
      detached(reviewed, context.log, 'The review of losses failed');
    }),
  );
  return disposables;
}

function lossMessage({ text }: CommandContext, version: Version, { total, nowhereElse, isCut }: Losses): string {
  const { t } = vscode.l10n;
  const count = isCut ? t('more than {0}', text.time.count(total)) : text.time.count(total);
  const what = `${t('{0} watched files were deleted or emptied.', count)} ${text.causeSentence(version)}.`;
  if (nowhereElse === 0) return `${what} ${t('All of them are also in git or in other files.')}`;
  return `${what} ${t('The contents of {0} exist nowhere else.', text.time.count(nowhereElse))}`;
}

/** A version of the event that a command was given, else of the newest that took something away. */
async function eventOf({ api }: CommandContext, arg: unknown): Promise<Version> {
  const given = asChangeSetNode(arg)?.changeSet.newest ?? asVersion(arg);
  if (given) return given;
  const changeSets = await api.history.changeSets({ limit: maxEvents });
  const found = changeSets.find(mayHaveTaken);
  if (found) return found.newest;
  throw new ObbyError('notFound', vscode.l10n.t('No change deleted files.'));
}

function mayHaveTaken({ kinds }: ChangeSet): boolean {
  return kinds.deleted > 0;
}

function asVersion(value: unknown): Version | undefined {
  return typeof value === 'object' && value !== null && 'changeSet' in value && 'uri' in value
    ? (value as Version)
    : undefined;
}

interface Item extends vscode.QuickPickItem {
  readonly loss: Loss;
}

async function reviewLosses(context: CommandContext, restorer: Restorer, version: Version): Promise<void> {
  const { t } = vscode.l10n;
  const losses = await context.api.history.losses(version.id);
  if (losses.files.length === 0) throw new ObbyError('notFound', t('Every file that this change deleted is back.'));
  const items = losses.files.map((loss) => itemOf(context, loss));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    title: reviewTitle(context, losses),
    placeHolder: t('Select files to restore (files found nowhere else are preselected)'),
  });
  if (!chosen || chosen.length === 0) return;
  await restorer.carryOut(
    await planOf(
      context,
      chosen.map(({ loss }) => loss),
    ),
  );
}

function reviewTitle({ text }: CommandContext, { files, total, isCut }: Losses): string {
  const { t } = vscode.l10n;
  const count = text.time.count(total);
  if (!isCut && files.length === total) return t('{0} files were deleted or emptied', count);
  return t('{0} of {1} files that were deleted or emptied', text.time.count(files.length), isCut ? `${count}+` : count);
}

function itemOf({ text }: CommandContext, loss: Loss): Item {
  const { t } = vscode.l10n;
  const { version, size, isElsewhere, isInGit } = loss;
  const where = isInGit ? t('also in git') : isElsewhere ? t('also in another file') : t('exists nowhere else');
  const what = version.kind === 'deleted' ? t('deleted') : t('emptied');
  return {
    label: forIconLabel(oneLine(version.path)),
    description: [what, text.time.size(size), where].join(' · '),
    // Without the rules, nothing that is restored would be watched.
    picked: (!isElsewhere && !isInGit) || isRuleFile(version.path),
    loss,
  };
}

/** One file that cannot be had back must not keep the others; rejects when that is so of all of them. */
async function planOf({ api, runner, log }: CommandContext, losses: readonly Loss[]): Promise<RestorePlan> {
  const steps: RestorePlan['steps'][number][] = [];
  const errors: unknown[] = [];
  for (const { version, lost } of losses) {
    try {
      steps.push(...(await api.act.planRestore({ versions: [lost] })).steps);
    } catch (error) {
      errors.push(error);
      log.warn(`${oneLine(version.path)} cannot be restored: ${messageOf(error)}`);
    }
  }
  if (steps.length === 0) throw errors[0];
  if (errors.length > 0)
    runner.offer(vscode.l10n.t('{0} files could not be restored. See the log.', errors.length), []);
  return { steps };
}
