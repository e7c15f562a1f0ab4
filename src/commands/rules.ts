import * as vscode from 'vscode';
import type { Explanation } from '../api';
import { commands } from '../ids';
import { DisposableStore, type Disposable } from '../model/disposable';
import { oneLine } from '../views/displayText';
import { ignoreFile, watchFile as watchRulesFile } from '../watch/rules';
import type { CommandContext } from './commandContext';
import type { Offer } from './commandRunner';
import { fileExists } from './fileExists';
import { chooseFolder, openIgnoreFile, openRuleFile, openWatchFile, watchPath } from './ruleFiles';
import { fileTarget } from './target';

/** What is watched: write the rules, and ask what they mean for a file. */
export function registerRules(context: CommandContext): Disposable {
  const { runner } = context;
  const disposables = new DisposableStore();
  disposables.add(runner.register(commands.createRules, createRules));
  disposables.add(runner.register(commands.editRules, editRules));
  disposables.add(runner.register(commands.explainFile, (arg) => explainFile(context, arg)));
  return disposables;
}

async function createRules(arg: unknown): Promise<void> {
  const folder = await chooseFolder(arg);
  if (folder) await openWatchFile(folder);
}

async function editRules(arg: unknown): Promise<void> {
  const folder = await chooseFolder(arg);
  if (!folder) return;
  const { t } = vscode.l10n;
  const watch = { name: watchRulesFile, about: t('what is recorded'), open: openWatchFile };
  const ignore = { name: ignoreFile, about: t('what is never recorded'), open: openIgnoreFile };
  const items = await Promise.all(
    [watch, ignore].map(async ({ name, about, open }) => {
      const isThere = await fileExists(vscode.Uri.joinPath(folder.uri, name));
      return { label: name, description: isThere ? about : t('{0} · create it', about), open };
    }),
  );
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Rules of {0}', folder.name) });
  await picked?.open(folder);
}

async function explainFile(context: CommandContext, arg: unknown): Promise<void> {
  const file = await fileTarget(context, arg);
  const explanation = await context.api.watching.explain(file);
  const name = oneLine(vscode.workspace.asRelativePath(file));
  context.runner.offer(`${name} · ${explanation.reason}`, offersFor(context, file, explanation));
}

function offersFor(context: CommandContext, file: vscode.Uri, { verdict, ruleFile, line }: Explanation): Offer[] {
  const { t } = vscode.l10n;
  const goToRule = ruleFile && { title: t('Go to Rule'), run: () => openRuleFile(ruleFile, line) };
  const isUnlisted = verdict === 'not listed' || verdict === 'no rules';
  const watch = isUnlisted && { title: t('Watch It'), run: () => watchFile(context, file) };
  return [...(goToRule ? [goToRule] : []), ...(watch ? [watch] : [])];
}

async function watchFile({ runner }: CommandContext, file: vscode.Uri): Promise<void> {
  const rules = await watchPath(file);
  const name = oneLine(vscode.workspace.asRelativePath(file));
  const open = { title: vscode.l10n.t('Open Rules'), run: () => openRuleFile(rules) };
  runner.offer(vscode.l10n.t('{0} is watched from now on.', name), [open]);
}
