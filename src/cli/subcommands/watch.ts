import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { EngineEvent } from '../../engine/engine';
import type { CommandRun } from '../commandRun';
import { exitCode } from '../exitCode';
import { versionShape } from '../output/shapes';
import { safePath } from '../output/words';
import { absolutePath } from '../place/arguments';
import { openFound } from '../place/openedHistory';
import type { StartRun } from '../program';
import { versionLine } from './log';

export function addWatch(program: Command, start: StartRun): void {
  program
    .command('watch')
    .argument('[folder]', 'the folder to record; default: the current one, or the one above it that has a history')
    .description('Record a folder without an editor, until Ctrl+C; windows may record it too')
    .addHelpText('after', '\nExamples:\n  obby watch\n  obby watch ~/project --json      (one JSON value a line)')
    .action((folder: string | undefined) => start((run) => watch(run, folder)));
}

async function watch(run: CommandRun, folder: string | undefined): Promise<void> {
  const at = folder === undefined ? run.cwd : absolutePath(run.cwd, folder);
  const found = run.finder.of(at) ?? run.finder.placeFor(at);
  const stop = run.io.holdInterrupts();
  const show = (event: EngineEvent): void => {
    if (event.type !== 'recorded') return;
    const lines = event.versions.map((version) =>
      run.isJson ? JSON.stringify(versionShape(version)) : versionLine(run, version),
    );
    run.io.write(`${lines.join('\n')}\n`).catch((error: unknown) => run.tell(String(error)));
  };
  const history = await openFound(run.io, found, { use: 'record', log: run.log, emit: show });
  run.own(history);
  run.tell(`Recording ${found.root} into ${safePath(found.storeDir)}. Ctrl+C ends it.`);
  if (!existsSync(join(found.root, '.obbywatch')))
    run.tell('warning: there is no .obbywatch, so nothing is watched yet.');
  await ended(stop);
  await history.engine.flush(history.key);
  run.code = exitCode.interrupted;
}

function ended(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
