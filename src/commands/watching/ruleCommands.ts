import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Explanation } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ObbyError } from '../../base/errors';
import { oneLine } from '../../views/text/displayText';
import { ignoreFile, watchFile, Rules } from '../../rules/rules';
import type { CommandContext, Offer } from '../commandContext';
import { fileExists, fileTarget } from '../compare/target';
import {
  chooseFolder,
  openRuleFile,
  watchOneFile,
  createFile,
  eolOf,
  insert,
  insertAndSave,
  openUnsaved,
  ruleFileOf,
  type RuleDocument,
} from './ruleFiles';
import { pathInFolder } from '../../host/editor/editorEvents';
import { PreviewText, type PreviewFacts, type PreviewRow } from '../proposal/preview';
import { proposeRules, type RulesProposal } from '../proposal/proposeRules';
import { repositoryOf, treeOnDisk } from '../proposal/treeReader';
import { appendLines, commented, insertPatterns, sectionLines } from './rulesTemplate';
import { plural } from '../../base/plural';

/** Commands that write, open and explain the rules. */
export function registerRules(context: CommandContext): Disposable {
  const { runner } = context;
  const disposables = new DisposableStore();
  disposables.add(runner.register(commands.createRules, (arg) => create(context, arg)));
  disposables.add(runner.register(commands.restoreRules, (arg) => restoreRules(context, arg)));
  disposables.add(runner.register(commands.editRules, (arg) => editRules(context, arg)));
  disposables.add(runner.register(commands.explainFile, (arg) => explainFile(context, arg)));
  disposables.add(runner.register(commands.goToRule, (arg) => goToRule(context, arg)));
  disposables.add(runner.register(commands.watchFile, async (arg) => watch(context, await fileTarget(context, arg))));
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

/** Opens the line that excludes a file. */
async function goToRule(context: CommandContext, arg: unknown): Promise<void> {
  const { ruleFile, line, reason } = await context.api.watching.explain(await fileTarget(context, arg));
  if (!ruleFile) throw new ObbyError('notFound', reason);
  await openRuleFile(ruleFile, line);
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

/** The root rule files of a workspace folder. */
interface RuleFiles {
  readonly watch: RuleDocument;
  readonly ignore: RuleDocument;
}

/** Proposes rules for a workspace folder, shows what they would watch, and asks to write them. Opens existing rules. */
async function createRules(context: CommandContext, folder: vscode.WorkspaceFolder): Promise<void> {
  const { document } = await ruleFileOf(folder, watchFile);
  const hasRules = document && !new Rules({ watch: document.getText(), ignores: [] }).isEmpty;
  if (hasRules) await openRuleFile(document.uri);
  else await proposeAndAsk(context, folder, undefined);
}

/** Shows what would be watched in a subfolder, and asks to add its rule. */
async function watchFolder(context: CommandContext, uri: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const path = folder && pathInFolder(folder, uri);
  if (folder && path === undefined) await createRules(context, folder);
  else if (folder) await proposeAndAsk(context, folder, path);
}

/** Opens an unsaved `.obbyignore` with the proposed lines. */
async function draftIgnoreFile(context: CommandContext, folder: vscode.WorkspaceFolder): Promise<void> {
  const files = { watch: { uri: folder.uri, document: undefined }, ignore: await ruleFileOf(folder, ignoreFile) };
  const proposal = await propose(context, folder, files, undefined);
  if (proposal) await openUnsaved(files.ignore.uri, proposal.texts.ignore);
}

/** @param wanted the path of a folder; undefined: the whole workspace folder */
async function proposeAndAsk(
  context: CommandContext,
  folder: vscode.WorkspaceFolder,
  wanted: string | undefined,
): Promise<void> {
  const files = { watch: await ruleFileOf(folder, watchFile), ignore: await ruleFileOf(folder, ignoreFile) };
  const proposal = await propose(context, folder, files, wanted);
  if (!proposal) return;
  const text = new PreviewText(context.text.time);
  const answer = await askToWatch(proposal.facts, text, wanted ?? folder.name);
  if (answer === undefined) return;
  // First: recording starts with `.obbywatch`, and must not include what `.obbyignore` excludes.
  await writeIgnoreFile(files.ignore, proposal);
  if (answer === 'watch') {
    await writeWatchFile(files.watch, proposal);
    await reportWatched(context, folder);
  } else {
    await draftWatchFile(files.watch, proposal);
    context.runner.offer(l10n.t('Recording starts when you save .obbywatch.'), []);
  }
}

/** Undefined: cancelled. */
async function propose(
  { api, clock, maxFileBytes }: CommandContext,
  folder: vscode.WorkspaceFolder,
  { watch, ignore }: RuleFiles,
  wanted: string | undefined,
): Promise<RulesProposal | undefined> {
  const isReserved = async (path: string): Promise<boolean> => {
    const { verdict } = await api.watching.explain(vscode.Uri.joinPath(folder.uri, path));
    return verdict === 'always ignored' || verdict === 'outside';
  };
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: l10n.t('Obby: reading {0}', oneLine(folder.name)),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const proposal = await proposeRules({
      reader: treeOnDisk(folder.uri.fsPath),
      repository: await repositoryOf(folder.uri.fsPath),
      existing: { watch: watch.document?.getText(), ignore: ignore.document?.getText() },
      wanted,
      isReserved,
      maxFileBytes: maxFileBytes.of(folder.uri),
      clock,
      onCancel: (callback) => token.onCancellationRequested(callback),
    });
    return token.isCancellationRequested ? undefined : proposal;
  });
}

async function writeIgnoreFile({ uri, document }: RuleDocument, { sections, texts }: RulesProposal): Promise<void> {
  const lines = sectionLines(sections);
  if (lines.length === 0) return;
  if (document) await insertAndSave(document, appendLines(document.getText(), lines, eolOf(document)));
  else await createFile(uri, texts.ignore);
}

async function writeWatchFile({ uri, document }: RuleDocument, { patterns, texts }: RulesProposal): Promise<void> {
  if (document) await insertAndSave(document, insertPatterns(document.getText(), patterns, eolOf(document)));
  else await createFile(uri, texts.watch);
}

/** In an existing file the lines are comments, because the editor may save it automatically. */
async function draftWatchFile({ uri, document }: RuleDocument, { patterns, texts }: RulesProposal): Promise<void> {
  if (!document) return openUnsaved(uri, texts.watch);
  const header = l10n.t('Proposed: remove the # from the lines that you want');
  const lines = [header, ...patterns].map(commented);
  await insert(document, insertPatterns(document.getText(), lines, eolOf(document)));
  await openRuleFile(uri);
}

async function reportWatched({ api, runner, text }: CommandContext, folder: vscode.WorkspaceFolder): Promise<void> {
  const name = oneLine(folder.name);
  await api.watching.scan(folder.uri);
  const status = (await api.watching.status()).find((each) => each.folder.toString() === folder.uri.toString());
  if (status?.state === 'paused') {
    const resume = { title: l10n.t('Resume Recording'), run: () => api.watching.resume(folder.uri) };
    runner.offer(l10n.t('The rules of {0} are written. Recording is paused.', name), [resume]);
    return;
  }
  const files = status?.lastScan?.files ?? 0;
  const count = plural(
    files,
    l10n.t('1 file is watched in {0}.', name),
    l10n.t('{0} files are watched in {1}.', text.time.count(files), name),
  );
  const edit = { title: l10n.t('Open Rules'), run: () => openRuleFile(vscode.Uri.joinPath(folder.uri, watchFile)) };
  runner.offer(count, [edit]);
}

/** Undefined: cancelled. */
type Answer = 'watch' | 'edit' | undefined;

interface Item extends vscode.QuickPickItem {
  readonly answer?: Answer;
}

/** Shows what rules would watch, and asks whether to use them. */
async function askToWatch(facts: PreviewFacts, text: PreviewText, name: string): Promise<Answer> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = l10n.t('What to Watch in {0}', oneLine(name));
  pick.placeholder = text.question(facts, name);
  pick.ignoreFocusOut = true;
  pick.items = [
    {
      label: text.agree(facts),
      description: l10n.t('write .obbywatch and .obbyignore, and record'),
      iconPath: new vscode.ThemeIcon('eye'),
      answer: 'watch',
    },
    {
      label: l10n.t('Edit First'),
      description: l10n.t('recording starts when you save .obbywatch'),
      iconPath: new vscode.ThemeIcon('edit'),
      answer: 'edit',
    },
    ...section(l10n.t('largest folders'), text.folders(facts)),
    ...section(l10n.t('not watched'), text.notes(facts)),
  ];
  try {
    return await new Promise((resolve) => {
      // The other rows have no action.
      pick.onDidAccept(() => pick.activeItems[0]?.answer && resolve(pick.activeItems[0].answer));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function section(label: string, rows: readonly PreviewRow[]): Item[] {
  if (rows.length === 0) return [];
  const items = rows.map((row) => ({ ...row, iconPath: new vscode.ThemeIcon(row.icon) }));
  return [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
