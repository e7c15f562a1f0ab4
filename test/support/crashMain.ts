/**
 * `npm run test:crash -- --trials N`: kills processes that write a store at random moments and reads everything back.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chanceOf } from './chance';
import { runCrashTrials, type CrashResult } from './crashTrials';
import { writeUntilKilled, type WriterOptions } from './crashWriter';
import { projectRoot } from './host/project';

const writer = process.env['OBBY_CRASH_WRITER'];
if (writer !== undefined) void writeUntilKilled(JSON.parse(writer) as WriterOptions);
else void main();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { trials: { type: 'string', default: '200' } } });
  const trials = Number(values.trials);
  if (!Number.isSafeInteger(trials) || trials < 1) throw new Error('--trials takes a number of trials.');
  let told = 0;
  const result = await runCrashTrials({
    ...{ trials, wasmDir: path.join(projectRoot, 'dist'), writerFile: __filename, chance: chanceOf('crash') },
    onTrial: (done, so) => {
      for (const problem of so.lost.slice(told)) process.stdout.write(`${problem}\n`);
      told = so.lost.length;
      if (done % 50 === 0) process.stdout.write(`${summary(so)}\n`);
    },
  });
  process.stdout.write(`${summary(result)}\n`);
  process.exitCode = result.lost.length === 0 ? 0 : 1;
}

function summary({ trials, acknowledged, readBack, did, lost }: CrashResult): string {
  const done = [...did].sort().map(([what, count]) => `${what} ${count}`);
  return `${trials} trials, ${acknowledged} acknowledged versions, ${readBack} read back, ${lost.length} lost (${done.join(', ')})`;
}
