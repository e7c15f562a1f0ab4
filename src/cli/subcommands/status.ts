import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { GapRecord } from '../../model/gap';
import type { CommandRun } from '../commandRun';
import { isoTime } from '../output/shapes';
import { counted, localStamp, safePath, sizeWords } from '../output/words';
import type { StartRun } from '../program';

/** The rule file without which nothing is watched. */
const watchFile = '.obbywatch';
/** What ran this long ago (ms) may still run: windows note every 30 s that they record. */
const recentMs = 45_000;
const maxGaps = 5;

export function addStatus(program: Command, start: StartRun): void {
  program
    .command('status')
    .argument('[folder]', 'default: the current folder')
    .description('Tell where the history of a folder is, whether it is being recorded, and when it was not')
    .addHelpText('after', '\nExamples:\n  obby status\n  obby status --json ~/project')
    .action((folder: string | undefined) => start((run) => status(run, folder)));
}

async function status(run: CommandRun, folder: string | undefined): Promise<void> {
  await run.withHistory(folder, 'read', async (history) => {
    const { engine, key, ask, found } = history;
    const [{ gaps }, facts, last] = await Promise.all([engine.status(key), ask.storage(), engine.lastRestore(key)]);
    const seen = await ask.lastHeartbeat();
    const isRecording = seen !== undefined && run.io.now() - seen < recentMs;
    const hasRules = existsSync(join(found.root, watchFile));
    const { root, storeDir, keeper, others } = found;
    const { files, versions, totalBytes: bytes } = facts;
    const undoable = last && { time: isoTime(last.time), files: last.remaining.length, isUndone: last.isUndone };
    await run.print({
      json: {
        ...{ folder: root, store: storeDir, keeper, others, isRecording, hasRules, files, versions, bytes },
        ...(seen !== undefined && { lastRecording: isoTime(seen) }),
        ...(undoable && { undoable }),
        gaps: gaps.map(gapShape),
      },
      lines: [
        `Folder    ${safePath(root)}`,
        `History   ${safePath(storeDir)} (${keeper})`,
        `Recording ${recordingWords(isRecording, hasRules, seen)}`,
        `Holds     ${counted(versions, 'version')} of ${counted(files, 'file')}, ${sizeWords(bytes)}`,
        ...(last && last.remaining.length > 0
          ? [
              `Undo      ${counted(last.remaining.length, 'file')} of the restore of ${localStamp(last.time)}: obby undo --last`,
            ]
          : []),
        ...gaps.slice(-maxGaps).map((gap) => `Gap       ${gapWords(gap)}`),
      ],
    });
  });
}

function recordingWords(isRecording: boolean, hasRules: boolean, seen: number | undefined): string {
  if (!hasRules) return `nothing: there is no ${watchFile}`;
  if (isRecording) return 'yes, within the last minute';
  return seen === undefined ? 'never' : `not now; last at ${localStamp(seen)}`;
}

function gapShape({ kind, from, to, count, reason }: GapRecord): unknown {
  const end = to === undefined ? {} : { to: isoTime(to) };
  return { kind, from: isoTime(from), ...end, count, ...(reason && { reason }) };
}

function gapWords({ kind, from, to, count }: GapRecord): string {
  const span = `${localStamp(from)} to ${to === undefined ? 'now' : localStamp(to)}`;
  return count > 0 ? `${kind}, ${span}: ${counted(count, 'change')}` : `${kind}, ${span}`;
}
