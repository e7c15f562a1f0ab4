import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { KeptHistory } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { detached } from '../../base/log';
import { forMessage, oneLine } from '../../views/text/displayText';
import { inProgress, type CommandContext } from '../commandContext';
import { chooseFolder } from '../watching/ruleFiles';
import { historyItem, pathOf, titleOf } from './allHistories';

/** Offers a folder that was renamed or moved the history that it had, and lets people choose one. */
export function registerFormerHistory(context: CommandContext): Disposable {
  const { api, log, runner } = context;
  const disposables = new DisposableStore();
  const asked = new Set<string>();
  disposables.add(runner.register(commands.useHistory, (arg) => chooseHistory(context, arg)));
  disposables.add(
    api.subscribe(['status'], ({ folder, status }) => {
      const isOpen = status.state !== 'starting' && status.state !== 'failed';
      if (!isOpen || asked.has(folder.toString())) return;
      asked.add(folder.toString());
      detached(offerFormer(context, folder), log, 'Earlier histories of a folder were not found');
    }),
  );
  return disposables;
}

async function offerFormer(context: CommandContext, uri: vscode.Uri): Promise<void> {
  const [history] = await context.api.history.former(uri);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!history || !folder) return;
  const where = oneLine(pathOf(history));
  const title = l10n.t('Use the History of {0}', titleOf(history));
  const words = l10n.t(
    'The folder {0} seems to have been at {1}, where it has a history.',
    oneLine(folder.name),
    where,
  );
  context.runner.offer(words, [{ title, run: () => useHistory(context, folder, history) }]);
}

async function chooseHistory(context: CommandContext, arg: unknown): Promise<void> {
  const folder = await chooseFolder(arg);
  if (!folder) return;
  const { api, text } = context;
  const [former, all] = [await api.history.former(folder.uri), await api.history.all()];
  const names = new Set(former.map(({ name }) => name));
  const others = all.filter(({ name, isOpen, isRootThere }) => !names.has(name) && !isOpen && !isRootThere);
  const items = [...former, ...others].map((history) => historyItem(history, text.time));
  if (items.length === 0)
    throw new ObbyError('notFound', l10n.t('There is no history of a folder that does not exist any more.'));
  const placeHolder = l10n.t('History to continue in {0}', oneLine(folder.name));
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (picked && (await isConfirmed(folder, picked.history))) await useHistory(context, folder, picked.history);
}

async function isConfirmed({ name }: vscode.WorkspaceFolder, history: KeptHistory): Promise<boolean> {
  const question = l10n.t('Continue the history of {0} in {1}?', oneLine(pathOf(history)), oneLine(name));
  const detail = l10n.t(
    'What differs from its newest versions is recorded as changes. The present history of {0} is kept: Show All Histories lists it.',
    oneLine(name),
  );
  const use = l10n.t('Continue');
  return (await vscode.window.showWarningMessage(forMessage(question), { modal: true, detail }, use)) === use;
}

async function useHistory(
  { api, runner }: CommandContext,
  { uri, name }: vscode.WorkspaceFolder,
  history: KeptHistory,
): Promise<void> {
  await inProgress(l10n.t('Obby: opening the history'), () => api.act.useHistory(history.name, uri));
  runner.offer(l10n.t('{0} continues the history of {1}.', oneLine(name), oneLine(pathOf(history))), []);
}
