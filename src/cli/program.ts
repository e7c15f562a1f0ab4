import { Command, CommanderError } from 'commander';
import { messageOf, ObbyError } from '../base/errors';
import { escapeUnprintable } from '../base/unprintable';
import type { CliIo } from './cliIo';
import { CommandRun, type CommonOptions } from './commandRun';
import { addAt } from './subcommands/at';
import { addCompletion } from './subcommands/completion';
import { addDeleted } from './subcommands/deleted';
import { addDiff } from './subcommands/diff';
import { addLines } from './subcommands/lines';
import { addLog } from './subcommands/log';
import { addPlan } from './subcommands/plan';
import { addRestore } from './subcommands/restore';
import { addSearch } from './subcommands/search';
import { addShow } from './subcommands/show';
import { addStatus } from './subcommands/status';
import { addExport, addForget, addImport, addStats, addVerify } from './subcommands/storage';
import { addUndo } from './subcommands/undo';
import { addWatch } from './subcommands/watch';
import { exitCode, exitCodeOf } from './exitCode';

/** Runs a command with the common options that were given. */
export type StartRun = (command: (run: CommandRun) => Promise<void>) => Promise<void>;

/** In the order in which the help lists them. */
const subcommands = [
  addLog,
  addShow,
  addDiff,
  addStatus,
  addDeleted,
  addAt,
  addLines,
  addSearch,
  addRestore,
  addUndo,
  addPlan,
  addWatch,
  addVerify,
  addStats,
  addExport,
  addImport,
  addForget,
  addCompletion,
];

const exitCodes = `
Exit codes: 0 done; 1 nothing found, or not all done; 2 wrong arguments, or not confirmed;
3 the folder has no history; 4 it cannot be read or written; 130 ended by Ctrl+C.`;

/** Runs the command line; resolves with the exit code. Never rejects. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let code: number = exitCode.done;
  const report = (message: string): void => io.tell(`obby: ${escapeUnprintable(message)}`);
  const program = createProgram(io);
  const start: StartRun = async (command) => {
    const run = new CommandRun(io, program.opts<CommonOptions>());
    try {
      await command(run);
      code = run.code;
    } finally {
      await run.close();
    }
  };
  for (const add of subcommands) add(program, start);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) code = error.exitCode === 0 ? exitCode.done : exitCode.usage;
    else report(messageOf(error));
    if (!(error instanceof CommanderError))
      code = error instanceof ObbyError ? exitCodeOf(error.code) : exitCode.failed;
  } finally {
    await io.closed();
  }
  return code;
}

function createProgram(io: CliIo): Command {
  const written = (text: string): void => detachedWrite(io, text);
  return new Command('obby')
    .description('The history of every watched file: list, compare, search, restore. Reading never changes anything.')
    .option('--json', 'print one JSON value instead of text')
    .option('-C <dir>', 'run as if started in this folder')
    .option('--store <dir>', 'the folder of all histories, or of one; default: $OBBY_STORE, else that of the editor')
    .option('--color <when>', 'auto, always or never', 'auto')
    .option('--no-pager', 'do not show long output page by page')
    .option('-y, --yes', 'confirm changes')
    .option('--verbose', 'print what the engine logs')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: written,
      writeErr: (text) => io.tell(text.trimEnd()),
      outputError: (text, write) => write(text),
    })
    .addHelpText('after', exitCodes)
    .showHelpAfterError('See obby --help.')
    .exitOverride();
}

/** Ends before {@link CliIo.closed} does. */
function detachedWrite(io: CliIo, text: string): void {
  io.write(text).catch((error: unknown) => io.tell(messageOf(error)));
}
