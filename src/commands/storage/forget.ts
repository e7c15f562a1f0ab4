import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ForgetPlan, ForgetRequest } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { fileName, forMessage, oneLine } from '../../views/text/displayText';
import { describePlan, forgetReport, type NamedPlan } from '../../views/text/maintenanceText';
import { inProgress, type CommandContext } from '../commandContext';
import { pickForget } from './forgetPick';
import { fileTarget } from '../compare/target';
import { versionCount, type TimeText } from '../../views/text/timeText';

/** Commands that delete history for good, after showing what will go. */
export function registerForget(context: CommandContext): Disposable {
  const { runner } = context;
  const disposables = new DisposableStore();
  disposables.add(runner.register(commands.forgetFile, (arg) => forgetFile(context, arg)));
  disposables.add(runner.register(commands.forget, (arg) => forget(context, arg)));
  return disposables;
}

async function forgetFile(context: CommandContext, arg: unknown): Promise<void> {
  const uri = await fileTarget(context, arg);
  await carryOut(context, { uri }, oneLine(fileName(uri.path)));
}

async function forget(context: CommandContext, arg: unknown): Promise<void> {
  const picked = await pickForget(context, arg);
  if (picked) await carryOut(context, picked.request, picked.what);
}

/** `what` describes the selection briefly, without a text that may be a secret. */
async function carryOut(context: CommandContext, request: ForgetRequest, what: string): Promise<void> {
  const { api, runner, text } = context;
  const plan = await inProgress(l10n.t('Obby: finding versions to delete'), () => api.act.planForget(request));
  const named = namedPlan(plan, request, text.time);
  if (plan.versions === 0) {
    runner.offer([l10n.t('Nothing to delete: no version holds {0}.', what), ...named.warnings].join(' '), []);
    return;
  }
  if (!(await isConfirmed(context, named, what))) return;
  const result = await inProgress(l10n.t('Obby: deleting from the history'), () => api.act.forget(request));
  const words = describePlan(namedPlan({ ...result, onDisk: [] }, request, text.time), text.time);
  const { freedBytes } = result;
  const report =
    freedBytes > 0
      ? l10n.t('Deleted {0}; {1} of disk space freed.', words, text.time.size(freedBytes))
      : l10n.t('Deleted {0}.', words);
  runner.offer(report, []);
}

/** Asks before a deletion; the default button only shows the list. */
async function isConfirmed({ reports, text }: CommandContext, plan: NamedPlan, what: string): Promise<boolean> {
  const question = forMessage(l10n.t('Delete {0} from the history?', describePlan(plan, text.time)));
  const [showList, forgetThem] = [l10n.t('Show List'), l10n.t('Delete')];
  const detail = [...plan.lines, '', ...plan.warnings, l10n.t('This cannot be undone.')].join('\n');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, showList, forgetThem);
  if (answer !== showList) return answer === forgetThem;
  await reports.show(l10n.t('What Will Be Deleted'), forgetReport(plan, what, text.time));
  // Not modal, so that people can read the list.
  const keep = l10n.t('Keep');
  return (await vscode.window.showWarningMessage(question, keep, forgetThem)) === forgetThem;
}

/** Files that the question names; the list names all. */
const maxNamed = 8;

function namedPlan({ versions, files, isCut, onDisk }: ForgetPlan, { text }: ForgetRequest, time: TimeText): NamedPlan {
  const named = files.map((file) => ({
    name: oneLine(vscode.workspace.asRelativePath(file.uri)),
    versions: file.versions,
  }));
  const lines = named.slice(0, maxNamed).map((file) => `${file.name} (${versionCount(file.versions, time)})`);
  const rest = named.length - lines.length;
  const back = onDisk.map((uri) => oneLine(vscode.workspace.asRelativePath(uri)));
  return {
    versions,
    files: named,
    isCut,
    onDisk: back,
    lines: rest > 0 ? [...lines, isCut ? l10n.t('… and more') : l10n.t('… and {0} more', rest)] : lines,
    warnings: warnings(back, text !== undefined),
  };
}

function warnings(onDisk: readonly string[], isText: boolean): string[] {
  const [only, ...others] = onDisk;
  if (only === undefined) return [];
  const which = others.length === 0 ? only : l10n.t('{0} and {1} more', only, others.length);
  return [
    isText
      ? l10n.t('The text is still in files on disk: {0}. Remove it there, or it will be recorded again.', which)
      : l10n.t('Still on disk and watched: {0}. The current content will be recorded again.', which),
  ];
}
