import * as l10n from '@vscode/l10n';
import { isGitName } from '../../base/gitName';
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errnoOf, ObbyError } from '../../base/errors';

/**
 * Rejects a path at which something other than a regular file is: what is restored is the path that was named, never
 * what a link leads to, and nothing that has no content is replaced.
 */
export function requireFile(root: string, path: string): void {
  if (path.split('/').some(isGitName)) {
    throw new ObbyError('badArgument', l10n.t('{0} belongs to git, where Obby never writes.', path));
  }
  const file = join(root, path);
  requireFolders(root, path);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return;
  throw new ObbyError('unreadable', refusal(root, path, stats));
}

/** Rejects a path that has a file or a link where it needs a folder. */
function requireFolders(root: string, path: string): void {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    const stats = lstatSync(join(root, folder), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isDirectory()) continue;
    if (stats.isSymbolicLink()) throw new ObbyError('unreadable', folderLinkRefusal(root, path, folder));
    const message = l10n.t('{0} was not changed: {1} is not a folder any more. Move that away first.', path, folder);
    throw new ObbyError('unreadable', message);
  }
}

function refusal(root: string, path: string, stats: Stats): string {
  if (stats.isSymbolicLink()) return linkRefusal(root, path);
  if (stats.isDirectory()) return l10n.t('{0} was not changed: a folder has its name. Move that away first.', path);
  if (stats.isFIFO()) return l10n.t('{0} was not changed: a pipe has its name. Move that away first.', path);
  if (stats.isSocket()) return l10n.t('{0} was not changed: a socket has its name. Move that away first.', path);
  return l10n.t('{0} was not changed: a device has its name. Move that away first.', path);
}

function linkRefusal(root: string, path: string): string {
  const { target, isInside } = targetOf(root, path);
  return isInside
    ? l10n.t(
        '{0} was not changed: it is a link to {1} now. Restore {1} instead, or move the link away first.',
        path,
        target,
      )
    : l10n.t('{0} was not changed: it is a link to {1} now. Move the link away first.', path, target);
}

function folderLinkRefusal(root: string, path: string, folder: string): string {
  const { target, isInside } = targetOf(root, folder);
  const message = l10n.t(
    '{0} was not changed: {1} is a link to {2} now. Move the link away first.',
    path,
    folder,
    target,
  );
  if (!isInside) return message;
  return l10n.t(
    '{0} was not changed: {1} is a link to {2} now. Restore {3} instead, or move the link away first.',
    path,
    folder,
    target,
    target + path.slice(folder.length),
  );
}

/** Where a link leads, by a path in the workspace folder if it is in it. */
function targetOf(root: string, path: string): { readonly target: string; readonly isInside: boolean } {
  const link = join(root, path);
  const target = readlinkSync(link);
  const way = relative(root, resolve(dirname(link), target));
  const isInside = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  return { target: isInside ? way.replaceAll(sep, '/') : target, isInside };
}

/** Rejects a path that is, or through links leads, outside the folder. */
export async function requireInside(root: string, file: string, path: string): Promise<void> {
  const realRoot = await realpath(root);
  const real = await existingPart(file);
  if (real === realRoot || real.startsWith(realRoot + sep)) return;
  throw new ObbyError('badArgument', l10n.t('{0} leads outside the workspace folder, where Obby never writes.', path));
}

/** The real path of the longest existing part of a path. Rejects a dangling link, because writing would follow it. */
async function existingPart(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    const isThere = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
    if (errnoOf(error) !== 'ENOENT' || isThere || dirname(file) === file) throw error;
    return existingPart(dirname(file));
  }
}
