import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { messageOf, ObbyError } from '../../base/errors';
import { escapeUnprintable } from '../../base/unprintable';
import { carryOut, reviewed, stepWords } from '../change/carryOut';
import { parsePlan, plannedUndo, restorePlan, undoPlan, type ChangePlan } from '../change/changePlan';
import { planRestore, restorationsOf } from '../change/restorePlan';
import { conflictHelp, undoRequestOf, type UndoOptions } from '../change/undoRequest';
import type { CommandRun } from '../commandRun';
import { absolutePath, shortened } from '../place/arguments';
import type { StartRun } from '../program';
import { firstFile, versionsOf, type RestoreArguments } from './restore';

export function addPlan(program: Command, start: StartRun): void {
  const plan = program
    .command('plan')
    .description('Print what a restore or an undo would do, as JSON for review; obby apply carries it out')
    .addHelpText('after', '\nExamples:\n  obby plan undo mqj0j6y0-w3k9c1 > plan.json\n  obby apply plan.json');
  plan
    .command('restore')
    .argument('[versions...]', 'as for obby restore')
    .option('--at <time>', 'as the files were at this time')
    .description('Plan a restore')
    .action((given: readonly string[], options: RestoreArguments) =>
      start((run) => planOfRestore(run, given, options)),
    );
  plan
    .command('undo')
    .argument('<changesets...>', 'as for obby undo')
    .option('--file <path...>', 'only these files')
    .option('--on-conflict <answer>', conflictHelp)
    .description('Plan to take changes back')
    .action((ids: readonly string[], options: UndoOptions) => start((run) => planOfUndo(run, ids, options)));
  program
    .command('apply')
    .argument('[plan]', 'a file that obby plan wrote; default: standard input')
    .description('Carry out a reviewed plan; files that changed since stay as they are, and are named')
    .addHelpText('after', '\nExamples:\n  obby apply plan.json\n  obby plan restore a.md~1 | obby apply --yes')
    .action((file: string | undefined) => start((run) => apply(run, file)));
}

async function planOfRestore(run: CommandRun, given: readonly string[], options: RestoreArguments): Promise<void> {
  await run.withHistory(firstFile(run, given, options), 'read', async (history) => {
    const steps = await planRestore(history, await versionsOf(run, history, given, options));
    await printPlan(run, restorePlan(history.found.root, steps));
  });
}

async function planOfUndo(run: CommandRun, ids: readonly string[], options: UndoOptions): Promise<void> {
  await run.withHistory(undefined, 'read', async (history) => {
    const request = await undoRequestOf(run, history, ids, options);
    const { steps } = await history.ask.planUndo(request);
    await printPlan(run, undoPlan(history.found.root, request.changeSets, steps));
  });
}

/** A plan is always JSON; people read it on a terminal as lines. */
async function printPlan(run: CommandRun, plan: ChangePlan): Promise<void> {
  const steps = 'undo' in plan ? plan.steps : plan.restore;
  if (run.isJson || run.io.isOutputTerminal) {
    await run.print({ json: plan, lines: steps.map((step) => escapeUnprintable(stepWords(step))) });
  } else await run.io.write(`${JSON.stringify(plan, undefined, 2)}\n`);
}

async function apply(run: CommandRun, file: string | undefined): Promise<void> {
  run.requireConfirmable();
  const plan = parsePlan(await planText(run, file));
  await run.withHistory(plan.folder, 'change', async (history) => {
    const { engine, key, found } = history;
    if (found.root !== plan.folder) {
      throw new ObbyError(
        'badArgument',
        `The plan is for ${shortened(plan.folder)}, whose history is that of ${found.root}.`,
      );
    }
    if (!(await reviewed(run, 'undo' in plan ? plan.steps : plan.restore))) return;
    if ('undo' in plan) {
      const request = plannedUndo(plan);
      await carryOut(run, history, (id) => engine.undoChanges(key, request, id));
    } else {
      const items = await restorationsOf(history, plan.restore);
      await carryOut(run, history, (id) => engine.restore(key, items, id));
    }
  });
}

async function planText({ io, cwd }: CommandRun, file: string | undefined): Promise<string> {
  if (file === undefined || file === '-') return io.input();
  try {
    return readFileSync(absolutePath(cwd, file), 'utf8');
  } catch (error) {
    if (error instanceof ObbyError) throw error;
    throw new ObbyError('badArgument', `The plan cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
