import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf } from '../../base/errors';

/**
 * Writes a file so that it never holds half of the bytes: the disk has all of them before they take the file's name. It
 * keeps its mode. A file with several names, or behind a link, is written in place, since it would lose them.
 */
export async function replaceWatchedFile(file: string, bytes: Uint8Array): Promise<void> {
  const stats = await lstat(file).catch(undefinedIfMissing);
  if (stats) await access(file, constants.W_OK);
  if (stats && (stats.isSymbolicLink() || stats.nlink > 1)) {
    await writeFile(file, bytes);
    return;
  }
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', stats ? 0o600 : 0o666);
    try {
      await handle.writeFile(bytes);
      if (stats) await handle.chmod(stats.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
  return undefined;
}
