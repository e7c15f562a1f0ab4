import { lstat, opendir, readFile, stat } from 'node:fs/promises';
import { join, basename, dirname } from 'node:path';
import { errnoOf } from '../../base/errors';
import { existsSync } from 'node:fs';
import { linesFromAbove } from './gitignoreLines';

export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** Reads a folder for a survey. Paths are relative to it, with `/`; `''` is the folder itself. */
export interface TreeReader {
  /** The entries of a folder, unordered, as a stream. Fails if they cannot be read. */
  entries(folder: string): AsyncIterable<TreeEntry>;
  /** The text of a file; undefined if there is none, or only a link. Fails if it cannot be read. */
  text(path: string): Promise<string | undefined>;
  /** The size in bytes of a file or of a link's target; undefined if there is none. */
  size(path: string): Promise<number | undefined>;
}

/** The largest file whose text is read. */
const maxTextBytes = 1_000_000;
/** Entries to read at a time. */
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
      // Reading a pipe would block.
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

/** The git repository of a workspace folder, which may be one of its parents. */
export interface Repository {
  /** Lines of its ignore files above the folder, converted to it; undefined if they are unusable. */
  readonly linesFromAbove: readonly string[] | undefined;
}

/** How far up to search for a repository. */
const maxLevels = 40;

/**
 * Undefined for a folder outside every repository.
 * @param root absolute path of the workspace folder
 */
export async function repositoryOf(root: string): Promise<Repository | undefined> {
  const way: string[] = [];
  let top = root;
  while (!existsSync(join(top, '.git'))) {
    if (dirname(top) === top || way.length === maxLevels) return undefined;
    way.unshift(basename(top));
    top = dirname(top);
  }
  const files = way.map((_, index) => join(...way.slice(0, index), '.gitignore'));
  const lines: string[] = [];
  for (const [index, file] of ['.git/info/exclude', ...files].entries()) {
    if (way.length === 0) break;
    const found = await linesOf(top, file, way.slice(Math.max(0, index - 1)));
    if (found === undefined) return { linesFromAbove: undefined };
    lines.push(...found);
  }
  return { linesFromAbove: lines };
}

async function linesOf(top: string, file: string, way: readonly string[]): Promise<readonly string[] | undefined> {
  try {
    return linesFromAbove((await treeOnDisk(top).text(file)) ?? '', way);
  } catch {
    return undefined;
  }
}
