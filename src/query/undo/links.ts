import { lstatSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { PlannedFile } from './plannedFile';

/** Leaves out links to files of the plan, which need no step of their own: they lead to what is taken back. */
export async function withoutLinks(
  { root }: { readonly root: string },
  planned: readonly PlannedFile[],
): Promise<PlannedFile[]> {
  const paths = new Set(planned.map(({ present }) => present.path));
  const kept: PlannedFile[] = [];
  for (const each of planned) {
    const target = each.conflict === 'unreadable' ? await linkTarget(root, each.present.path) : undefined;
    if (target === undefined || !paths.has(target)) kept.push(each);
  }
  return kept;
}

/** Where a link leads, by its path in the folder. */
async function linkTarget(root: string, path: string): Promise<string | undefined> {
  try {
    if (!lstatSync(join(root, path), { throwIfNoEntry: false })?.isSymbolicLink()) return undefined;
    return relative(await realpath(root), await realpath(join(root, path))).replaceAll(sep, '/');
  } catch {
    // It leads nowhere.
    return undefined;
  }
}
