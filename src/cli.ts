#!/usr/bin/env node
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { systemClock } from './base/clock';
import { runCli } from './cli/program';
import { ProcessIo } from './cli/terminal/processIo';
import { EngineHost } from './engine/engineHost';
import { nodeFilePort } from './store/disk/nodeFilePort';
import { openStore } from './store/openStore';

/** Commands that may run long, for which it pays to compile WebAssembly well. */
const longCommands = ['search', 'verify', 'export', 'import', 'forget', 'watch'];

/** The composition root of the command line. The engine runs in the same thread: a command has nothing else to do. */
async function main(): Promise<void> {
  // Half of the time of a short command would go into optimized code that it never runs.
  if (!process.argv.some((each) => longCommands.includes(each))) setFlagsFromString('--liftoff-only');
  const io = new ProcessIo(
    process,
    (emit, log) =>
      new EngineHost({
        ...{ clock: systemClock, log, files: nodeFilePort, emit, patternProgram: join(__dirname, 'matcher.js') },
        openStore: (dir, onRecordedElsewhere, isReadOnly = false) =>
          openStore({
            ...{
              dir,
              files: nodeFilePort,
              clock: systemClock,
              log,
              wasmDir: __dirname,
              onRecordedElsewhere,
              isReadOnly,
            },
          }),
      }),
  );
  process.exitCode = await runCli(process.argv.slice(2), io);
}

main().catch((error: unknown) => {
  process.stderr.write(`obby: ${String(error)}\n`);
  process.exitCode = 4;
});
