import * as l10n from '@vscode/l10n';
import { plural } from '../../base/plural';
import * as vscode from 'vscode';
import type { ForgetPlan, ForgetRequest } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { fileName, forMessage, oneLine, forIconLabel } from '../../views/text/displayText';
import { describePlan, forgetReport, type NamedPlan } from '../../views/text/maintenanceText';
import { inProgress, type CommandContext } from '../commandContext';
import { fileTarget } from '../compare/target';
import { versionCount, type TimeText, parseLocalTime } from '../../views/text/timeText';
import { asVersionNode } from '../../views/history/historyRows';
import { patternOfPath } from '../proposal/gitignoreLines';
import { chooseFolder } from '../watching/ruleFiles';

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
  if (plan.versions === 0 && plan.labels === 0) {
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

function namedPlan(
  { versions, files, isCut, labels, onDisk }: ForgetPlan,
  { text }: ForgetRequest,
  time: TimeText,
): NamedPlan {
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
    warnings: [...labelNote(labels), ...warnings(back, text !== undefined)],
  };
}

function labelNote(labels: number): string[] {
  if (labels === 0) return [];
  return [plural(labels, l10n.t('1 label loses its name.'), l10n.t('{0} labels lose their names.', labels))];
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

/** A selection of history to delete. */
interface PickedForget {
  readonly request: ForgetRequest;
  /** A brief description, without a text that may be a secret. */
  readonly what: string;
}

type Ask = () => Promise<PickedForget | undefined> | PickedForget;

interface Item extends vscode.QuickPickItem {
  readonly ask: Ask;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const minTextLength = 4;

/** Asks what to delete; undefined: nothing. */
async function pickForget(context: CommandContext, arg: unknown): Promise<PickedForget | undefined> {
  const items: Item[] = [
    ...(await fileOrFolderItems(context, arg)),
    item('filter', l10n.t('Files by Pattern…'), l10n.t('in the syntax of .gitignore'), () => askPattern(arg)),
    item('calendar', l10n.t('Time Span…'), l10n.t('of all files'), () => askSpan(arg)),
    item('key', l10n.t('Text…'), l10n.t('such as a password that was in a file'), askText),
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Select what to delete') });
  return picked?.ask();
}

function item(icon: string, label: string, description: string, ask: Ask): Item {
  return { label, description, iconPath: new vscode.ThemeIcon(icon), ask };
}

/** For the command's argument, or else the active file. */
async function fileOrFolderItems({ activeFile }: CommandContext, arg: unknown): Promise<Item[]> {
  const uri = arg instanceof vscode.Uri ? arg : (asVersionNode(arg)?.version.uri ?? activeFile.uri);
  const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
  if (!folder || folder.uri.toString() === uri.toString()) return [];
  const name = oneLine(fileName(uri.path));
  if (await isFolder(uri)) {
    const path = uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1);
    const pattern = patternOfPath(path, true);
    if (pattern === undefined) return [];
    const request = { pattern, folder: folder.uri };
    return [item('folder', l10n.t('Everything in {0}', forIconLabel(name)), '', () => ({ request, what: name }))];
  }
  const label = l10n.t('The History of {0}', forIconLabel(name));
  return [item('file', label, '', () => ({ request: { uri }, what: name }))];
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    // A deleted file still has a history.
    return false;
  }
}

async function askPattern(arg: unknown): Promise<PickedForget | undefined> {
  const folder = await chooseFolder(arg);
  if (!folder) return undefined;
  const pattern = await vscode.window.showInputBox({
    title: l10n.t('Delete Files by Pattern'),
    prompt: l10n.t('One line in the syntax of .gitignore. The history of matching files is deleted.'),
    placeHolder: '.env*',
  });
  if (pattern === undefined || pattern.trim() === '') return undefined;
  return { request: { pattern, folder: folder.uri }, what: oneLine(pattern) };
}

async function askText(): Promise<PickedForget | undefined> {
  const text = await vscode.window.showInputBox({
    title: l10n.t('Delete a Text'),
    prompt: l10n.t('Every version that contains it loses its content. The text is neither shown nor logged.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value !== '' && value.length < minTextLength
        ? l10n.t('Enter at least {0} characters.', minTextLength)
        : undefined,
  });
  return text === undefined || text === '' ? undefined : { request: { text }, what: l10n.t('the entered text') };
}

async function askSpan(arg: unknown): Promise<PickedForget | undefined> {
  const folder = await chooseFolder(arg);
  if (!folder) return undefined;
  const now = Date.now();
  const span = (label: string, bounds: Pick<ForgetRequest, 'since' | 'until'>): Item =>
    item('calendar', label, '', () => ({ request: { ...bounds, folder: folder.uri }, what: label }));
  const items = [
    span(l10n.t('The Last Hour'), { since: now - hourMs }),
    span(l10n.t('The Last 24 Hours'), { since: now - dayMs }),
    span(l10n.t('Older than 30 Days'), { until: now - 30 * dayMs }),
    span(l10n.t('Older than a Year'), { until: now - 365 * dayMs }),
    item('edit', l10n.t('From … to …'), '', () => askBounds(folder.uri)),
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Select versions to delete') });
  return picked?.ask();
}

async function askBounds(folder: vscode.Uri): Promise<PickedForget | undefined> {
  const since = await askTime(l10n.t('Delete versions from this time on'));
  const until = since && (await askTime(l10n.t('Delete versions until this time, from {0}', since.text)));
  if (!since || !until) return undefined;
  return {
    request: { since: since.time, until: until.time, folder },
    what: l10n.t('{0} to {1}', since.text, until.text),
  };
}

async function askTime(prompt: string): Promise<{ readonly time: number; readonly text: string } | undefined> {
  const text = await vscode.window.showInputBox({
    title: l10n.t('Delete a Time Span'),
    prompt,
    placeHolder: '2026-01-31 14:00',
    validateInput: (value) =>
      value !== '' && parseLocalTime(value) === undefined
        ? l10n.t('Use the form year-month-day hour:minute, such as 2026-01-31 14:00.')
        : undefined,
  });
  const time = text === undefined ? undefined : parseLocalTime(text);
  return text === undefined || time === undefined ? undefined : { time, text };
}
