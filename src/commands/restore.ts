import * as vscode from 'vscode';
import type { RestorePlan, RestoreResult, RestoreStep, Version } from '../api';
import { commands, contextKeys } from '../ids';
import { DisposableStore, type Disposable } from '../model/disposable';
import { messageOf, ObbyError } from '../model/errors';
import type { VersionId } from '../model/version';
import type { Comparison } from '../views/comparison';
import { ContextKey } from '../views/contextKey';
import { forMessage, oneLine } from '../views/displayText';
import type { CommandContext } from './commandContext';
import { showComparison } from './compare';
import { pickDeleted } from './deletedPick';
import { versionTargetOrPick } from './target';

/** How many files a question names; the rest is counted. */
const maxNamed = 10;

/** Restore, and take a restore back. */
export function registerRestore(context: CommandContext): Disposable {
  const disposables = new DisposableStore();
  const restoring = new Restoring(context);
  const register = (id: string, run: (arg: unknown) => Promise<void>): void => {
    disposables.add(context.runner.register(id, run));
  };
  register(commands.restoreVersion, (arg) => restoring.restoreVersion(arg));
  register(commands.restoreDeletedFile, () => restoring.restoreDeleted());
  register(commands.undoRestore, () => restoring.undo());
  return disposables;
}

class Restoring {
  private readonly canUndo = new ContextKey<boolean>(contextKeys.canUndoRestore);

  constructor(private readonly context: CommandContext) {}

  async restoreVersion(arg: unknown): Promise<void> {
    const target = await versionTargetOrPick(this.context, arg, vscode.l10n.t('Version to restore'));
    if (!target) return;
    const plan = await this.context.api.act.planRestore({ versions: [contentOf(target.version)] });
    await this.carryOut(plan, this.context.text.time.short(target.version.time));
  }

  async restoreDeleted(): Promise<void> {
    const chosen = await pickDeleted(this.context);
    if (!chosen) return;
    const result = await this.carryOut(await this.planEach(chosen));
    const [only, ...others] = result?.files ?? [];
    if (only && others.length === 0) await vscode.commands.executeCommand('vscode.open', only.uri);
  }

  async undo(): Promise<void> {
    const { files } = await this.context.api.act.undoRestore();
    this.canUndo.set(false);
    const what = describeFiles(files.map(({ uri }) => uri));
    this.context.runner.offer(vscode.l10n.t('Took back the restore of {0}.', what), []);
  }

  /** One file that cannot be had back must not keep the others; rejects when that is so of all of them. */
  private async planEach(deletions: readonly Version[]): Promise<RestorePlan> {
    const { api, runner, log } = this.context;
    const steps: RestoreStep[] = [];
    const errors: unknown[] = [];
    for (const deletion of deletions) {
      try {
        const plan = await api.act.planRestore({ versions: [contentOf(deletion)] });
        steps.push(...plan.steps);
      } catch (error) {
        errors.push(error);
        log.warn(`${oneLine(deletion.path)} cannot be restored: ${messageOf(error)}`);
      }
    }
    if (steps.length === 0) throw errors[0];
    if (errors.length > 0)
      runner.offer(vscode.l10n.t('{0} files cannot be restored; the log names them.', errors.length), []);
    return { steps };
  }

  /** `when` names the state that is restored, if it is one. Undefined: there was nothing to do, or it was not wanted. */
  private async carryOut(plan: RestorePlan, when?: string): Promise<RestoreResult | undefined> {
    const { api, runner } = this.context;
    const changes = plan.steps.filter(({ action }) => action !== 'none');
    if (changes.length === 0) {
      runner.offer(vscode.l10n.t('{0} already has this content.', describeSteps(plan)), []);
      return undefined;
    }
    if (!(await confirm(changes))) return undefined;
    const result = await api.act.restore(plan);
    this.canUndo.set(true);
    this.tell(result, when);
    return result;
  }

  private tell(result: RestoreResult, when: string | undefined): void {
    const { t } = vscode.l10n;
    const written = result.files.filter(({ version }) => version);
    const what = describeFiles(written.map(({ uri }) => uri));
    const message = when === undefined ? t('Restored {0}.', what) : t('Restored {0} to {1}.', what, when);
    const { replaced, version } = written.length === 1 ? (written[0] ?? {}) : {};
    const compare = replaced && version && { title: t('Compare'), run: () => this.compare(replaced, version) };
    this.context.runner.offer(message, [{ title: t('Undo'), run: () => this.undo() }, ...(compare ? [compare] : [])]);
  }

  private compare(replaced: Version, version: Version): Promise<void> {
    const comparison: Comparison = {
      left: { kind: 'version', version: replaced },
      right: { kind: 'version', version },
    };
    return showComparison(this.context, comparison, version.uri);
  }
}

/** Restoring a deletion means the content that was deleted. */
function contentOf(version: Version): VersionId {
  if (version.kind !== 'deleted') return version.id;
  if (version.previous !== undefined) return version.previous;
  throw new ObbyError(
    'notStored',
    vscode.l10n.t('No content of {0} was recorded before it was deleted.', oneLine(version.path)),
  );
}

/** Asks only before what nobody would expect: several files at once, or text that was never saved. */
async function confirm(steps: readonly RestoreStep[]): Promise<boolean> {
  const { t } = vscode.l10n;
  const unsaved = steps.filter((step) => step.unsaved);
  if (steps.length === 1 && unsaved.length === 0) return true;
  const created = steps.filter(({ action }) => action === 'create').length;
  const question =
    steps.length === 1
      ? t('Restore {0} although it has unsaved changes?', describeFiles(steps.map(({ uri }) => uri)))
      : t('Restore {0} files?', steps.length);
  const detail = [
    ...steps.slice(0, maxNamed).map(({ uri }) => oneLine(vscode.workspace.asRelativePath(uri))),
    steps.length > maxNamed ? t('… and {0} more', steps.length - maxNamed) : '',
    steps.length > 1 ? t('{0} will be created, {1} replaced.', created, steps.length - created) : '',
    unsaved.length > 0
      ? t('Unsaved text is recorded first. Undo brings it back.')
      : t('What is replaced is recorded first.'),
  ];
  const restore = t('Restore');
  const options = { modal: true, detail: detail.filter(Boolean).join('\n') };
  return (await vscode.window.showWarningMessage(forMessage(question), options, restore)) === restore;
}

function describeSteps(plan: RestorePlan): string {
  return describeFiles(plan.steps.map(({ uri }) => uri));
}

function describeFiles(uris: readonly vscode.Uri[]): string {
  const [only, ...others] = uris;
  if (!only || others.length > 0) return vscode.l10n.t('{0} files', uris.length);
  return oneLine(vscode.workspace.asRelativePath(only));
}
