import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
} from 'node:fs';

/** The calls that reading a file takes; each throws as `node:fs` does. */
export interface FileAccess {
  lstat(path: string): BigIntStats;
  /** Without links anywhere in it. */
  realpath(path: string): string;
  /** The same of a folder, which a file access may remember for a moment. */
  realFolder(path: string): string;
  /** For reading. Never waits for a pipe's other end, and follows no link at the end of the path. */
  open(path: string): number;
  fstat(file: number): BigIntStats;
  /** Fills a buffer from `offset` on with what stands there in the file; returns how many bytes, 0 at its end. */
  read(file: number, buffer: Uint8Array, offset: number): number;
  close(file: number): void;
}

/** Windows has neither flag, nor what they guard against. */
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number };

/**
 * The local disk. The calls are synchronous because they run in a worker thread, where a small file costs 15 µs like
 * this and 60 to 300 µs through promises.
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
 * The local disk for many files of few folders: where a folder really is, is asked once in a turn of the event loop. A
 * folder that is exchanged for a link is never far from being met as one, since a turn lasts some milliseconds.
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
