import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { Version } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { assertNever, ObbyError } from '../../base/errors';
import type { Unstored } from '../../model/version';
import type { Comparison, Side } from '../../views/diff/comparison';
import { fileName, oneLine } from '../../views/text/displayText';
import { asVersionNode, asChangeSetNode } from '../../views/history/historyRows';
import type { CommandContext } from '../commandContext';
import { openMultiDiff, type MultiDiffChange } from './multiDiff';
import { fileExists, fileTarget, versionTarget, versionTargetOrPick, type VersionTarget } from './target';
import { noVersions, pickVersion } from './versionPicker';
import { versionUri } from '../../views/diff/versionDocuments';

/** Versions that are listed at a time to find the one after another. */
const pageSize = 200;

/** Commands that show versions and change nothing. */
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
  register(commands.compareOlder, () => step(context, older));
  register(commands.compareNewer, () => step(context, newer));
  register(commands.openChangeSet, (arg) => openChangeSet(context, arg));
  return disposables;
}

/** Shows a comparison in the editor of the setting, and the history of its file in the sidebar. */
export async function showComparison(context: CommandContext, comparison: Comparison, file: vscode.Uri): Promise<void> {
  const comparer = context.diffEditorChoice.value === 'builtin' ? context.diffEditor : context.diffPanels;
  await comparer.compare(comparison);
  context.activeFile.show(file);
}

async function compareWithPrevious(context: CommandContext, arg: unknown): Promise<void> {
  const target = await versionOrNewest(context, arg);
  const comparison = await comparisonWithPrevious(context, target);
  // A first version has nothing to compare with.
  if (comparison.left.kind === 'nothing') await openSide(context, comparison.right);
  else await showComparison(context, comparison, target.file);
}

/** Shows a version against another one of its file, or alone when there is none, at a line. */
export async function showVersionAt(
  context: CommandContext,
  version: Version,
  previous: Version | undefined,
  reveal: NonNullable<Comparison['reveal']>,
): Promise<void> {
  const right = sideOf(context, version);
  if (!previous || previous.kind === 'deleted') await context.diffEditor.open(right, reveal);
  else {
    const file = await context.api.history.fileOf(version.id);
    await showComparison(context, { left: sideOf(context, previous), right, reveal }, file);
  }
}

async function openInDiffEditor(context: CommandContext, arg: unknown): Promise<void> {
  const comparison = isComparison(arg)
    ? arg
    : await comparisonWithPrevious(context, await versionOrNewest(context, arg));
  await context.diffEditor.compare(comparison);
}

async function comparisonWithPrevious(context: CommandContext, { version }: VersionTarget): Promise<Comparison> {
  const previous = version.previous === undefined ? undefined : await context.api.history.version(version.previous);
  const left: Side = previous ? sideOf(context, previous) : { kind: 'nothing', uri: version.uri };
  return { left, right: sideOf(context, version) };
}

async function compareWithCurrent(context: CommandContext, arg: unknown): Promise<void> {
  const placeholder = l10n.t('Version to compare with the current file');
  const target = await versionTargetOrPick(context, arg, placeholder);
  if (target) await compareFileWith(context, target);
}

async function compareWithVersion(context: CommandContext, arg: unknown): Promise<void> {
  const file = await fileTarget(context, arg);
  const placeholder = l10n.t('Version to compare with the current file');
  const version = await pickVersion(context, file, { placeholder });
  if (version) await compareFileWith(context, { version, file });
}

async function compareFileWith(context: CommandContext, { version, file }: VersionTarget): Promise<void> {
  const current: Side = (await fileExists(file)) ? { kind: 'file', uri: file } : { kind: 'nothing', uri: file };
  await showComparison(context, { left: sideOf(context, version), right: current }, file);
}

async function compareSelected(context: CommandContext, arg: unknown, selected: unknown): Promise<void> {
  const rows = Array.isArray(selected) ? selected.map(asVersionNode).filter((row) => row !== undefined) : [];
  const pair = rows.length === 2 ? rows.map(({ version }) => version) : await pickTwo(context, arg);
  const [older, newer] = [...(pair ?? [])].sort((a, b) => a.time - b.time);
  if (!older || !newer) return;
  const file = await context.api.history.fileOf(newer.id);
  await showComparison(context, { left: sideOf(context, older), right: sideOf(context, newer) }, file);
}

async function pickTwo(context: CommandContext, arg: unknown): Promise<Version[] | undefined> {
  const first = await versionTargetOrPick(context, arg, l10n.t('First of the two versions'));
  if (!first) return undefined;
  const placeholder = l10n.t('Second version, to compare with {0}', context.text.time.short(first.version.time));
  const second = await pickVersion(context, first.file, { placeholder, except: first.version.id });
  return second && [first.version, second];
}

async function openVersion(context: CommandContext, arg: unknown): Promise<void> {
  const target = await versionTargetOrPick(context, arg, l10n.t('Version to open'));
  if (target) await openSide(context, sideOf(context, target.version));
}

async function openSide({ diffEditor }: CommandContext, side: Side): Promise<void> {
  if (side.kind !== 'nothing') return diffEditor.open(side);
  throw new ObbyError('notStored', l10n.t('This version is a deletion: it has no content to open.'));
}

async function versionOrNewest(context: CommandContext, arg: unknown): Promise<VersionTarget> {
  const given = await versionTarget(context, arg);
  if (given) return given;
  const file = await fileTarget(context, arg);
  const [version] = await context.api.history.versions(file, { limit: 1 });
  if (version) return { version, file };
  throw noVersions(file);
}

/** Throws for a version without content, which must not look like an empty file. */
function sideOf({ text }: CommandContext, version: Version): Side {
  if (version.kind === 'deleted') return { kind: 'nothing', uri: version.uri };
  if (!version.unstored) return { kind: 'version', version };
  const what = [oneLine(fileName(version.path)), text.time.short(version.time)] as const;
  throw new ObbyError('notStored', whyUnstored(version.unstored, what));
}

/** `what`: the name of the file, and the time. */
function whyUnstored(reason: Unstored, what: readonly [string, string]): string {
  switch (reason) {
    case 'too large':
      return l10n.t('{0} was too large to be stored at {1}. The setting obby.maxFileSizeMB is the limit.', ...what);
    case 'unreadable':
      return l10n.t('{0} could not be read at {1}, so its content was not stored.', ...what);
    case 'forgotten':
      return l10n.t('The content of {0} at {1} was deleted from the history.', ...what);
    default:
      return assertNever(reason);
  }
}

function isComparison(value: unknown): value is Comparison {
  return typeof value === 'object' && value !== null && 'left' in value && 'right' in value;
}

type Step = (context: CommandContext, version: Version) => Promise<Version | undefined>;

/**
 * Steps through the versions of the active comparison: on the left if the right side is the current file, otherwise on the
 * right, which is then compared with its previous version. Does nothing at either end.
 */
async function step(context: CommandContext, next: Step): Promise<void> {
  const { diffPanels, api } = context;
  const comparison = diffPanels.activeComparison;
  const version = comparison && steppedVersion(comparison);
  if (!version) return;
  const target = await next(context, version);
  if (!target || target.unstored) return;
  const file = await api.history.fileOf(target.id);
  const stepped =
    comparison.right.kind === 'file'
      ? { left: sideOf(context, target), right: comparison.right }
      : await comparisonWithPrevious(context, { version: target, file });
  await showComparison(context, stepped, file);
}

function steppedVersion({ left, right }: Comparison): Version | undefined {
  const side = right.kind === 'version' ? right : left;
  return side.kind === 'version' ? side.version : undefined;
}

async function older({ api }: CommandContext, { previous }: Version): Promise<Version | undefined> {
  return previous === undefined ? undefined : api.history.version(previous);
}

async function newer({ api }: CommandContext, version: Version): Promise<Version | undefined> {
  const file = await api.history.fileOf(version.id);
  return (await successor(api, version, file, false)) ?? successor(api, version, file, true);
}

/** The version whose previous one is `id`, among those of the file or of `earlier` files at its path. */
async function successor(
  { history }: CommandContext['api'],
  { id }: Version,
  file: vscode.Uri,
  earlier: boolean,
): Promise<Version | undefined> {
  for (let last: Version | undefined; ;) {
    const page = await history.versions(file, { limit: pageSize, earlier, ...(last && { before: last.id }) });
    const next = page.find(({ previous }) => previous === id);
    last = page.at(-1);
    if (next || page.length < pageSize || page.some((version) => version.id === id)) return next;
  }
}

/** Files that the multi-diff editor opens at once. */
const maxOpened = 200;

/** Opens all changes of a change set in one editor; without a row, those of the newest. */
async function openChangeSet({ api, runner, text }: CommandContext, arg: unknown): Promise<void> {
  const changeSet = asChangeSetNode(arg)?.changeSet ?? (await api.history.changeSets({ limit: 1 }))[0];
  if (!changeSet) throw new ObbyError('notFound', l10n.t('Nothing is recorded yet.'));
  const versions = await api.history.changes(changeSet.newest.id, { limit: maxOpened });
  const changes = versions.filter(isShown).map(changeOf);
  if (changes.length === 0)
    throw new ObbyError('notStored', l10n.t('None of these files has a text that could be shown.'));
  await openMultiDiff(text.changeSetTitle(changeSet), changes);
  if (changes.length < changeSet.versions) {
    const shown = [text.time.count(changes.length), text.time.count(changeSet.versions)] as const;
    runner.offer(l10n.t('{0} of {1} changes are shown: at most {2} at once, and only texts.', ...shown, maxOpened), []);
  }
}

function isShown({ binary, unstored }: Version): boolean {
  return !binary && unstored === undefined;
}

function changeOf(version: Version): MultiDiffChange {
  const { uri, kind, previous } = version;
  const after = versionUri(version);
  // Before a creation there is a deletion, or nothing.
  const before = kind === 'created' || previous === undefined ? undefined : after.with({ query: previous });
  return [uri, before, kind === 'deleted' ? undefined : after];
}
