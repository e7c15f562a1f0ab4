import { lstat, opendir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors';

export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** What a survey reads of a folder. Paths are relative to it, with `/`; `''` is the folder itself. */
export interface TreeReader {
  /** The entries of a folder, in no order, read bit by bit. Fails when they cannot be read. */
  entries(folder: string): AsyncIterable<TreeEntry>;
  /** The text of a file; undefined when there is none, or only a link. Fails when it cannot be read. */
  text(path: string): Promise<string | undefined>;
  /** The size of a file in bytes, also of one that a link leads to; undefined when there is none. */
  size(path: string): Promise<number | undefined>;
}

/** Files whose text is asked for are not larger. */
const maxTextBytes = 1_000_000;
/** Entries that the system is asked for at a time. */
const bufferSize = 256;

/** @param root absolute path */
export function treeOnDisk(root: string): TreeReader {
  return {
    async *entries(folder) {
      for await (const entry of await opendir(join(root, folder), { bufferSize })) {
        yield {
          name: entry.name,
          kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other',
        };
      }
    },
    async text(path) {
      const stats = await ifThere(lstat(join(root, path)));
      // A pipe under this name would block the reader.
      if (!stats?.isFile()) return undefined;
      if (stats.size > maxTextBytes) throw new Error(`${path} has more than ${maxTextBytes} bytes`);
      return readFile(join(root, path), 'utf8');
    },
    async size(path) {
      const stats = await stat(join(root, path)).catch(() => undefined);
      return stats?.isFile() === true ? stats.size : undefined;
    },
  };
}

async function ifThere<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
