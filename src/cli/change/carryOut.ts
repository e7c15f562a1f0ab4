import { randomUUID } from 'node:crypto';
import type { FolderRestore } from '../../engine/engine';
import type { UndoStepRecord } from '../../model/undo';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { counted, safePath } from '../output/words';
import type { CommandHistory } from '../place/openedHistory';
import type { RestoreStepShape } from './restorePlan';

/** What a review shows of a step. */
type ShownStep =
  | RestoreStepShape
  | Pick<UndoStepRecord, 'path' | 'to' | 'action' | 'added' | 'removed' | 'existsElsewhere' | 'conflict' | 'detail'>;

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
  const { path, action } = step;
  const to = 'to' in step && step.to !== undefined && step.to !== path ? ` → ${step.to}` : '';
  const lines = 'added' in step && step.added !== undefined ? ` (+${step.added} -${step.removed ?? 0})` : '';
  const why = 'conflict' in step && step.conflict !== undefined ? `: ${step.detail ?? step.conflict}` : '';
  const only = 'existsElsewhere' in step && step.existsElsewhere === false ? ' (what it replaces is nowhere else)' : '';
  return `${action.padEnd(8)} ${path}${to}${lines}${why}${only}`;
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
