import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RestorePlan, RestoreResult, UndoRequest } from '../../api/api';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { plural } from '../../base/plural';
import { commands } from '../../ids';
import { asChangeSetNode, asVersionNode } from '../../views/history/historyRows';
import { causeThemeIcon } from '../../views/history/treeItems';
import { forIconLabel } from '../../views/text/displayText';
import { inProgressIfSlow, type CommandContext } from '../commandContext';
import { versionTarget } from '../compare/target';
import { describeFiles, failureOffers, notRestored } from './restoreReport';
import { reviewUndo } from './undoReview';

/** Change sets to choose from. */
const maxListed = 100;

/** What is undone, and its name. */
interface Undone extends UndoRequest {
  readonly title: string;
}

/** Commands that take back change sets, or one file of a change set. `undoLast`: undoes the last restore. */
export function registerUndoChanges(context: CommandContext, undoLast: () => Promise<void>): Disposable {
  const disposables = new DisposableStore();
  const run = async (undone: Undone | undefined): Promise<void> => {
    if (undone) await undoChanges(context, undone, undoLast);
  };
  disposables.add(
    context.runner.register(commands.undoChanges, async (arg, selected) =>
      run(changeSetsIn(context, arg, selected) ?? (await pickChangeSet(context))),
    ),
  );
  disposables.add(
    context.runner.register(commands.undoChange, async (arg, selected) => run(await filesIn(context, arg, selected))),
  );
  return disposables;
}

/** The change sets of the selected rows. */
function changeSetsIn({ text }: CommandContext, arg: unknown, selected: unknown): Undone | undefined {
  const node = asChangeSetNode(arg);
  if (!node) return undefined;
  const rows = Array.isArray(selected) ? selected.map(asChangeSetNode).filter((row) => row !== undefined) : [];
  const nodes = rows.length > 1 ? rows : [node];
  const title =
    nodes.length === 1
      ? l10n.t('Undo {0}', text.changeSetTitle(node.changeSet))
      : l10n.t('Undo {0} Changes', text.time.count(nodes.length));
  return { undo: nodes.map(({ changeSet }) => changeSet.id), title };
}

/** The file of a row or document, and those of the selected rows that are of the same change set. */
async function filesIn(context: CommandContext, arg: unknown, selected: unknown): Promise<Undone | undefined> {
  const target = await versionTarget(context, arg);
  if (!target) throw new ObbyError('badArgument', l10n.t('Choose a version of a file first.'));
  const { changeSet } = target.version;
  const rows = Array.isArray(selected) ? selected.map(asVersionNode).filter((row) => row !== undefined) : [];
  const others = rows.map(({ version }) => version).filter((version) => version.changeSet === changeSet);
  const files = others.length > 1 ? others.map(({ uri }) => uri) : [target.version.uri];
  return { undo: changeSet, files, title: l10n.t('Undo {0}', describeFiles(files, context.text.time)) };
}

async function pickChangeSet({ api, text }: CommandContext): Promise<Undone | undefined> {
  const changeSets = await api.history.changeSets({ limit: maxListed });
  if (changeSets.length === 0) throw new ObbyError('notFound', l10n.t('Nothing is recorded yet.'));
  const items = changeSets.map((changeSet) => ({
    label: forIconLabel(text.changeSetTitle(changeSet)),
    description: forIconLabel(text.changeSet(changeSet)),
    iconPath: causeThemeIcon(changeSet.newest),
    changeSet,
  }));
  const placeHolder = l10n.t('Changes to undo');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return chosen && { undo: chosen.changeSet.id, title: l10n.t('Undo {0}', text.changeSetTitle(chosen.changeSet)) };
}

async function undoChanges(
  context: CommandContext,
  { title, ...request }: Undone,
  undoLast: () => Promise<void>,
): Promise<void> {
  const { api, clock, runner } = context;
  const plan = await inProgressIfSlow(clock, l10n.t('Obby: planning the undo'), (token) =>
    unlessCancelled(token, api.act.planRestore(request)),
  );
  if (!plan) return;
  if (plan.steps.every(({ action }) => action === 'none')) {
    runner.offer(l10n.t('Nothing is left to undo: every file is as it was, or was deleted since.'), []);
    return;
  }
  const chosen = await reviewUndo(context, title, plan);
  if (!chosen) return;
  const result = await inProgressIfSlow(clock, l10n.t('Obby: undoing'), (token) => api.act.restore(chosen, { token }));
  report(context, chosen, result, undoLast);
}

/** The answer, or undefined once it is not wanted any more: to plan changes nothing. */
function unlessCancelled<T>(token: vscode.CancellationToken, answer: Promise<T>): Promise<T | undefined> {
  const cancelled = new Promise<undefined>((resolve) => {
    token.onCancellationRequested(() => resolve(undefined));
  });
  return Promise.race([answer, cancelled]);
}

function report(
  context: CommandContext,
  { steps }: RestorePlan,
  { files, failed }: RestoreResult,
  undoLast: () => Promise<void>,
): void {
  const { time } = context.text;
  const left = new Set(failed.map(({ uri }) => uri.toString()));
  const done = steps.filter(({ uri }) => !left.has(uri.toString()));
  const marked = done.filter(({ action, onConflict, overlaps = 0 }) => {
    return action === 'merge' && onConflict === 'markers' && overlaps > 0;
  });
  const what = describeFiles(
    done.map(({ to, uri }) => to ?? uri),
    time,
  );
  const message = [
    ...(done.length > 0 ? [l10n.t('Undid the changes of {0}.', what)] : []),
    ...(marked.length > 0
      ? [plural(marked.length, l10n.t('1 has conflict markers.'), l10n.t('{0} have conflict markers.', marked.length))]
      : []),
    ...notRestored(failed, time),
  ].join(' ');
  const undo = { title: l10n.t('Undo'), run: undoLast };
  context.runner.offer(message, [...(files.length > 0 ? [undo] : []), ...failureOffers(context, failed)]);
}
