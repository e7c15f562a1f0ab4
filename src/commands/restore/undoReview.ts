import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { OnConflict, RestorePlan, RestoreStep } from '../../api/api';
import { DisposableStore } from '../../base/disposable';
import { detached } from '../../base/log';
import { forIconLabel, oneLine } from '../../views/text/displayText';
import { conflictText, undoStepText } from '../../views/text/undoText';
import type { CommandContext } from '../commandContext';
import { openChanges } from '../compare/multiDiff';

type Context = Pick<CommandContext, 'api' | 'text' | 'log' | 'undoPreviews'>;

interface Item extends vscode.QuickPickItem {
  readonly step: RestoreStep;
}

interface AnswerButton extends vscode.QuickInputButton {
  readonly answer: OnConflict | 'compare';
}

/** Files that the preview opens at once. */
const maxPreviewed = 200;

const icons: Readonly<Record<RestoreStep['action'], string>> = {
  write: 'edit',
  create: 'new-file',
  delete: 'trash',
  rename: 'arrow-right',
  merge: 'git-merge',
  none: 'dash',
  conflict: 'warning',
};

/** Asks which files of a plan to undo, and how to answer conflicts; undefined if nothing is chosen. */
export async function reviewUndo(context: Context, title: string, plan: RestorePlan): Promise<RestorePlan | undefined> {
  const review = new UndoReview(context, title, plan);
  try {
    return await review.choice;
  } finally {
    review.dispose();
  }
}

class UndoReview {
  readonly choice: Promise<RestorePlan | undefined>;
  private readonly disposables = new DisposableStore();
  private readonly picker = this.disposables.add(vscode.window.createQuickPick<Item>());
  private readonly previewButton = {
    iconPath: new vscode.ThemeIcon('diff-multiple'),
    tooltip: l10n.t('Preview Selected Files'),
  };

  constructor(
    private readonly context: Context,
    private readonly title: string,
    private readonly plan: RestorePlan,
  ) {
    const { picker, disposables } = this;
    picker.title = title;
    picker.canSelectMany = true;
    picker.matchOnDescription = true;
    // A preview takes the focus.
    picker.ignoreFocusOut = true;
    picker.placeholder = l10n.t('Files to undo (the others stay as they are)');
    picker.buttons = [this.previewButton];
    const steps = plan.steps.filter(({ action }) => action !== 'none');
    this.show(
      steps,
      steps.filter(({ action }) => action !== 'conflict'),
    );
    disposables.add(picker.onDidTriggerButton(() => this.preview(picker.selectedItems.map(({ step }) => step))));
    disposables.add(
      picker.onDidTriggerItemButton(({ item, button }) => this.press(item.step, (button as AnswerButton).answer)),
    );
    this.choice = new Promise((resolve) => {
      disposables.add(picker.onDidHide(() => resolve(undefined)));
      disposables.add(
        picker.onDidAccept(() => {
          const chosen = picker.selectedItems.map(({ step }) => step);
          resolve(chosen.length === 0 ? undefined : { ...plan, steps: chosen });
        }),
      );
    });
    picker.show();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private show(steps: readonly RestoreStep[], selected: readonly RestoreStep[]): void {
    const items = steps.map((step) => itemOf(step, this.context));
    this.picker.keepScrollPosition = true;
    this.picker.items = items;
    this.picker.selectedItems = items.filter(({ step }) => selected.includes(step));
  }

  private press(step: RestoreStep, answer: OnConflict | 'compare'): void {
    if (answer === 'compare') this.preview([step]);
    else detached(this.answer(step, answer), this.context.log, 'The answer to a conflict was not planned');
  }

  /** Plans one file again, with an answer to its conflict; a second press takes it back. */
  private async answer(step: RestoreStep, answer: OnConflict): Promise<void> {
    const { picker, plan, context } = this;
    const onConflict = step.onConflict === answer ? 'refuse' : answer;
    const { steps } = await context.api.act.planRestore({ undo: plan.undo ?? [], files: [step.uri], onConflict });
    const [first = step] = steps;
    // Another file may have had the same path.
    const answered = steps.find(({ conflict }) => conflict === step.conflict) ?? first;
    const swapped = (each: RestoreStep): RestoreStep => (each === step ? answered : each);
    const selected = picker.selectedItems.map((item) => swapped(item.step));
    const isDecided = answered.action !== 'conflict';
    this.show(
      picker.items.map((item) => swapped(item.step)),
      isDecided ? [...selected, answered] : selected.filter((each) => each !== answered),
    );
  }

  private preview(steps: readonly RestoreStep[]): void {
    const { undoPreviews, log } = this.context;
    const listed = this.picker.items.map(({ step }) => step);
    const previews = undoPreviews.of({ ...this.plan, steps: listed }, steps.slice(0, maxPreviewed));
    const changes = previews.map(({ file, before, after }) => [file, before, after] as const);
    detached(openChanges(this.title, changes), log, 'The preview was not opened');
  }
}

function itemOf(step: RestoreStep, { text }: Context): Item {
  const { uri, to, action, conflict } = step;
  const target = to && vscode.workspace.asRelativePath(to);
  return {
    label: forIconLabel(oneLine(vscode.workspace.asRelativePath(uri))),
    description: forIconLabel(undoStepText({ ...step, ...(target !== undefined && { target }) }, text.time)),
    ...(conflict && action === 'conflict' && { detail: forIconLabel(conflictText(conflict, step)) }),
    iconPath: new vscode.ThemeIcon(icons[action]),
    buttons: buttonsOf(step),
    step,
  };
}

function buttonsOf({ conflict }: RestoreStep): AnswerButton[] {
  const button = (icon: string, tooltip: string, answer: AnswerButton['answer']): AnswerButton => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    answer,
  });
  const compare = button('diff', l10n.t('Preview'), 'compare');
  const answers = [
    button('discard', l10n.t('Take Back, Later Edits There Are Lost'), 'theirs'),
    button('check', l10n.t('Keep Later Edits There'), 'ours'),
    button('git-merge', l10n.t('Write Both with Conflict Markers'), 'markers'),
  ];
  if (conflict === 'overlap' || conflict === 'exists') return [...answers, compare];
  if (conflict === 'edited' || conflict === 'renamed' || conflict === 'unmergeable')
    return [...answers.slice(0, 2), compare];
  return [compare];
}
