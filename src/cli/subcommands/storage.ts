import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { FolderForgetRequest, ForgetPreview, StorageFacts, Transfer } from '../../model/historyMaintenance';
import { ObbyError } from '../../base/errors';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { isoTime } from '../output/shapes';
import { counted, localStamp, safePath, sizeWords } from '../output/words';
import { absolutePath } from '../place/arguments';
import { parseTime } from '../place/times';
import type { StartRun } from '../program';

export function addVerify(program: Command, start: StartRun): void {
  program
    .command('verify')
    .description('Read the whole history back and compare it with its checksums')
    .option('--repair', 'repair what can be, and set damaged files aside')
    .addHelpText('after', '\nExamples:\n  obby verify\n  obby verify --repair --yes')
    .action((options: { readonly repair?: boolean }) => start((run) => verify(run, options.repair === true)));
}

async function verify(run: CommandRun, isRepair: boolean): Promise<void> {
  if (isRepair) run.requireConfirmable();
  await run.withHistory(undefined, isRepair ? 'change' : 'read', async ({ act, found }) => {
    if (isRepair && !(await run.confirm(`Repair the history of ${safePath(found.root)}?`))) return;
    const { time, versions, contents, bytes, damaged, damagedCount, repairs } = await act.check();
    const facts = { versions, contents, bytes, damagedCount };
    const listed = damaged.map(({ id, path, file, message }) => ({ id, path, file, message }));
    await run.print({
      json: { folder: found.root, time: isoTime(time), ...facts, damaged: listed, repairs },
      lines: [
        ...damaged.map(
          ({ id, path, message }) => `${run.style.red('damaged')}  ${id}  ${safePath(`${path}: ${message}`)}`,
        ),
        ...repairs.map(safePath),
        `Read ${counted(versions, 'version')} and ${counted(contents, 'content')} (${sizeWords(bytes)}): ${
          damagedCount === 0 ? 'no damage' : `${damagedCount} damaged`
        }.`,
      ],
      code: damagedCount === 0 ? exitCode.done : exitCode.notAll,
    });
  });
}

export function addStats(program: Command, start: StartRun): void {
  program
    .command('stats')
    .argument('[folder]', 'default: the current folder')
    .description('Show how much a history holds and what takes the space')
    .addHelpText('after', '\nExamples:\n  obby stats\n  obby stats --json')
    .action((folder: string | undefined) => start((run) => stats(run, folder)));
}

async function stats(run: CommandRun, folder: string | undefined): Promise<void> {
  await run.withHistory(folder, 'read', async ({ ask, found }) => {
    const facts = await ask.storage();
    const { bytes, totalBytes, versions, files, contents, fullBytes, oldest, newest, pins, labels, folders } = facts;
    await run.print({
      json: {
        ...{ folder: found.root, bytes, totalBytes, versions, files, contents, fullBytes, pins, labels, folders },
        ...(oldest !== undefined && { oldest: isoTime(oldest) }),
        ...(newest !== undefined && { newest: isoTime(newest) }),
      },
      lines: statsLines(facts),
    });
  });
}

function statsLines({ versions, files, totalBytes, fullBytes, oldest, newest, folders }: StorageFacts): string[] {
  const span =
    oldest === undefined || newest === undefined ? [] : [`From ${localStamp(oldest)} to ${localStamp(newest)}`];
  return [
    `${counted(versions, 'version')} of ${counted(files, 'file')}`,
    `${sizeWords(totalBytes)} on disk; full copies would take ${sizeWords(fullBytes)}`,
    ...span,
    ...folders.map(
      ({ path, bytes, versions: count }) =>
        `${sizeWords(bytes).padStart(10)}  ${counted(count, 'version').padStart(14)}  ${safePath(path === '' ? '(files at the root)' : path)}`,
    ),
  ];
}

export function addExport(program: Command, start: StartRun): void {
  program
    .command('export')
    .argument('<target>', 'the file to write')
    .argument('[path]', 'only this file or folder; default: everything')
    .description('Write a history to one portable file')
    .addHelpText('after', '\nExamples:\n  obby export ~/project.obby\n  obby export docs.obby docs')
    .action((target: string, path: string | undefined) => start((run) => exportHistory(run, target, path)));
}

async function exportHistory(run: CommandRun, given: string, path: string | undefined): Promise<void> {
  const target = absolutePath(run.cwd, given);
  if (existsSync(target) && !(await run.confirm(`${safePath(target)} exists. Replace it?`))) return;
  await run.withHistory(path, 'read', async ({ act, found }, inFolder) => {
    const done = await act.exportTo(inFolder, target);
    await printTransfer(run, found.root, done, `to ${target}`);
  });
}

export function addImport(program: Command, start: StartRun): void {
  program
    .command('import')
    .argument('<source>', 'a file that obby export, or Obby: Export History, wrote')
    .description('Add the versions of a portable file to the history of the current folder')
    .addHelpText('after', '\nExamples:\n  obby import ~/project.obby')
    .action((source: string) => start((run) => importHistory(run, source)));
}

async function importHistory(run: CommandRun, given: string): Promise<void> {
  run.requireConfirmable();
  const source = absolutePath(run.cwd, given);
  if (!existsSync(source)) throw new ObbyError('badArgument', `${source} does not exist.`);
  await run.withHistory(undefined, 'change', async ({ act, found }) => {
    if (!(await run.confirm(`Add the versions of ${safePath(source)} to the history of ${safePath(found.root)}?`)))
      return;
    await printTransfer(run, found.root, await act.importFrom(source), `from ${source}`);
  });
}

async function printTransfer(run: CommandRun, folder: string, done: Transfer, where: string): Promise<void> {
  const { versions, files, bytes, known } = done;
  const had = known > 0 ? `; ${known} were there already` : '';
  await run.print({
    json: { folder, versions, files, bytes, known },
    lines: [
      `${counted(versions, 'version')} of ${counted(files, 'file')} ${safePath(where)} (${sizeWords(bytes)})${had}`,
    ],
    code: versions + known === 0 ? exitCode.notAll : exitCode.done,
  });
}

interface ForgetOptions {
  readonly pattern?: string;
  readonly since?: string;
  readonly until?: string;
  readonly textStdin?: boolean;
}

export function addForget(program: Command, start: StartRun): void {
  program
    .command('forget')
    .argument('[file]', 'the whole history of this file')
    .description('Remove versions, or contents with a text, from the history for good; files on disk stay')
    .option('--pattern <pattern>', "all paths that this pattern of .gitignore's syntax matches")
    .option('--since <time>', 'only versions at or after this time')
    .option('--until <time>', 'only versions before this time')
    .option(
      '--text-stdin',
      'contents with the text on standard input: a secret is no argument, which others could read',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  obby forget notes.md\n  obby forget --pattern "*.log" --until 2026-01-01\n  pass show key | obby forget --text-stdin --yes',
    )
    .action((file: string | undefined, options: ForgetOptions) => start((run) => forget(run, file, options)));
}

async function forget(run: CommandRun, file: string | undefined, options: ForgetOptions): Promise<void> {
  const { pattern, since, until, textStdin } = options;
  if (file === undefined && pattern === undefined && since === undefined && until === undefined && !textStdin) {
    throw new ObbyError('badArgument', 'Name what to forget: a file, --pattern, --since, --until or --text-stdin.');
  }
  run.requireConfirmable();
  const text = textStdin ? (await run.io.input()).replace(/\r?\n$/, '') : undefined;
  if (text === '') throw new ObbyError('badArgument', 'Standard input has no text.');
  await run.withHistory(file, 'change', async ({ act, found }, path) => {
    const request: FolderForgetRequest = {
      ...(file !== undefined && { path }),
      ...(pattern !== undefined && { pattern }),
      ...(since !== undefined && { since: parseTime(since, run.io.now()) }),
      ...(until !== undefined && { until: parseTime(until, run.io.now()) }),
      ...(text !== undefined && { text }),
    };
    const preview = await act.planForget(request);
    showForget(run, preview);
    if (preview.versions === 0) await printForgotten(run, found.root, { versions: 0, files: [], freedBytes: 0 });
    else if (await run.confirm(`Forget ${counted(preview.versions, 'version')} for good?`)) {
      await printForgotten(run, found.root, await act.forget(request));
    }
  });
}

function showForget(run: CommandRun, { files, isCut, onDisk }: ForgetPreview): void {
  for (const { path, versions } of files) run.tell(`forget  ${path}  ${counted(versions, 'version')}`);
  if (isCut) run.tell('… and more files');
  for (const path of onDisk) run.tell(`warning: ${path} would be recorded again: change or ignore it first.`);
}

interface Forgotten {
  readonly versions: number;
  readonly files: readonly unknown[];
  readonly freedBytes: number;
}

async function printForgotten(
  run: CommandRun,
  folder: string,
  { versions, files, freedBytes }: Forgotten,
): Promise<void> {
  await run.print({
    json: { folder, versions, files, freedBytes },
    lines: [
      versions === 0
        ? 'Nothing is to be forgotten.'
        : `Forgot ${counted(versions, 'version')}; ${sizeWords(Math.max(0, freedBytes))} freed.`,
    ],
    code: versions === 0 ? exitCode.notAll : exitCode.done,
  });
}
