import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { RestorePlan, RestoreResult, RestoreStep, Version } from '../../api/api';
import { commands } from '../../ids';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { messageOf, ObbyError } from '../../base/errors';
import type { VersionId } from '../../model/version';
import type { Comparison } from '../../views/diff/comparison';
import { forMessage, oneLine, forIconLabel } from '../../views/text/displayText';
import type { CommandContext, Offer } from '../commandContext';
import { showComparison } from '../compare/compare';
import { registerLosses, type Wanted } from './restoreLosses';
import { versionTargetOrPick } from '../compare/target';
import { plural } from '../../base/plural';
import { fileCount, type TimeText } from '../../views/text/timeText';
import { byPath, groupBy } from '../../views/history/historyRows';
import type { VersionText } from '../../views/text/versionText';
import { ruleRank } from '../../rules/rules';

/** After this time, an undo asks first. */
const longAgoMs = 3_600_000;
/** Files that a question names; the rest is counted. */
const maxNamed = 10;

export function registerRestore(context: CommandContext): Disposable {
  const disposables = new DisposableStore();
  const restoring = new Restoring(context);
  const register = (id: string, run: (arg: unknown) => Promise<void>): void => {
    disposables.add(context.runner.register(id, run));
  };
  register(commands.restoreVersion, (arg) => restoring.restoreVersion(arg));
  register(commands.restoreDeletedFile, () => restoring.restoreDeleted());
  register(commands.undoRestore, () => restoring.undoLast());
  disposables.add(registerLosses(context, restoring));
  return disposables;
}

class Restoring {
  constructor(private readonly context: CommandContext) {}

  async restoreVersion(arg: unknown): Promise<void> {
    const target = await versionTargetOrPick(this.context, arg, l10n.t('Version to restore'));
    if (!target) return;
    const plan = await this.context.api.act.planRestore({ versions: [contentOf(target.version)] });
    await this.carryOut(plan, this.context.text.time.short(target.version.time));
  }

  async restoreDeleted(): Promise<void> {
    const chosen = await pickDeleted(this.context);
    if (!chosen) return;
    const result = await this.restoreEach(
      chosen.map((deletion) => ({ path: deletion.path, content: () => contentOf(deletion) })),
    );
    const [only, ...others] = result?.files ?? [];
    if (only && others.length === 0) await vscode.commands.executeCommand('vscode.open', only.uri);
  }

  /** Asks first if the restore was long ago: the files may have changed since. */
  async undoLast(): Promise<void> {
    const { statuses, clock, text } = this.context;
    const times = (statuses.value ?? []).flatMap(({ undoable }) => undoable?.time ?? []);
    const last = Math.max(...times);
    if (times.length === 0 || Math.abs(clock.now() - last) < longAgoMs || (await confirmUndo(text.time.short(last))))
      await this.undo();
  }

  async undo(): Promise<void> {
    const { files, failed } = await this.context.api.act.undoRestore();
    const what = describeFiles(
      files.map(({ uri }) => uri),
      this.context.text.time,
    );
    this.context.runner.offer(
      [l10n.t('Undid the restore of {0}.', what), ...notRestored(failed, this.context.text.time)].join(' '),
      this.failureOffers(failed),
    );
  }

  async restoreEach(files: readonly Wanted[]): Promise<RestoreResult | undefined> {
    return this.carryOut(await planEach(this.context, files));
  }

  /** `when` names the restored state, if there is one. Undefined: nothing to do, or not confirmed. */
  private async carryOut(plan: RestorePlan, when?: string): Promise<RestoreResult | undefined> {
    const { api, runner, text } = this.context;
    const changes = plan.steps.filter(({ action }) => action !== 'none');
    if (changes.length === 0) {
      runner.offer(alreadyThere(plan, text.time), []);
      return undefined;
    }
    if (!(await confirm(changes, text.time))) return undefined;
    const result = await api.act.restore(plan);
    const canUndo = result.files.some(({ version }) => version);
    this.report(result, when, canUndo);
    return result;
  }

  private report(result: RestoreResult, when: string | undefined, canUndo: boolean): void {
    const { files, failed } = result;
    const { time } = this.context.text;
    const written = files.filter(({ version }) => version);
    const total = files.length + failed.length;
    const what =
      failed.length > 0
        ? l10n.t('{0} of {1} files', time.count(files.length), time.count(total))
        : describeFiles(
            written.map(({ uri }) => uri),
            time,
          );
    const message = when === undefined ? l10n.t('Restored {0}.', what) : l10n.t('Restored {0} to {1}.', what, when);
    const { replaced, version } = written.length === 1 ? (written[0] ?? {}) : {};
    const compare = replaced && version && { title: l10n.t('Compare'), run: () => this.compare(replaced, version) };
    const undo = canUndo && { title: l10n.t('Undo'), run: () => this.undo() };
    this.context.runner.offer([message, ...notRestored(failed, time)].join(' '), [
      ...(undo ? [undo] : []),
      ...(compare ? [compare] : []),
      ...this.failureOffers(failed),
    ]);
  }

  private failureOffers(failed: RestoreResult['failed']): Offer[] {
    if (failed.length === 0) return [];
    const report = failed.map(
      ({ uri, error }) => `${oneLine(vscode.workspace.asRelativePath(uri))}\n  ${error.message}\n`,
    );
    const run = (): Promise<void> => this.context.reports.show(l10n.t('Files Not Restored'), report.join('\n'));
    return [{ title: l10n.t('Show Details'), run }];
  }

  private compare(replaced: Version, version: Version): Promise<void> {
    const comparison: Comparison = {
      left: { kind: 'version', version: replaced },
      right: { kind: 'version', version },
    };
    return showComparison(this.context, comparison, version.uri);
  }
}

/** Plans file by file, so that a failure does not affect the others; rejects if all fail. */
async function planEach({ api, runner, log }: CommandContext, wanted: readonly Wanted[]): Promise<RestorePlan> {
  const steps: RestoreStep[] = [];
  const errors: unknown[] = [];
  for (const { path, content } of wanted) {
    try {
      steps.push(...(await api.act.planRestore({ versions: [content()] })).steps);
    } catch (error) {
      errors.push(error);
      log.warn(`${oneLine(path)} cannot be restored: ${messageOf(error)}`);
    }
  }
  if (steps.length === 0) throw errors[0];
  if (errors.length > 0) {
    const message = plural(
      errors.length,
      l10n.t('1 file could not be restored. See the log.'),
      l10n.t('{0} files could not be restored. See the log.', errors.length),
    );
    runner.offer(message, []);
  }
  return { steps };
}

/** The sentence about what failed, if something did. */
function notRestored(failed: RestoreResult['failed'], time: TimeText): string[] {
  if (failed.length === 0) return [];
  const count = time.count(failed.length);
  return [plural(failed.length, l10n.t('1 could not be restored.'), l10n.t('{0} could not be restored.', count))];
}

/** Restoring a deletion means the content that was deleted. */
function contentOf(version: Version): VersionId {
  if (version.kind !== 'deleted') return version.id;
  if (version.previous !== undefined) return version.previous;
  throw new ObbyError(
    'notStored',
    l10n.t('No content of {0} was recorded before it was deleted.', oneLine(version.path)),
  );
}

/** Asks only before a restore of several files, or over unsaved text. */
async function confirm(steps: readonly RestoreStep[], time: TimeText): Promise<boolean> {
  const isUnsaved = steps.some((step) => step.unsaved);
  if (steps.length === 1 && !isUnsaved) return true;
  const files = describeFiles(
    steps.map(({ uri }) => uri),
    time,
  );
  const question =
    steps.length === 1 ? l10n.t('{0} has unsaved changes. Restore it?', files) : l10n.t('Restore {0}?', files);
  const replaced = steps.filter(({ action }) => action === 'write').length;
  const detail = [
    ...(steps.length === 1 ? [] : nameSteps(steps)),
    steps.length > 1 && replaced > 0
      ? plural(
          replaced,
          l10n.t('1 of them exists and will be replaced.'),
          l10n.t('{0} of them exist and will be replaced.', replaced),
        )
      : '',
    replaced > 0 ? l10n.t('The current state, including unsaved text, is recorded first. You can undo this.') : '',
  ];
  const restore = l10n.t('Restore');
  const options = { modal: true, detail: detail.filter(Boolean).join('\n') };
  return (await vscode.window.showWarningMessage(forMessage(question), options, restore)) === restore;
}

async function confirmUndo(when: string): Promise<boolean> {
  const question = l10n.t('Undo the restore from {0}?', when);
  const detail = l10n.t('What was changed since is recorded first.');
  const undo = l10n.t('Undo');
  return (await vscode.window.showWarningMessage(forMessage(question), { modal: true, detail }, undo)) === undo;
}

function nameSteps(steps: readonly RestoreStep[]): string[] {
  const named = steps.slice(0, maxNamed).map(({ uri }) => oneLine(vscode.workspace.asRelativePath(uri)));
  const rest = steps.length - named.length;
  return rest > 0 ? [...named, l10n.t('… and {0} more', rest)] : named;
}

function alreadyThere({ steps }: RestorePlan, time: TimeText): string {
  const files = describeFiles(
    steps.map(({ uri }) => uri),
    time,
  );
  return plural(
    steps.length,
    l10n.t('{0} already has this content.', files),
    l10n.t('{0} already have this content.', files),
  );
}

function describeFiles(uris: readonly vscode.Uri[], time: TimeText): string {
  const [only, ...others] = uris;
  if (!only || others.length > 0) return fileCount(uris.length, time);
  return oneLine(vscode.workspace.asRelativePath(only));
}

interface Item extends vscode.QuickPickItem {
  readonly deletions: readonly Version[];
}

/** Asks for a deleted file, or all files that a change set deleted; undefined if nothing is chosen. */
async function pickDeleted({
  api,
  text,
}: Pick<CommandContext, 'api' | 'text'>): Promise<readonly Version[] | undefined> {
  const deletions = await api.history.deletedFiles();
  if (deletions.length === 0) throw new ObbyError('notFound', l10n.t('No deleted files.'));
  const byChangeSet = groupBy(deletions, ({ changeSet }) => changeSet);
  const chosen = await vscode.window.showQuickPick<Item>(
    [...byChangeSet.values()].flatMap((group) => changeSetItems(group, text)),
    { placeHolder: l10n.t('Deleted file to restore'), matchOnDescription: true },
  );
  return chosen?.deletions;
}

/** The files of one change set; first all together, if there are several. */
function changeSetItems(deletions: readonly Version[], text: VersionText): Item[] {
  const ordered = byPath(deletions).sort((a, b) => ruleRank(a.path) - ruleRank(b.path));
  const files = ordered.map((deletion) => fileItem(deletion, text));
  const [first] = deletions;
  if (!first || deletions.length === 1) return files;
  const all: Item = {
    label: l10n.t('All {0} files deleted together', text.time.count(deletions.length)),
    description: whenAndWhy(first, text),
    iconPath: new vscode.ThemeIcon('files'),
    deletions,
  };
  return [all, ...files];
}

function fileItem(deletion: Version, text: VersionText): Item {
  return {
    label: forIconLabel(oneLine(deletion.path)),
    description: whenAndWhy(deletion, text),
    iconPath: vscode.ThemeIcon.File,
    deletions: [deletion],
  };
}

function whenAndWhy(deletion: Version, text: VersionText): string {
  return `${text.time.short(deletion.time)} · ${text.cause(deletion)}`;
}
