import type { Command } from 'commander';
import { ObbyError } from '../../base/errors';
import type { VersionRecord } from '../../model/version';
import { carryOut, reviewed } from '../change/carryOut';
import { planRestore, restorationsOf } from '../change/restorePlan';
import type { CommandRun } from '../commandRun';
import { absolutePath } from '../place/arguments';
import type { CommandHistory } from '../place/openedHistory';
import { parseTime } from '../place/times';
import { askedVersion, versionForms } from '../place/versionArgument';
import type { StartRun } from '../program';

export interface RestoreArguments {
  readonly at?: string;
}

export function addRestore(program: Command, start: StartRun): void {
  program
    .command('restore')
    .argument('[versions...]', `${versionForms}; with --at: files and folders, default: the current folder`)
    .description('Write old contents back, after recording the present ones; deleted files come back')
    .option('--at <time>', 'as the files were at this time; files that came later stay')
    .addHelpText(
      'after',
      '\nExamples:\n  obby restore a.md~1\n  obby restore gone.md            (a deleted file)\n  obby restore --at 14:32 src\n  obby undo --last                (takes the restore back)',
    )
    .action((versions: readonly string[], options: RestoreArguments) =>
      start((run) => restore(run, versions, options)),
    );
}

async function restore(run: CommandRun, given: readonly string[], options: RestoreArguments): Promise<void> {
  run.requireConfirmable();
  await run.withHistory(firstFile(run, given, options), 'change', async (history) => {
    const steps = await planRestore(history, await versionsOf(run, history, given, options));
    if (!(await reviewed(run, steps))) return;
    const items = await restorationsOf(history, steps);
    await carryOut(run, history, (id) => history.engine.restore(history.key, items, id));
  });
}

/** The argument whose history is opened. */
export function firstFile(run: CommandRun, given: readonly string[], { at }: RestoreArguments): string | undefined {
  const [first] = given;
  if (first === undefined && at === undefined)
    throw new ObbyError('badArgument', 'Name a version, or a time with --at.');
  return first === undefined || at !== undefined ? first : askedVersion(run, first).file;
}

/** The versions that are to be restored. */
export async function versionsOf(
  run: CommandRun,
  history: CommandHistory,
  given: readonly string[],
  { at }: RestoreArguments,
): Promise<VersionRecord[]> {
  const pathOf = (file: string): string => history.pathOf(absolutePath(run.cwd, file));
  if (at === undefined) {
    return Promise.all(
      given.map((each) => {
        const asked = askedVersion(run, each);
        return asked.find(history, asked.file === undefined ? '' : pathOf(asked.file));
      }),
    );
  }
  const time = parseTime(at, run.io.now());
  const paths = given.length === 0 ? [pathOf('.')] : given.map(pathOf);
  const found = await Promise.all(paths.map((path) => history.ask.filesAt(path, time)));
  return found.flat();
}
