import type { Command } from 'commander';
import { ObbyError } from '../../base/errors';
import { carryOut, reviewed } from '../change/carryOut';
import { conflictHelp, undoRequestOf, type UndoOptions } from '../change/undoRequest';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import type { StartRun } from '../program';

interface UndoArguments extends UndoOptions {
  readonly last?: boolean;
}

export function addUndo(program: Command, start: StartRun): void {
  program
    .command('undo')
    .argument('[changesets...]', 'change sets as obby log lists them, or versions of them')
    .description('Take back what a save, a command or a checkout changed; later edits stay')
    .option('--last', 'undo the last restore or undo instead, by whichever window or command')
    .option('--file <path...>', 'only these files')
    .option('--on-conflict <answer>', conflictHelp)
    .addHelpText('after', '\nExamples:\n  obby log -n 5\n  obby undo mqj0j6y0-w3k9c1\n  obby undo --last --yes')
    .action((ids: readonly string[], options: UndoArguments) => start((run) => undo(run, ids, options)));
}

async function undo(run: CommandRun, ids: readonly string[], options: UndoArguments): Promise<void> {
  if (ids.length > 0 === (options.last === true)) {
    throw new ObbyError('badArgument', 'Name change sets, as obby log lists them, or give --last.');
  }
  run.requireConfirmable();
  if (options.last) await undoLast(run);
  else await undoChangeSets(run, ids, options);
}

async function undoChangeSets(run: CommandRun, ids: readonly string[], options: UndoOptions): Promise<void> {
  await run.withHistory(undefined, 'change', async (history) => {
    const { engine, key, ask } = history;
    const request = await undoRequestOf(run, history, ids, options);
    const { steps } = await ask.planUndo(request);
    if (!(await reviewed(run, steps))) return;
    const files = steps.map(({ path, state, onConflict }) => ({ path, state, onConflict }));
    await carryOut(run, history, (id) => engine.undoChanges(key, { ...request, files }, id));
  });
}

async function undoLast(run: CommandRun): Promise<void> {
  await run.withHistory(undefined, 'change', async (history) => {
    const { engine, key } = history;
    const last = await engine.lastRestore(key);
    if (!last || last.remaining.length === 0) {
      run.tell('There is no restore to undo.');
      await run.print({ json: { restored: [], failed: [] }, lines: [], code: exitCode.notAll });
      return;
    }
    const steps = last.remaining.map(({ path, version, content }) => ({
      path,
      action: version === undefined && content === undefined ? ('delete' as const) : ('write' as const),
    }));
    if (await reviewed(run, steps))
      await carryOut(run, history, () => engine.undoRestore(key, last.id, last.remaining));
  });
}
