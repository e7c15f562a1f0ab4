import { lstatSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors';
import { parseTemporaryName } from '../../rules/temporaryName';

/**
 * Deletes the files that a process left in a folder when it was ended while it replaced a file. One that was replaced
 * stays if its content is not known elsewhere. Resolves with the names of those that stay.
 */
export async function deleteLeftovers(
  folder: string,
  isRecorded: (bytes: Uint8Array) => Promise<boolean>,
): Promise<string[]> {
  const left: string[] = [];
  for (const name of namesIn(folder)) {
    const parsed = parseTemporaryName(name);
    if (!parsed || isRunning(parsed.pid)) continue;
    const file = join(folder, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) continue;
    const isNeeded = parsed.kind === 'old' && stats.nlink === 1 && !(await isRecorded(readFileSync(file)));
    if (isNeeded) left.push(name);
    else unlinkSync(file);
  }
  return left;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
