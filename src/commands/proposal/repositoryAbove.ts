import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { linesFromAbove } from './gitignoreLines';
import { treeOnDisk } from './treeReader';

/** The git repository that a workspace folder is, or lies in. */
export interface Repository {
  /** What its ignore files above the folder say in the folder; undefined when they cannot be used. */
  readonly linesFromAbove: readonly string[] | undefined;
}

/** How many folders above the workspace folder are looked at. */
const maxLevels = 40;

/**
 * Undefined for a folder that lies in no repository.
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
