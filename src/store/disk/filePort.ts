import { errnoOf } from '../../base/errors';

/** A file opened for appending. One caller writes at a time. */
export interface AppendFile {
  /** Appends at the end. Returns how many bytes were written, possibly fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  /** Resolves when everything written is on stable storage. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadFile {
  /** Up to `length` bytes from `position`: fewer only at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file opened for synchronous reading, for SQLite. The bytes returned belong to the caller. */
export interface SyncReadFile {
  /** Bytes when the file was opened. */
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
 * The file operations that the store needs, so that tests can inject faults and another host can provide its own. Paths
 * are absolute, with `/`. Failures reject with an error that has Node's `code` (`ENOENT`, `EEXIST`, `ENOSPC`).
 */
export interface FilePort {
  /** Creates a folder and those above it, for the user alone. */
  makeDir(path: string): Promise<void>;
  /** Makes an existing file or folder accessible to its user only, where the system has modes. */
  makePrivate(path: string): Promise<void>;
  /** Names of the files in a folder, unordered. */
  list(dir: string): Promise<string[]>;
  /** Undefined when the file does not exist. */
  stat(path: string): Promise<FileInfo | undefined>;
  openRead(path: string): Promise<ReadFile>;
  openSync(path: string): SyncReadFile;
  /** Creates a file that only the user can read; rejects with `EEXIST` when it exists. */
  create(path: string): Promise<AppendFile>;
  /** Opens an existing file. */
  openAppend(path: string): Promise<AppendFile>;
  truncate(path: string, size: number): Promise<void>;
  /** Replaces `to` in one step. Rejects with `ENOENT` when `from` is gone. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing when the file does not exist. */
  remove(path: string): Promise<void>;
  /** Makes created, renamed and removed names in a folder durable, where the system can. */
  syncDir(dir: string): Promise<void>;
}

/** Whether an operation failed because the disk or the quota is full. */
export function isDiskFull(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOSPC' || errno === 'EDQUOT';
}

/** Appends all bytes, in as many writes as it takes. */
export async function writeAll(file: AppendFile, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const taken = await file.write(done === 0 ? bytes : bytes.subarray(done));
    if (taken <= 0) throw new Error('The file took no bytes');
    done += taken;
  }
}

/** The bytes of a file, or undefined when it does not exist. */
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

/** Another window may remove the file after its size was read. */
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

/** {@link replaceStoreFile} for files that are too large for memory. */
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

interface Reader {
  readonly file: Promise<ReadFile>;
  users: number;
}

/** Keeps files open for reading: all that are in use, and of the others the most recently used ones up to a bound. */
export class Readers {
  private readonly readers = new Map<string, Reader>();

  constructor(
    private readonly open: (key: string) => Promise<ReadFile>,
    private readonly maxOpen = 16,
  ) {}

  async use<T>(key: string, work: (file: ReadFile) => Promise<T>): Promise<T> {
    const reader = this.readers.get(key) ?? { file: this.open(key), users: 0 };
    this.readers.delete(key);
    this.readers.set(key, reader);
    reader.users++;
    try {
      return await work(await reader.file);
    } catch (error) {
      // After any failure, the next reader opens the file again.
      if (this.readers.get(key) === reader) this.readers.delete(key);
      throw error;
    } finally {
      reader.users--;
      if (this.readers.get(key) !== reader && reader.users === 0) await closeQuietly(reader);
      await this.closeSurplus();
    }
  }

  /** Closes the file of a key as soon as it is not in use. */
  async forget(key: string): Promise<void> {
    const reader = this.readers.get(key);
    this.readers.delete(key);
    if (reader?.users === 0) await closeQuietly(reader);
  }

  /** Closes all files; those in use as soon as they are released. */
  async close(): Promise<void> {
    const idle = [...this.readers.values()].filter(({ users }) => users === 0);
    this.readers.clear();
    await Promise.all(idle.map(closeQuietly));
  }

  private async closeSurplus(): Promise<void> {
    for (const [key, reader] of this.readers) {
      if (this.readers.size <= this.maxOpen) return;
      if (reader.users > 0) continue;
      this.readers.delete(key);
      await closeQuietly(reader);
    }
  }
}

async function closeQuietly({ file }: Reader): Promise<void> {
  await file.then(
    (opened) => opened.close(),
    () => undefined,
  );
}
