import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { ObbyError } from '../../base/errors';
import { splitLines } from '../../diff/lines';
import type { LineRange } from '../../model/lines';
import type { VersionRecord } from '../../model/version';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { versionShape } from '../output/shapes';
import { causeWords, localStamp, safeLine } from '../output/words';
import { shortened } from '../place/arguments';
import { onDisk, type CommandHistory } from '../place/openedHistory';
import type { StartRun } from '../program';
import { versionLine } from './log';

interface LinesOptions {
  readonly history?: string;
}

export function addLines(program: Command, start: StartRun): void {
  program
    .command('lines')
    .argument('<file>', 'a file, also a deleted one')
    .description('Say for each line of a file which version last changed it')
    .option('--history <from,to>', 'instead the versions that changed these lines, newest first')
    .addHelpText('after', '\nExamples:\n  obby lines src/app.ts\n  obby lines src/app.ts --history 12,18')
    .action((file: string, options: LinesOptions) => start((run) => lines(run, file, options)));
}

async function lines(run: CommandRun, file: string, options: LinesOptions): Promise<void> {
  const range = options.history === undefined ? undefined : aRange(options.history);
  await run.withHistory(file, 'read', async (history, path) => {
    const text = await presentText(history, path);
    if (range) await printHistory(run, history, { path, text, range });
    else await printOrigins(run, history, { path, text });
  });
}

interface Asked {
  readonly path: string;
  readonly text: string;
}

/** The text on disk, or of the newest version that has one. */
async function presentText(history: CommandHistory, path: string): Promise<string> {
  if (statSync(onDisk(history, path), { throwIfNoEntry: false })?.isFile() === true)
    return history.ask.textOnDisk(path);
  const versions = await history.ask.versions(path, {});
  const newest = versions.find(({ kind, unstored }) => kind !== 'deleted' && unstored === undefined);
  if (newest) return history.ask.text(newest.id);
  throw new ObbyError('notFound', `The history of ${history.found.root} has no content of ${path}.`);
}

async function printOrigins(run: CommandRun, { ask, found }: CommandHistory, { path, text }: Asked): Promise<void> {
  const { versions, lines: origins } = await ask.lineOrigins(path, { text });
  const shown = splitLines(text).map((line) => safeLine(line.replace(/[\r\n]+$/, '')));
  const width = String(shown.length).length;
  await run.print({
    json: { folder: found.root, path, versions: versions.map(versionShape), lines: origins },
    lines: shown.map((line, at) => {
      const version = versions[origins[at] ?? -1];
      return `${originWords(run, version)}  ${String(at + 1).padStart(width)}  ${line}`;
    }),
  });
}

/** In characters. */
const causeWidth = 24;

function originWords({ style }: CommandRun, version: VersionRecord | undefined): string {
  const words = version ? causeWords(version) : 'not recorded yet';
  const cause = words.length > causeWidth ? `${words.slice(0, causeWidth - 1)}…` : words.padEnd(causeWidth);
  const stamp = version ? localStamp(version.time) : '';
  return `${style.dim(stamp.padEnd(localStamp(0).length))}  ${style.cyan(cause)}`;
}

async function printHistory(
  run: CommandRun,
  { ask, found }: CommandHistory,
  { path, text, range }: Asked & { readonly range: LineRange },
): Promise<void> {
  const changes = await ask.lineHistory(path, range, { text });
  const oneBased = ({ start, end }: LineRange): { from: number; to: number } => ({ from: start + 1, to: end });
  if (changes.length === 0) run.tell(`No version of ${path} has these lines yet.`);
  await run.print({
    json: {
      ...{ folder: found.root, path },
      changes: changes.map((change) => ({ version: versionShape(change.version), ...oneBased(change.range) })),
    },
    lines: changes.map(({ version, range: there }) => {
      return `${versionLine(run, version, path)}  ${run.style.dim(`lines ${there.start + 1},${there.end}`)}`;
    }),
    code: changes.length === 0 ? exitCode.notAll : exitCode.done,
  });
}

/** `12,18`, or one number; lines count from 1. */
function aRange(text: string): LineRange {
  const [, first, last = first] = /^(\d{1,9})(?:[,-](\d{1,9}))?$/.exec(text) ?? [];
  const [start, end] = [Number(first) - 1, Number(last)];
  if (start >= 0 && end > start) return { start, end };
  throw new ObbyError('badArgument', `--history is "${shortened(text)}", not two line numbers, such as 12,18.`);
}
