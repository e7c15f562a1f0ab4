import type { Command } from 'commander';
import type { ChangeSetRecord } from '../../model/changeSet';
import type { VersionRecord } from '../../model/version';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { isoTime, versionShape } from '../output/shapes';
import { causeWords, changeWords, counted, localStamp, safePath } from '../output/words';
import type { CommandHistory } from '../place/openedHistory';
import { aCount } from '../place/arguments';
import { parseTime } from '../place/times';
import type { StartRun } from '../program';

interface LogOptions {
  readonly number?: number;
  readonly since?: string;
  readonly until?: string;
  readonly earlier?: boolean;
}

/** The most that one question to a history may ask for. */
const maxVersions = 10_000;
const maxChangeSets = 1_000;

export function addLog(program: Command, start: StartRun): void {
  program
    .command('log')
    .argument('[file]', 'a file, also a deleted one; default: the changes of the whole folder')
    .description('List the versions of a file, or the changes of a folder, newest first')
    .option('-n, --number <count>', 'list at most so many', aCount)
    .option('--since <time>', 'only what was recorded at or after this time')
    .option('--until <time>', 'only what was recorded before this time')
    .option('--earlier', 'the versions of other files that were at the path before')
    .addHelpText(
      'after',
      '\nExamples:\n  obby log src/app.ts\n  obby log --since yesterday\n  obby log -n 5 --json a.md',
    )
    .action((file: string | undefined, options: LogOptions) => start((run) => log(run, file, options)));
}

async function log(run: CommandRun, file: string | undefined, options: LogOptions): Promise<void> {
  await run.withHistory(file, 'read', async (history, path) => {
    if (path === '') await logFolder(run, history, options);
    else await logFile(run, history, path, options);
  });
}

async function logFile(
  run: CommandRun,
  { ask, found }: CommandHistory,
  path: string,
  options: LogOptions,
): Promise<void> {
  const { since = -Infinity, until } = spanOf(run, options);
  const all = await ask.versions(path, {
    limit: maxVersions,
    ...(until !== undefined && { before: until }),
    ...(options.earlier && { earlier: true }),
  });
  const versions = all.filter(({ time }) => time >= since).slice(0, options.number ?? maxVersions);
  if (versions.length === 0) run.tell(`The history of ${found.root} has no version of ${path}.`);
  await run.print({
    json: { folder: found.root, path, versions: versions.map(versionShape) },
    lines: versions.map((version) => versionLine(run, version, path)),
    code: versions.length === 0 ? exitCode.notAll : exitCode.done,
  });
}

/** One line for a version; its path only where it is not `path`. */
export function versionLine({ style }: CommandRun, version: VersionRecord, path?: string): string {
  const parts = [
    style.yellow(version.id),
    style.dim(localStamp(version.time)),
    version.path === path ? '' : safePath(version.path),
    changeWords(version, style),
    style.cyan(causeWords(version)),
  ];
  return parts.filter(Boolean).join('  ');
}

async function logFolder(run: CommandRun, { ask, found }: CommandHistory, options: LogOptions): Promise<void> {
  const { since, until } = spanOf(run, options);
  const changeSets = await ask.changeSets({
    limit: Math.min(options.number ?? maxChangeSets, maxChangeSets),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  });
  if (changeSets.length === 0) run.tell(`The history of ${found.root} has no such changes.`);
  await run.print({
    json: { folder: found.root, changeSets: changeSets.map(changeSetShape) },
    lines: changeSets.map((changeSet) => changeSetLine(run, changeSet)),
    code: changeSets.length === 0 ? exitCode.notAll : exitCode.done,
  });
}

function changeSetShape({ id, newest, since, files, versions, kinds, added, removed }: ChangeSetRecord): unknown {
  const { cause, confidence, causeDetail } = newest;
  const detail = causeDetail && { detail: causeDetail };
  const span = { since: isoTime(since), time: isoTime(newest.time) };
  return { id, ...span, cause, confidence, ...detail, files, versions, kinds, added, removed, newest: newest.id };
}

function changeSetLine({ style }: CommandRun, { id, newest, files, added, removed }: ChangeSetRecord): string {
  const what = files === 1 ? safePath(newest.path) : counted(files, 'file');
  const lines = [added > 0 ? style.green(`+${added}`) : '', removed > 0 ? style.red(`-${removed}`) : ''];
  const kind = files === 1 && newest.kind === 'deleted' ? style.red('deleted') : '';
  const words = [what, kind, ...lines].filter(Boolean).join(' ');
  return [style.yellow(id), style.dim(localStamp(newest.time)), words, style.cyan(causeWords(newest))].join('  ');
}

function spanOf(
  { io }: CommandRun,
  { since, until }: LogOptions,
): { readonly since?: number; readonly until?: number } {
  return {
    ...(since !== undefined && { since: parseTime(since, io.now()) }),
    ...(until !== undefined && { until: parseTime(until, io.now()) }),
  };
}
