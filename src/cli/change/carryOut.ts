import { randomUUID } from 'node:crypto';
import type { FolderRestore } from '../../engine/engine';
import type { UndoStepRecord } from '../../model/undo';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { counted, safePath } from '../output/words';
import type { CommandHistory } from '../place/openedHistory';
import type { RestoreStepShape } from './restorePlan';

/** What a review shows of a step of a restore or an undo. */
type ShownStep = Pick<RestoreStepShape, 'path'> & {
  readonly action: UndoStepRecord['action'];
} & Partial<Pick<UndoStepRecord, 'to' | 'added' | 'removed' | 'existsElsewhere' | 'conflict' | 'detail'>>;

const undoHint = 'obby undo --last takes it back.';

/** Shows what will be done, unless it is confirmed already, and asks. False: nothing is to be done. */
export async function reviewed(run: CommandRun, steps: readonly ShownStep[]): Promise<boolean> {
  const doing = steps.filter(({ action }) => action !== 'none' && action !== 'conflict');
  if (run.options.yes !== true || doing.length < steps.length) for (const step of steps) run.tell(stepWords(step));
  if (doing.length === 0) {
    run.tell(steps.length === 0 ? 'There is nothing to do.' : 'No file would change.');
    run.code = steps.some(({ action }) => action === 'conflict') ? exitCode.notAll : exitCode.done;
    if (run.isJson) await run.print({ json: { restored: [], failed: [] }, lines: [], code: run.code });
    return false;
  }
  return run.confirm(`Change ${counted(doing.length, 'file')}?`);
}

export function stepWords(step: ShownStep): string {
  const { path, to = path, action, added, removed = 0, conflict, detail, existsElsewhere = true } = step;
  const words = [
    action.padEnd(8),
    path,
    to === path ? '' : `→ ${to}`,
    added === undefined ? '' : `(+${added} -${removed})`,
    conflict === undefined ? '' : `(${detail ?? conflict})`,
    existsElsewhere ? '' : '(what it replaces is nowhere else)',
  ];
  return words.filter(Boolean).join(' ');
}

/** Restores or undoes with a new id, which Ctrl+C cancels, and prints what was done. */
export async function carryOut(
  run: CommandRun,
  { engine, key, found }: CommandHistory,
  work: (id: string) => Promise<FolderRestore>,
): Promise<void> {
  const id = randomUUID();
  const stop = run.io.holdInterrupts();
  const cancel = (): void => {
    engine.cancelRestore(key, id).catch((error: unknown) => run.tell(String(error)));
  };
  stop.addEventListener('abort', cancel);
  const { restored, failed } = await work(id);
  stop.removeEventListener('abort', cancel);
  const changed = restored.filter(({ version }) => version !== undefined);
  for (const { path, problem } of failed) run.tell(`not changed: ${path}: ${problem.message}`);
  const doneWords = `Changed ${counted(changed.length, 'file')} in ${safePath(found.root)}. ${undoHint}`;
  await run.print({
    json: {
      folder: found.root,
      restored: restored.map(({ path, replaced, version }) => ({
        path,
        ...(replaced && { replaced: replaced.id }),
        ...(version && { version: version.id }),
      })),
      failed: failed.map(({ path, problem: { code, message } }) => ({ path, code, message })),
    },
    lines: [
      ...changed.map(
        ({ path, version }) => `${version?.kind === 'deleted' ? 'deleted' : 'written'}  ${safePath(path)}`,
      ),
      ...(changed.length > 0 ? [doneWords] : []),
    ],
    code: stop.aborted ? exitCode.interrupted : failed.length > 0 ? exitCode.notAll : exitCode.done,
  });
}
