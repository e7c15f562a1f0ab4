import { errnoOf } from '../../base/errors';

/** A file that only grows. One caller writes at a time. */
export interface AppendFile {
  /** Appends at the end; returns how many bytes were taken, which may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  /** Resolves when all that was written is on stable storage. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** A file open for reading. */
export interface ReadFile {
  /** Up to `length` bytes from `position`: fewer only at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file open for reading by SQLite, which does not wait. Bytes are the caller's own. */
export interface SyncReadFile {
  /** Bytes, as the file was opened. */
  readonly size: number;
  /** Up to `length` bytes from `position`: fewer only at the end of the file. */
  read(position: number, length: number): Buffer;
  close(): void;
}

interface FileInfo {
  readonly size: number;
  /** ms since the epoch. */
  readonly modified: number;
}

/**
 * The few file operations that the store is made of, so that tests can inject faults and another host can bring its
 * own. Paths are absolute, with `/`. Failures reject with an error that has Node's `code` (`ENOENT`, `EEXIST`, `ENOSPC`).
 */
export interface FilePort {
  /** Makes a folder and those above it. The user alone can use what it makes. */
  makeDir(path: string): Promise<void>;
  /** Takes a file or folder that exists from everyone but its user, where the system has modes. */
  makePrivate(path: string): Promise<void>;
  /** Names of the files in a folder, unordered. */
  list(dir: string): Promise<string[]>;
  /** Undefined when there is no such file. */
  stat(path: string): Promise<FileInfo | undefined>;
  openRead(path: string): Promise<ReadFile>;
  openSync(path: string): SyncReadFile;
  /** Makes a new file, which the user alone can read; rejects with `EEXIST` when there is one. */
  create(path: string): Promise<AppendFile>;
  /** Opens a file that exists. */
  openAppend(path: string): Promise<AppendFile>;
  truncate(path: string, size: number): Promise<void>;
  /** Replaces `to` in one step. Rejects with `ENOENT` when `from` is gone. */
  rename(from: string, to: string): Promise<void>;
  /** Removing what is not there is no error. */
  remove(path: string): Promise<void>;
  /** Makes created, renamed and removed names of a folder durable, where the system can. */
  syncDir(dir: string): Promise<void>;
}

/** Whether an operation failed for want of room. */
export function isDiskFull(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOSPC' || errno === 'EDQUOT';
}

/** Appends all bytes, however few the file takes at a time. */
export async function writeAll(file: AppendFile, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const taken = await file.write(done === 0 ? bytes : bytes.subarray(done));
    if (taken <= 0) throw new Error('The file took no bytes');
    done += taken;
  }
}

/** A whole file's bytes, or undefined when there is no such file. */
export async function readWhole(files: FilePort, path: string): Promise<Uint8Array | undefined> {
  const info = await files.stat(path);
  if (info === undefined) return undefined;
  const file = await openIfThere(files, path);
  if (file === undefined) return undefined;
  try {
    return await file.read(0, info.size);
  } finally {
    await file.close();
  }
}

/** Another window may remove a file just after it was asked for. */
async function openIfThere(files: FilePort, path: string): Promise<ReadFile | undefined> {
  try {
    return await files.openRead(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces a file as a whole: after a crash there is the old one or the new one, never a mixture. */
export function replaceStoreFile(
  files: FilePort,
  path: string,
  bytes: Uint8Array,
  temporary: string,
  beforeRename?: () => Promise<void>,
): Promise<void> {
  return writeFileInParts(files, path, [bytes], temporary, beforeRename);
}

/** {@link replaceStoreFile} for what shall not be in memory at once. */
export async function writeFileInParts(
  files: FilePort,
  path: string,
  parts: Iterable<Uint8Array>,
  temporary: string,
  beforeRename: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await files.remove(temporary);
  const file = await files.create(temporary);
  try {
    for (const part of parts) await writeAll(file, part);
    await file.sync();
    await beforeRename();
  } catch (error) {
    await file.close();
    await files.remove(temporary);
    throw error;
  }
  await file.close();
  await files.rename(temporary, path);
}
