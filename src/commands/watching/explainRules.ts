import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Explanation } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { oneLine } from '../../views/text/displayText';
import { ignoreFile, watchFile } from '../../rules/rules';
import type { CommandContext, Offer } from '../commandContext';
import { fileExists, fileTarget } from '../compare/target';
import { createRules, draftIgnoreFile, watchFolder } from './createRules';
import { chooseFolder, openRuleFile, watchOneFile } from './ruleFiles';

/** Commands that write, open and explain the rules. */
export function registerRules(context: CommandContext): Disposable {
  const { runner } = context;
  const disposables = new DisposableStore();
  disposables.add(runner.register(commands.createRules, (arg) => create(context, arg)));
  disposables.add(runner.register(commands.restoreRules, (arg) => restoreRules(context, arg)));
  disposables.add(runner.register(commands.editRules, (arg) => editRules(context, arg)));
  disposables.add(runner.register(commands.explainFile, (arg) => explainFile(context, arg)));
  return disposables;
}

async function create(context: CommandContext, arg: unknown): Promise<void> {
  const folder = await chooseFolder(arg);
  if (folder) await createRules(context, folder);
}

async function restoreRules({ api, runner, statuses }: CommandContext, arg: unknown): Promise<void> {
  const canRestore = (statuses.value ?? []).filter((status) => status.canRestoreRules).map(({ folder }) => folder);
  const folder = await chooseFolder(canRestore.length === 1 ? canRestore[0] : arg);
  if (!folder) return;
  const files = await api.watching.restoreRules(folder.uri);
  const names = files.map((uri) => oneLine(vscode.workspace.asRelativePath(uri))).join(', ');
  const open = {
    title: l10n.t('Open Rules'),
    run: () => openRuleFile(vscode.Uri.joinPath(folder.uri, watchFile)),
  };
  runner.offer(l10n.t('Restored {0}.', names), [open]);
}

async function editRules(context: CommandContext, arg: unknown): Promise<void> {
  const folder = await chooseFolder(arg);
  if (!folder) return;
  const watch = { name: watchFile, about: l10n.t('files to record'), create: createRules };
  const ignore = { name: ignoreFile, about: l10n.t('files that are never recorded'), create: draftIgnoreFile };
  const items = await Promise.all(
    [watch, ignore].map(async ({ name, about, create }) => {
      const uri = vscode.Uri.joinPath(folder.uri, name);
      return (await fileExists(uri))
        ? { label: name, description: about, run: () => openRuleFile(uri) }
        : { label: name, description: l10n.t('{0} · create it', about), run: () => create(context, folder) };
    }),
  );
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Rules of {0}', folder.name) });
  await picked?.run();
}

async function explainFile(context: CommandContext, arg: unknown): Promise<void> {
  const file = await fileTarget(context, arg);
  const explanation = await context.api.watching.explain(file);
  const name = oneLine(vscode.workspace.asRelativePath(file));
  context.runner.offer(`${name} · ${explanation.reason}`, offersFor(context, file, explanation));
}

function offersFor(context: CommandContext, file: vscode.Uri, { verdict, ruleFile, line }: Explanation): Offer[] {
  const goToRule = ruleFile && { title: l10n.t('Go to Rule'), run: () => openRuleFile(ruleFile, line) };
  const isUnlisted = verdict === 'not listed' || verdict === 'no rules';
  const watchIt = isUnlisted && { title: l10n.t('Watch It'), run: () => watch(context, file) };
  return [...(goToRule ? [goToRule] : []), ...(watchIt ? [watchIt] : [])];
}

async function watch(context: CommandContext, uri: vscode.Uri): Promise<void> {
  const { type } = await vscode.workspace.fs.stat(uri);
  if ((type & vscode.FileType.Directory) !== 0) return watchFolder(context, uri);
  const rules = await watchOneFile(uri);
  const name = oneLine(vscode.workspace.asRelativePath(uri));
  const open = { title: l10n.t('Open Rules'), run: () => openRuleFile(rules) };
  context.runner.offer(l10n.t('{0} is watched from now on.', name), [open]);
}
