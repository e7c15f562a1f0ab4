import * as fs from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../../base/errors';
import type { AppendFile, FilePort, ReadFile, SyncReadFile } from './filePort';

const appendToExisting = fs.constants.O_WRONLY | fs.constants.O_APPEND;

/** Modes for access by the user alone. Windows ignores them: a user's folders are private there. */
const privateFolder = 0o700;
const privateFile = 0o600;
const othersBits = 0o077;

function appendFile(handle: FileHandle): AppendFile {
  return {
    async write(bytes) {
      const { bytesWritten } = await handle.write(bytes);
      return bytesWritten;
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** Reads are synchronous: the store runs in a worker thread, where a small read costs 3 µs this way and 30 µs awaited. */
function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const bytesRead = fs.readSync(file, bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function readFile(handle: FileHandle): ReadFile {
  return {
    read: (position, length) =>
      new Promise((resolve) => {
        resolve(readAt(handle.fd, position, length));
      }),
    close: () => handle.close(),
  };
}

function openSync(path: string): SyncReadFile {
  const file = fs.openSync(path, 'r');
  const { size } = fs.fstatSync(file);
  return { size, read: (position, length) => readAt(file, position, length), close: () => fs.closeSync(file) };
}

/** Where folders cannot be synced, as on some network and FUSE mounts; there, names are as durable as they get. */
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function syncDir(dir: string): Promise<void> {
  // Windows cannot open a folder; its file systems journal names themselves.
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!cannotSync.has(errnoOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** A new folder is durable when its name in the folder above is. */
async function makeDir(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: privateFolder });
  if (first === undefined) return;
  const top = dirname(first);
  for (let dir = dirname(path); dir.length >= top.length; dir = dirname(dir)) {
    await syncDir(dir);
    if (dir === top) break;
  }
}

async function makePrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & othersBits) !== 0) await chmod(path, mode & privateFolder);
}

/** The {@link FilePort} of Node.js. */
export const nodeFilePort: FilePort = {
  makeDir,
  makePrivate,
  async list(dir) {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  },
  async stat(path) {
    try {
      const { size, mtimeMs } = await stat(path);
      return { size, modified: mtimeMs };
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  openRead: async (path) => readFile(await open(path, 'r')),
  openSync,
  create: async (path) => appendFile(await open(path, 'ax', privateFile)),
  openAppend: async (path) => appendFile(await open(path, appendToExisting)),
  truncate,
  rename,
  remove: (path) => rm(path, { force: true }),
  syncDir,
};
