/**
 * Outlives the process that started it, by just long enough to clean up: when the input ends, it kills
 * every process of the run (first argument) and deletes the run's folder (second argument).
 */
import { rm } from 'node:fs/promises';
import { endProcesses } from './host/processes';

const [runId, folder] = process.argv.slice(2);

async function cleanUp(): Promise<void> {
  if (runId === undefined || folder === undefined) return;
  await endProcesses(runId);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

process.stdin.resume();
process.stdin.once('end', () => void cleanUp().finally(() => process.exit()));
