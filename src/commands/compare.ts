import * as vscode from 'vscode';
import type { Version } from '../api';
import { commands } from '../ids';
import { DisposableStore, type Disposable } from '../model/disposable';
import { ObbyError } from '../model/errors';
import type { Comparison, Side } from '../views/comparison';
import { fileName, oneLine } from '../views/displayText';
import { asVersionRow } from '../views/rows';
import type { CommandContext } from './commandContext';
import { fileExists } from './fileExists';
import { fileTarget, versionTarget, versionTargetOrPick, type VersionTarget } from './target';
import { noVersions, pickVersion } from './versionPick';

/** Compare, and open a version: everything that only looks. */
export function registerCompare(context: CommandContext): Disposable {
  const { runner } = context;
  const disposables = new DisposableStore();
  const register = (id: string, run: (arg: unknown, selected: unknown) => Promise<void>): void => {
    disposables.add(runner.register(id, run));
  };
  register(commands.compareWithPrevious, (arg) => compareWithPrevious(context, arg));
  register(commands.compareWithCurrent, (arg) => compareWithCurrent(context, arg));
  register(commands.compareWithVersion, (arg) => compareWithVersion(context, arg));
  register(commands.compareSelected, (arg, rows) => compareSelected(context, arg, rows));
  register(commands.openInDiffEditor, (arg) => openInDiffEditor(context, arg));
  register(commands.openVersion, (arg) => openVersion(context, arg));
  return disposables;
}

/** Shows a comparison where the person wants them shown. */
export async function showComparison(context: CommandContext, comparison: Comparison): Promise<void> {
  const comparer = context.diffEditorChoice.value === 'builtin' ? context.diffEditor : context.diffPanel;
  await comparer.compare(comparison);
}

async function compareWithPrevious(context: CommandContext, arg: unknown): Promise<void> {
  const comparison = await comparisonWithPrevious(context, arg);
  const { left, right } = comparison;
  // Nothing comes before a first version, so there is nothing to compare it with.
  if (left.kind === 'nothing') await context.diffEditor.open(right);
  else await showComparison(context, comparison);
}

async function openInDiffEditor(context: CommandContext, arg: unknown): Promise<void> {
  await context.diffEditor.compare(isComparison(arg) ? arg : await comparisonWithPrevious(context, arg));
}

/** The given version, or the newest of the given file, against the one before it. */
async function comparisonWithPrevious(context: CommandContext, arg: unknown): Promise<Comparison> {
  const { version } = (await versionTarget(context, arg)) ?? (await newestVersion(context, arg));
  const previous = version.previous === undefined ? undefined : await context.api.history.version(version.previous);
  const left: Side = previous ? sideOf(context, previous) : { kind: 'nothing', uri: version.uri };
  return { left, right: sideOf(context, version) };
}

async function compareWithCurrent(context: CommandContext, arg: unknown): Promise<void> {
  const placeholder = vscode.l10n.t('Version to compare with the current file');
  const target = await versionTargetOrPick(context, arg, placeholder);
  if (target) await compareFileWith(context, target);
}

async function compareWithVersion(context: CommandContext, arg: unknown): Promise<void> {
  const file = fileTarget(context, arg);
  const placeholder = vscode.l10n.t('Version to compare with the current file');
  const version = await pickVersion(context, file, { placeholder });
  if (version) await compareFileWith(context, { version, file });
}

async function compareFileWith(context: CommandContext, { version, file }: VersionTarget): Promise<void> {
  const current: Side = (await fileExists(file)) ? { kind: 'file', uri: file } : { kind: 'nothing', uri: file };
  await showComparison(context, { left: sideOf(context, version), right: current });
}

async function compareSelected(context: CommandContext, arg: unknown, selected: unknown): Promise<void> {
  const versions = Array.isArray(selected) ? selected.flatMap((row) => asVersionRow(row)?.version ?? []) : [];
  const [older, newer] = versions.length === 2 ? inOrder(versions) : ((await pickTwo(context, arg)) ?? []);
  if (!older || !newer) return;
  await showComparison(context, { left: sideOf(context, older), right: sideOf(context, newer) });
}

async function pickTwo(context: CommandContext, arg: unknown): Promise<Version[] | undefined> {
  const { t } = vscode.l10n;
  const first = await versionTargetOrPick(context, arg, t('First of the two versions'));
  if (!first) return undefined;
  const placeholder = t('Second version, to compare with {0}', context.text.time.short(first.version.time));
  const second = await pickVersion(context, first.file, { placeholder, except: first.version.id });
  return second && inOrder([first.version, second]);
}

async function openVersion(context: CommandContext, arg: unknown): Promise<void> {
  const target = await versionTargetOrPick(context, arg, vscode.l10n.t('Version to open'));
  if (!target) return;
  const side = sideOf(context, target.version);
  if (side.kind === 'nothing')
    throw new ObbyError('notStored', vscode.l10n.t('This version is a deletion: it has no content to open.'));
  await context.diffEditor.open(side);
}

async function newestVersion(context: CommandContext, arg: unknown): Promise<VersionTarget> {
  const file = fileTarget(context, arg);
  const [version] = await context.api.history.versions(file, { limit: 1 });
  if (version) return { version, file };
  throw noVersions(file);
}

/** A deletion is no file; a version whose content was not stored cannot be shown and must not look empty. */
function sideOf({ text }: CommandContext, version: Version): Side {
  if (version.kind === 'deleted') return { kind: 'nothing', uri: version.uri };
  if (!version.unstored) return { kind: 'version', version };
  const { t } = vscode.l10n;
  const what = [oneLine(fileName(version.path)), text.time.short(version.time)] as const;
  const message =
    version.unstored === 'too large'
      ? t('{0} was too large to be stored at {1}. The setting obby.maxFileSizeMB is the limit.', ...what)
      : t('{0} could not be read at {1}, so its content was not stored.', ...what);
  throw new ObbyError('notStored', message);
}

function inOrder(versions: readonly Version[]): Version[] {
  return [...versions].sort((a, b) => a.time - b.time);
}

function isComparison(value: unknown): value is Comparison {
  return typeof value === 'object' && value !== null && 'left' in value && 'right' in value;
}
