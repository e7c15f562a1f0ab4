#!/usr/bin/env node
import { join } from 'node:path';
import { systemClock } from './base/clock';
import { runCli } from './cli/program';
import { ProcessIo } from './cli/terminal/processIo';
import { EngineHost } from './engine/engineHost';
import { nodeFilePort } from './store/disk/nodeFilePort';
import { openStore } from './store/openStore';

/** The composition root of the command line. The engine runs in the same thread: a command has nothing else to do. */
async function main(): Promise<void> {
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
