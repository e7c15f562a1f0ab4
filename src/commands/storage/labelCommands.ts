import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Label } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { forIconLabel, oneLine } from '../../views/text/displayText';
import { labelRows, asLabelNode } from '../../views/history/historyRows';
import type { CommandContext } from '../commandContext';
import { versionTargetOrPick } from '../compare/target';

const maxNameLength = 200;

/** Labels and pins. */
export function registerLabels(context: CommandContext): Disposable {
  const { runner } = context;
  const disposables = new DisposableStore();
  disposables.add(runner.register(commands.labelTime, () => labelTime(context)));
  disposables.add(runner.register(commands.removeLabel, (arg) => removeLabel(context, arg)));
  disposables.add(runner.register(commands.pinVersion, (arg) => pin(context, arg, true)));
  disposables.add(runner.register(commands.unpinVersion, (arg) => pin(context, arg, false)));
  return disposables;
}

async function labelTime({ api, runner }: CommandContext): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: l10n.t('Label This Time'),
    prompt: l10n.t('The current state of every watched file will be kept, regardless of its age.'),
    placeHolder: l10n.t('Name, such as "before the refactoring"'),
    validateInput: (value) =>
      value.length > maxNameLength ? l10n.t('Enter at most {0} characters.', maxNameLength) : undefined,
  });
  if (name === undefined || name.trim() === '') return;
  const labels = await api.act.label(name);
  runner.offer(l10n.t('Labeled this time "{0}".', oneLine(name.trim())), [
    { title: l10n.t('Undo'), run: () => remove(api, labels) },
  ]);
}

async function removeLabel(context: CommandContext, arg: unknown): Promise<void> {
  const row = asLabelNode(arg) ?? (await pickLabel(context));
  if (!row) return;
  await remove(context.api, row.labels);
  context.runner.offer(
    l10n.t('Removed the label "{0}". Its versions are kept until retention drops them.', oneLine(row.name)),
    [{ title: l10n.t('Undo'), run: () => putBack(context.api, row.labels) }],
  );
}

async function pickLabel({ api, text }: CommandContext) {
  const rows = labelRows(await api.history.labels());
  if (rows.length === 0) throw new ObbyError('notFound', l10n.t('There are no labels.'));
  const items = rows.map((row) => ({
    label: forIconLabel(oneLine(row.name)),
    description: text.time.short(row.time),
    iconPath: new vscode.ThemeIcon('tag'),
    row,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: l10n.t('Label to remove'),
    matchOnDescription: true,
  });
  return picked?.row;
}

async function remove(api: CommandContext['api'], labels: readonly Label[]): Promise<void> {
  for (const { id } of labels) await api.act.removeLabel(id);
}

async function putBack(api: CommandContext['api'], labels: readonly Label[]): Promise<void> {
  for (const { name, time, folder } of labels) await api.act.label(name, { time, folder });
}

async function pin(context: CommandContext, arg: unknown, pinned: boolean): Promise<void> {
  const target = await versionTargetOrPick(
    context,
    arg,
    pinned ? l10n.t('Version to pin') : l10n.t('Version to unpin'),
  );
  if (target) await context.api.act.pin(target.version.id, pinned);
}
