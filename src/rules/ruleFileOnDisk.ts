import * as l10n from '@vscode/l10n';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, type Stats } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { errnoOf, messageOf } from '../base/errors';

export interface RuleFileContent {
  readonly bytes: Uint8Array;
  /** The file that it is a link to, relative to the workspace folder, with `/`. */
  readonly target?: string;
}

/** `fault`: why it cannot be read, and what to do, in sentences. */
export type RuleFileOnDisk = RuleFileContent | { readonly fault: string };

const maxBytes = 1_000_000;

/** Windows has neither flag, nor what they guard against. */
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number };

/** Reads a rule file; undefined when there is nothing at its path. A link is followed to a file in the same folder tree. */
export function readRuleFile(root: string, path: string): RuleFileOnDisk | undefined {
  const file = join(root, path);
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isSymbolicLink() ? readLinked(root, path) : readRegular(file, stats, path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { fault: l10n.t('{0} cannot be read ({1}). Check its permissions.', path, messageOf(error)) };
  }
}

function readLinked(root: string, path: string): RuleFileOnDisk {
  const real = targetOf(join(root, path));
  if (real === undefined)
    return { fault: l10n.t('{0} is a link that leads to no file. Put a file in its place.', path) };
  const way = relative(realpathSync.native(root), real);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    return { fault: l10n.t('{0} is a link that leads out of the workspace folder. Put a file in its place.', path) };
  }
  const read = readRegular(real, lstatSync(real), path);
  return 'fault' in read ? read : { ...read, target: way.replaceAll(sep, '/') };
}

/** Undefined for a link that leads nowhere or in a circle. */
function targetOf(link: string): string | undefined {
  try {
    return realpathSync.native(link);
  } catch (error) {
    if (isMissing(error) || errnoOf(error) === 'ELOOP') return undefined;
    throw error;
  }
}

/** A pipe under this name is not opened, since that would wait for its other end. */
function readRegular(file: string, found: Stats, path: string): RuleFileOnDisk {
  if (!found.isFile()) return notFile(found, path);
  const descriptor = openSync(file, constants.O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return notFile(stats, path);
    const bytes = readAll(descriptor);
    if (bytes.length <= maxBytes) return { bytes };
    return { fault: l10n.t('{0} has more than {1} bytes. Shorten it.', path, maxBytes) };
  } finally {
    closeSync(descriptor);
  }
}

function notFile(stats: Stats, path: string): RuleFileOnDisk {
  const fault = stats.isDirectory()
    ? l10n.t('{0} is a folder. Delete it, or put a file in its place.', path)
    : l10n.t('{0} is no regular file. Delete it, or put a file in its place.', path);
  return { fault };
}

/** One byte more than the limit at most, however much the file grows. */
function readAll(descriptor: number): Buffer {
  const chunks: Buffer[] = [];
  let left = maxBytes + 1;
  while (left > 0) {
    const chunk = Buffer.allocUnsafe(Math.min(left, 65_536));
    const count = readSync(descriptor, chunk, 0, chunk.length, null);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    left -= count;
  }
  return Buffer.concat(chunks);
}

/** A folder above may be gone as well, or be a file by now. */
function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
