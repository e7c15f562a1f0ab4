import { ObbyError } from '../../base/errors';
import { conflictAnswers, type FolderUndoRequest, type UndoStepRecord } from '../../model/undo';
import type { RestoreStepShape } from './restorePlan';

const planFormat = 1;

/** A plan as `obby plan` prints it; a reviewer may remove steps. */
export type ChangePlan = {
  readonly format: typeof planFormat;
  /** Absolute path of the workspace folder. */
  readonly folder: string;
} & (
  | { readonly restore: readonly RestoreStepShape[] }
  | { readonly undo: readonly string[]; readonly steps: readonly UndoStepRecord[] }
);

export function restorePlan(folder: string, restore: readonly RestoreStepShape[]): ChangePlan {
  return { format: planFormat, folder, restore };
}

export function undoPlan(folder: string, undo: readonly string[], steps: readonly UndoStepRecord[]): ChangePlan {
  return { format: planFormat, folder, undo, steps };
}

/** What a plan asks to take back. */
export function plannedUndo({ undo, steps }: Extract<ChangePlan, { readonly undo: unknown }>): FolderUndoRequest {
  return { changeSets: undo, files: steps.map(({ path, onConflict, state }) => ({ path, onConflict, state })) };
}

/** Parses a plan, which anyone may have edited. Throws `badArgument`. */
export function parsePlan(text: string): ChangePlan {
  const plan = objectOf(jsonOf(text), 'The plan');
  if (plan['format'] !== planFormat) throw bad(`The plan is not of format ${planFormat}, which obby plan writes.`);
  const folder = textOf(plan, 'folder');
  const { restore, undo, steps } = plan;
  if (Array.isArray(restore)) return restorePlan(folder, restore.map(restoreStep));
  if (!Array.isArray(undo) || !Array.isArray(steps)) throw bad('The plan has neither restore nor undo and steps.');
  const ids = undo.map((id: unknown) => textOf({ id }, 'id'));
  return undoPlan(folder, ids, steps.map(undoStep));
}

function restoreStep(value: unknown): RestoreStepShape {
  const step = objectOf(value, 'A step');
  const { expected, action } = step;
  const known = (['write', 'create', 'none'] as const).find((word) => word === action);
  if (!known) throw bad('A step has no action write, create or none.');
  if (expected !== undefined && expected !== null && typeof expected !== 'string') throw bad('A step expects no hash.');
  const given = expected === undefined ? {} : { expected };
  return { path: textOf(step, 'path'), action: known, version: textOf(step, 'version'), ...given };
}

function undoStep(value: unknown): UndoStepRecord {
  const step = objectOf(value, 'A step');
  const onConflict = conflictAnswers.find((word) => word === step['onConflict']);
  if (!onConflict) throw bad(`A step has no onConflict of ${conflictAnswers.join(', ')}.`);
  const [path, state] = [textOf(step, 'path'), textOf(step, 'state')];
  // What is done follows from the state, which is planned again; the action is only shown.
  return { action: 'write', unsaved: false, ...step, path, state, onConflict };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ObbyError('badArgument', 'The plan is no JSON.', { cause: error });
  }
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw bad(`${what} is no object.`);
}

function textOf(value: Readonly<Record<string, unknown>>, name: string): string {
  const text = value[name];
  if (typeof text === 'string' && text !== '') return text;
  throw bad(`The plan has no text “${name}” where there must be one.`);
}

function bad(message: string): ObbyError {
  return new ObbyError('badArgument', message);
}
