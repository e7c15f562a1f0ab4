import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
  type BigIntStats,
} from 'node:fs';
import { promisify } from 'node:util';

/** The calls for replacing a file; each throws like `node:fs`. */
export interface WriteAccess {
  /** Undefined when there is nothing. */
  lstat(path: string): BigIntStats | undefined;
  /** Throws when the file may not be written. */
  requireWritable(path: string): void;
  /** A new file; throws when the name is taken. */
  create(path: string, mode: number): number;
  /** An existing file, to read and write. Does not follow a link, and never waits for a pipe's other end. */
  open(path: string): number;
  /** The same, only to read. */
  openToRead(path: string): number;
  fstat(file: number): BigIntStats;
  read(file: number, buffer: Uint8Array, position: number): number;
  write(file: number, bytes: Uint8Array, position: number): number;
  truncate(file: number, length: number): void;
  chmod(file: number, mode: number): void;
  chown(file: number, uid: number, gid: number): void;
  sync(file: number): Promise<void>;
  close(file: number): void;
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
}

/** Windows has neither flag, nor what they guard against. */
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number };

/**
 * The local disk. All but `sync` are synchronous: the fewer things happen between two calls, the fewer other programs
 * write in between.
 */
export const nodeWriteAccess: WriteAccess = {
  lstat: (path) => lstatSync(path, { bigint: true, throwIfNoEntry: false }),
  requireWritable: (path) => accessSync(path, constants.W_OK),
  create: (path, mode) => openSync(path, 'wx', mode),
  open: (path) => openSync(path, constants.O_RDWR | O_NONBLOCK | O_NOFOLLOW),
  openToRead: (path) => openSync(path, constants.O_RDONLY | O_NONBLOCK | O_NOFOLLOW),
  fstat: (file) => fstatSync(file, { bigint: true }),
  read: (file, buffer, position) => readSync(file, buffer, 0, buffer.length, position),
  write: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
  truncate: ftruncateSync,
  chmod: fchmodSync,
  chown: fchownSync,
  sync: promisify(fsync),
  close: closeSync,
  link: linkSync,
  rename: renameSync,
  unlink: unlinkSync,
  rmdir: rmdirSync,
};
