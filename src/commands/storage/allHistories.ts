import * as l10n from '@vscode/l10n';
import { homedir } from 'node:os';
import { basename, sep } from 'node:path';
import * as vscode from 'vscode';
import type { KeptHistory } from '../../api/api';
import { messageOf, ObbyError } from '../../base/errors';
import { plural } from '../../base/plural';
import { forIconLabel, forMessage, oneLine } from '../../views/text/displayText';
import type { TimeText } from '../../views/text/timeText';
import { inProgress, type CommandContext } from '../commandContext';

/** The row of a history in a quick pick. */
interface HistoryItem extends vscode.QuickPickItem {
  readonly history: KeptHistory;
}

/** Histories that the question names; the rest is counted. */
const maxNamed = 8;

/** Lists the histories of all folders, those of folders that are gone first, and removes the chosen ones. */
export async function showHistories({ api, runner, text }: CommandContext): Promise<void> {
  const all = await api.history.all();
  if (all.length === 0) throw new ObbyError('notFound', l10n.t('There are no histories.'));
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const picked = await vscode.window.showQuickPick(itemsOf(all, text.time), {
    title: l10n.t('All Histories: {0}', text.time.size(total)),
    placeHolder: l10n.t('Select histories to remove'),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const chosen = (picked ?? []).flatMap((item) => ('history' in item ? item.history : []));
  if (chosen.length === 0 || !(await isConfirmed(chosen, text.time))) return;
  const failed = await inProgress(l10n.t('Obby: removing histories'), () => removeEach(api, chosen));
  const removed = chosen.filter((history) => !failed.has(history));
  const freed = text.time.size(removed.reduce((sum, { bytes }) => sum + bytes, 0));
  const [first] = failed;
  if (first) throw new ObbyError('storeFailed', l10n.t('{0} was not removed. {1}', titleOf(first[0]), first[1]));
  runner.offer(l10n.t('{0} of disk space freed.', freed), []);
}

/** Resolves with the reasons why some could not be removed. */
async function removeEach(
  { act }: CommandContext['api'],
  histories: readonly KeptHistory[],
): Promise<Map<KeptHistory, string>> {
  const failed = new Map<KeptHistory, string>();
  for (const history of histories) {
    await act.removeHistory(history.name).catch((error: unknown) => failed.set(history, messageOf(error)));
  }
  return failed;
}

async function isConfirmed(histories: readonly KeptHistory[], time: TimeText): Promise<boolean> {
  const [only, ...others] = histories;
  const name = only ? titleOf(only) : '';
  const count = time.count(histories.length);
  const question = plural(
    histories.length,
    l10n.t('Remove the history of {0}?', name),
    l10n.t('Remove {0} histories?', count),
  );
  const lines = histories.slice(0, maxNamed).map((each) => `${oneLine(pathOf(each))} (${factsOf(each, time)})`);
  const rest = others.length + 1 - lines.length;
  const detail = [
    ...lines,
    ...(rest > 0 ? [l10n.t('… and {0} more', rest)] : []),
    '',
    l10n.t('All versions in it are deleted; files in workspace folders stay. This cannot be undone.'),
  ].join('\n');
  const remove = l10n.t('Remove');
  return (await vscode.window.showWarningMessage(forMessage(question), { modal: true, detail }, remove)) === remove;
}

function itemsOf(all: readonly KeptHistory[], time: TimeText): (HistoryItem | vscode.QuickPickItem)[] {
  const group = (label: string, histories: readonly KeptHistory[]): (HistoryItem | vscode.QuickPickItem)[] =>
    histories.length === 0
      ? []
      : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...histories.map((each) => historyItem(each, time))];
  return [
    ...group(
      l10n.t('The folder does not exist'),
      all.filter(({ root, isRootThere }) => root !== undefined && !isRootThere),
    ),
    ...group(
      l10n.t('The folder is unknown'),
      all.filter(({ root }) => root === undefined),
    ),
    ...group(
      l10n.t('The folder exists'),
      all.filter(({ isRootThere }) => isRootThere),
    ),
  ];
}

export function historyItem(history: KeptHistory, time: TimeText): HistoryItem {
  return {
    label: forIconLabel(titleOf(history)),
    description: history.root === undefined ? '' : forIconLabel(oneLine(pathOf(history))),
    detail: factsOf(history, time),
    history,
  };
}

function factsOf({ bytes, lastUsed, isOpen }: KeptHistory, time: TimeText): string {
  const used = isOpen ? l10n.t('open in a window') : l10n.t('last used {0}', time.short(lastUsed));
  return `${time.size(bytes)} · ${used}`;
}

export function titleOf({ root, name }: KeptHistory): string {
  return oneLine(root === undefined ? name : basename(root));
}

/** The path of its folder, or else its own name. */
export function pathOf({ root, name }: KeptHistory): string {
  const home = homedir();
  if (root === undefined) return name;
  return root.startsWith(home + sep) ? `~${root.slice(home.length)}` : root;
}
