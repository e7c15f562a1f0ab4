import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { isoTime, versionShape } from '../output/shapes';
import { localStamp, safePath } from '../output/words';
import { onDisk } from '../place/openedHistory';
import { parseTime } from '../place/times';
import type { StartRun } from '../program';
import { versionLine } from './log';

export function addAt(program: Command, start: StartRun): void {
  program
    .command('at')
    .argument('<time>', 'for example 14:32, yesterday, "yesterday 9:00", 2h, 2026-01-31, 2026-01-31T14:00Z')
    .argument('[path]', 'a file or a folder; default: the current folder')
    .description('List the versions that a file, or all files of a folder, had at a time')
    .addHelpText(
      'after',
      '\nExamples:\n  obby at 14:32 src\n  obby at yesterday a.md\n  obby show a.md@14:32   (the content)',
    )
    .action((time: string, path: string | undefined) => start((run) => at(run, time, path)));
}

async function at(run: CommandRun, asked: string, given: string | undefined): Promise<void> {
  const time = parseTime(asked, run.io.now());
  await run.withHistory(given, 'read', async (history, path) => {
    const { ask, found } = history;
    const isFolder = path === '' || statSync(onDisk(history, path), { throwIfNoEntry: false })?.isDirectory() === true;
    const single = isFolder ? undefined : await ask.versionAt(path, time);
    // A folder that is gone by now has no version of its own.
    const files = single ? (single.kind === 'deleted' ? [] : [single]) : await ask.filesAt(path, time);
    if (files.length === 0) run.tell(`No version of ${safePath(path || found.root)} at ${localStamp(time)} is known.`);
    await run.print({
      json: { folder: found.root, path, time: isoTime(time), files: files.map(versionShape) },
      lines: files.map((version) => versionLine(run, version)),
      code: files.length === 0 ? exitCode.notAll : exitCode.done,
    });
  });
}
