import * as l10n from '@vscode/l10n';
import type { BigIntStats } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type Clock, systemClock } from '../../base/clock';
import { ObbyError, errnoOf, messageOf } from '../../base/errors';
import type { FileTimes } from '../../model/stamp';
import { type FileAccess, nodeFileAccess } from './fileAccess';

/** What a path is on disk. */
export type FileRead =
  /** `bytes` are of one moment, and `stat` is of the same. */
  | { readonly state: 'file'; readonly bytes: Uint8Array; readonly stat: FileTimes }
  | { readonly state: 'too large'; readonly size: number; readonly stat: FileTimes }
  | { readonly state: 'missing' | 'directory' }
  | { readonly state: 'other'; readonly what: 'link' | 'pipe' | 'socket' | 'device' }
  | { readonly state: 'unreadable'; readonly error: ObbyError };

export interface ReadOptions {
  /** Absolute path of the folder that nothing is read outside of, whatever links lead there. */
  readonly root: string;
  /** A larger file is not read. */
  readonly maxBytes: number;
  /** Whether a link may be followed to a file, by that file's path in the root, with `/`; to any by default. */
  readonly mayFollow?: (target: string) => boolean;
  readonly clock?: Clock;
  readonly access?: FileAccess;
}

type Attempt = Required<Omit<ReadOptions, 'clock'>>;

const maxAttempts = 5;
/** Before the second attempt; each further one waits as long again. */
const retryMs = 20;

/**
 * Reads a file whole, by its absolute path, as it was at one moment. A link is followed to a regular file inside the
 * root. Rejects `changedWhileRead` when every attempt met a writer.
 */
export async function readFile(path: string, options: ReadOptions): Promise<FileRead> {
  const { root, maxBytes, mayFollow = () => true, clock = systemClock, access = nodeFileAccess } = options;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    if (attempt > 1) await new Promise<void>((resolve) => clock.after(retryMs * (attempt - 1), resolve));
    const result = attemptRead(path, { root, maxBytes, mayFollow, access });
    if (result !== 'changed') return result;
  }
  throw new ObbyError(
    'changedWhileRead',
    l10n.t(
      '{0} changed while it was read, {1} times in a row. Try again when nothing writes to it.',
      JSON.stringify(path),
      maxAttempts,
    ),
  );
}

/** `changed` when the file did while it was read. */
function attemptRead(path: string, attempt: Attempt): FileRead | 'changed' {
  const { maxBytes, access } = attempt;
  try {
    const found = access.lstat(path);
    if (!found.isFile() && !found.isSymbolicLink()) return notFile(found);
    const target = follow(path, found, attempt);
    if (target === undefined) return { state: 'other', what: 'link' };
    const file = access.open(target);
    try {
      return readOpen(file, maxBytes, access);
    } finally {
      access.close(file);
    }
  } catch (error) {
    return failure(path, error);
  }
}

function readOpen(file: number, maxBytes: number, access: FileAccess): FileRead | 'changed' {
  const before = access.fstat(file);
  if (!before.isFile()) return notFile(before);
  const size = Number(before.size);
  if (size > maxBytes) return { state: 'too large', size, stat: before };
  // Asked for one byte more than there was, a read shows that the file has grown, or has ended there.
  const buffer = Buffer.allocUnsafeSlow(size + 1);
  let length = access.read(file, buffer, 0);
  for (let count = length; count > 0 && length < size; length += count) count = access.read(file, buffer, length);
  const after = access.fstat(file);
  const isSame =
    length === size &&
    after.size === before.size &&
    after.mtimeNs === before.mtimeNs &&
    after.ctimeNs === before.ctimeNs;
  return isSame ? { state: 'file', bytes: buffer.subarray(0, size), stat: after } : 'changed';
}

/** Where the file really is; undefined for a link, or a path through one, that leads to no file it may lead to. */
function follow(path: string, found: BigIntStats, { root, mayFollow, access }: Attempt): string | undefined {
  const target = realPath(path, found, access);
  // The path has no link in it: the usual case, which needs no more calls.
  if (target === path && isInside(path, root)) return target;
  if (target === undefined) return undefined;
  const realRoot = access.realpath(root);
  if (!isInside(target, realRoot)) return undefined;
  const way = relative(realRoot, target);
  if (way !== relative(root, path) && !mayFollow(way.replaceAll(sep, '/'))) return undefined;
  return access.lstat(target).isFile() ? target : undefined;
}

/** Undefined for a link that leads nowhere or in a circle. */
function realPath(path: string, found: BigIntStats, access: FileAccess): string | undefined {
  try {
    return found.isSymbolicLink() ? access.realpath(path) : join(access.realFolder(dirname(path)), basename(path));
  } catch (error) {
    if (found.isSymbolicLink() && isOneOf(error, ['ENOENT', 'ENOTDIR', 'ELOOP'])) return undefined;
    throw error;
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function notFile(stat: BigIntStats): FileRead {
  if (stat.isDirectory()) return { state: 'directory' };
  if (stat.isFIFO()) return { state: 'other', what: 'pipe' };
  if (stat.isSocket()) return { state: 'other', what: 'socket' };
  return { state: 'other', what: 'device' };
}

/** Rethrows what is not an error of the file system. */
function failure(path: string, error: unknown): FileRead {
  if (errnoOf(error) === undefined) throw error;
  if (isOneOf(error, ['ENOENT', 'ENOTDIR'])) return { state: 'missing' };
  const message = l10n.t(
    '{0} cannot be read ({1}). Check its permissions and its disk.',
    JSON.stringify(path),
    messageOf(error),
  );
  return { state: 'unreadable', error: new ObbyError('unreadable', message, { cause: error }) };
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  const code = errnoOf(error);
  return code !== undefined && codes.includes(code);
}
