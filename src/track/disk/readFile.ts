import * as l10n from '@vscode/l10n';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type BigIntStats,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { delay, systemClock, type Clock } from '../../base/clock';
import { ObbyError, errnoOf, messageOf } from '../../base/errors';
import type { FileTimes } from '../../model/stamp';

/** The members of Node's `BigIntStats` that a file is recorded by. */
export interface FileStatus extends FileTimes {
  readonly mode: bigint;
}

/** The result of reading a path. */
export type FileRead =
  /** `bytes` and `stat` are of the same point in time, unless the file is torn. */
  | { readonly state: 'file'; readonly bytes: Uint8Array; readonly stat: FileStatus; readonly isTorn?: true }
  | { readonly state: 'too large'; readonly size: number; readonly stat: FileStatus }
  | { readonly state: 'missing' | 'directory' }
  | { readonly state: 'other'; readonly what: 'link' | 'pipe' | 'socket' | 'device' }
  | { readonly state: 'unreadable'; readonly error: ObbyError };

export interface ReadOptions {
  /** Absolute path of the folder; nothing outside it is read, even through links. */
  readonly root: string;
  /** A larger file is not read. */
  readonly maxBytes: number;
  /** Whether a link may be followed to the file at this path in the root, with `/`; default: to any. */
  readonly mayFollow?: (target: string) => boolean;
  /** A file that changed during every attempt is read as it came, with `isTorn`; otherwise that is an error. */
  readonly mayBeTorn?: boolean;
  readonly clock?: Clock;
  readonly access?: FileAccess;
}

type Attempt = Required<Omit<ReadOptions, 'clock' | 'mayBeTorn'>>;

const maxAttempts = 5;
/** The pause before the second attempt; it grows by this much for each further one. */
const retryMs = 20;

/**
 * Reads a whole file, by its absolute path, as it was at one point in time. A link is followed to a regular file inside
 * the root. Rejects `changedWhileRead` when the file changed during every attempt and may not be torn.
 */
export async function readFile(path: string, options: ReadOptions): Promise<FileRead> {
  const { root, maxBytes, mayFollow = () => true, clock = systemClock, access = nodeFileAccess } = options;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    if (attempt > 1) await delay(clock, retryMs * (attempt - 1));
    const result = attemptRead(path, { root, maxBytes, mayFollow, access });
    const isLast = attempt === maxAttempts && options.mayBeTorn === true;
    if (result.state !== 'file' || !result.isTorn || isLast) return result;
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

function attemptRead(path: string, attempt: Attempt): FileRead {
  const { maxBytes, access } = attempt;
  try {
    const found = access.lstat(path);
    if (!found.isFile() && !found.isSymbolicLink()) return notFile(found);
    const target = followLink(path, found, attempt);
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

function readOpen(file: number, maxBytes: number, access: FileAccess): FileRead {
  const before = access.fstat(file);
  if (!before.isFile()) return notFile(before);
  const size = Number(before.size);
  if (size > maxBytes) return { state: 'too large', size, stat: before };
  // Reading one byte more than the size shows whether the file has grown or ends there.
  const buffer = Buffer.allocUnsafeSlow(size + 1);
  let length = access.read(file, buffer, 0);
  for (let count = length; count > 0 && length < size; length += count) count = access.read(file, buffer, length);
  const after = access.fstat(file);
  const isSame =
    length === size &&
    after.size === before.size &&
    after.mtimeNs === before.mtimeNs &&
    after.ctimeNs === before.ctimeNs;
  const bytes = buffer.subarray(0, Math.min(length, size));
  return { state: 'file', bytes, stat: after, ...(!isSame && { isTorn: true }) };
}

/**
 * The real path of the file that a path or a link names; undefined for a link to what may not be read, and for a path
 * through a link to a folder, whose files have paths of their own.
 */
export function followLink(
  path: string,
  found: BigIntStats,
  { root, mayFollow, access }: Pick<Attempt, 'root' | 'mayFollow' | 'access'>,
): string | undefined {
  const folder = access.realFolder(dirname(path));
  // A path without links: the usual case, which needs no more calls.
  if (folder === dirname(path) && !found.isSymbolicLink()) return isInside(path, root) ? path : undefined;
  const realRoot = access.realFolder(root);
  // A disk may compose the characters of a name in its own way.
  if (relative(realRoot, folder).normalize() !== relative(root, dirname(path)).normalize()) return undefined;
  if (!found.isSymbolicLink()) return join(folder, basename(path));
  const target = targetOf(path, access);
  if (target === undefined || !isInside(target, realRoot)) return undefined;
  if (!mayFollow(relative(realRoot, target).replaceAll(sep, '/'))) return undefined;
  return access.lstat(target).isFile() ? target : undefined;
}

/** Undefined for a link that leads nowhere or in a circle. */
function targetOf(link: string, access: FileAccess): string | undefined {
  try {
    return access.realpath(link);
  } catch (error) {
    if (isOneOf(error, ['ENOENT', 'ENOTDIR', 'ELOOP'])) return undefined;
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

/** Rethrows errors that are not from the file system. */
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

/** The calls for reading a file; each throws like `node:fs`. */
export interface FileAccess {
  lstat(path: string): BigIntStats;
  /** The path without any links. */
  realpath(path: string): string;
  /** The same for a folder; an implementation may cache it for a short time. */
  realFolder(path: string): string;
  /** Opens for reading. Never waits for a pipe's other end, and does not follow a link at the end of the path. */
  open(path: string): number;
  fstat(file: number): BigIntStats;
  /**
   * Fills a buffer from `offset` on with the file's bytes at the same offset; returns their number, 0 at the end of the
   * file.
   */
  read(file: number, buffer: Uint8Array, offset: number): number;
  close(file: number): void;
}

/** Windows has neither flag, nor what they guard against. */
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number };

/**
 * The local disk. The calls are synchronous because they run in a worker thread, where a small file takes 15 µs this
 * way and 60 to 300 µs with promises.
 */
export const nodeFileAccess: FileAccess = {
  lstat: (path) => lstatSync(path, { bigint: true }),
  realpath: (path) => realpathSync.native(path),
  realFolder: (path) => realpathSync.native(path),
  open: (path) => openSync(path, constants.O_RDONLY | O_NONBLOCK | O_NOFOLLOW),
  fstat: (file) => fstatSync(file, { bigint: true }),
  read: (file, buffer, offset) => readSync(file, buffer, offset, buffer.length - offset, offset),
  close: (file) => closeSync(file),
};

/**
 * The local disk for many files in few folders: the real path of a folder is queried once per turn of the event loop. A
 * folder that is replaced by a link is noticed soon, because a turn lasts some milliseconds.
 */
export function fileAccessByTurns(access: FileAccess = nodeFileAccess): FileAccess {
  const folders = new Map<string, string>();
  const realFolder = (path: string): string => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    if (folders.size === 0) setImmediate(() => folders.clear());
    const real = access.realFolder(path);
    folders.set(path, real);
    return real;
  };
  return { ...access, realFolder };
}
