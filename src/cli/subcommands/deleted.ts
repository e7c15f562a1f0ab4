import type { Command } from 'commander';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { versionShape } from '../output/shapes';
import { aCount } from '../place/arguments';
import type { StartRun } from '../program';
import { versionLine } from './log';

const maxListed = 10_000;

export function addDeleted(program: Command, start: StartRun): void {
  program
    .command('deleted')
    .argument('[folder]', 'only files that were in it; default: the current folder')
    .description('List the deleted files of a folder, the last deleted first')
    .option('-n, --number <count>', 'list at most so many', aCount)
    .addHelpText('after', '\nExamples:\n  obby deleted\n  obby deleted src -n 10\n  obby restore src/gone.ts')
    .action((folder: string | undefined, options: { readonly number?: number }) =>
      start((run) => deleted(run, folder, options.number ?? maxListed)),
    );
}

async function deleted(run: CommandRun, folder: string | undefined, limit: number): Promise<void> {
  await run.withHistory(folder, 'read', async ({ ask, found }, path) => {
    const all = await ask.deletedFiles(maxListed);
    const versions = all.filter((version) => path === '' || version.path.startsWith(`${path}/`)).slice(0, limit);
    if (versions.length === 0) run.tell('No file is deleted.');
    await run.print({
      json: { folder: found.root, path, files: versions.map(versionShape) },
      lines: versions.map((version) => versionLine(run, version)),
      code: versions.length === 0 ? exitCode.notAll : exitCode.done,
    });
  });
}
