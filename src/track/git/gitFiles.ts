import { closeSync, constants, fstatSync, openSync, opendirSync, readSync, statSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errnoOf } from '../../base/errors';

/** The calls for reading a repository; each throws like `node:fs`. */
export interface GitFileCalls {
  /** Follows links, as git does; undefined if nothing is there. */
  stat(path: string): Stats | undefined;
  /** Opens for reading. Never waits for a pipe's other end. */
  open(path: string): number;
  fstat(file: number): Stats;
  read(file: number, buffer: Uint8Array, position: number): number;
  close(file: number): void;
  /** Names in a folder, at most `most`. */
  names(folder: string, most: number): string[];
}

/** Windows has no such flag, and no pipes in the file system. */
const { O_NONBLOCK = 0 } = constants as { readonly O_NONBLOCK?: number };

/** The local disk. */
export const nodeCalls: GitFileCalls = {
  stat: (path) => statSync(path, { throwIfNoEntry: false }),
  open: (path) => openSync(path, constants.O_RDONLY | O_NONBLOCK),
  fstat: (file) => fstatSync(file),
  read: (file, buffer, position) => readSync(file, buffer, 0, buffer.length, position),
  close: (file) => closeSync(file),
  names: namesIn,
};

/** The repository may be this many folders above the workspace folder. */
const maxDepth = 32;
/** `.git` and `commondir` contain one path. */
const maxPathFileBytes = 10_000;

const nothingThere = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** An open file of a repository, with its size at opening. */
export interface OpenGitFile {
  readonly file: number;
  readonly size: number;
}

/**
 * Reads files of a repository that may contain anything: a circular link, a pipe, gigabytes, or a file without
 * permission. Nothing here waits or reads without a bound. Errors are thrown, for the caller's optional work.
 */
export class GitFiles {
  constructor(private readonly calls: GitFileCalls = nodeCalls) {}

  /** Undefined if nothing is there, or only a circular link. */
  stat(path: string): Stats | undefined {
    try {
      return this.calls.stat(path);
    } catch (error) {
      if (nothingThere.has(errnoOf(error) ?? '')) return undefined;
      throw error;
    }
  }

  /** The text of a small file; undefined for a larger one, and for anything but a file. */
  text(path: string, maxBytes: number): string | undefined {
    return this.use(path, ({ file, size }) =>
      size > maxBytes ? undefined : this.read(file, 0, size).toString('utf8'),
    );
  }

  /** The last bytes of a file and their offset; undefined for anything but a file. */
  tail(path: string, bytes: number): { readonly text: string; readonly from: number } | undefined {
    return this.use(path, ({ file, size }) => {
      const from = Math.max(0, size - bytes);
      return { text: this.read(file, from, size - from).toString('utf8'), from };
    });
  }

  /** The caller must close it; undefined for anything but a file. */
  open(path: string): OpenGitFile | undefined {
    // Opening a device can have effects, so check first; the check after opening finds what replaced the file
    // meanwhile.
    if (this.stat(path)?.isFile() !== true) return undefined;
    const file = this.calls.open(path);
    try {
      const stat = this.calls.fstat(file);
      if (stat.isFile()) return { file, size: stat.size };
    } catch (error) {
      this.calls.close(file);
      throw error;
    }
    this.calls.close(file);
    return undefined;
  }

  /** `length` bytes, or fewer at the end of the file. */
  read(file: number, position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, this.calls.read(file, bytes, position));
  }

  close(file: number): void {
    this.calls.close(file);
  }

  names(folder: string, most: number): string[] {
    return this.calls.names(folder, most);
  }

  /** The repository's own folder; `.git` is a file in a linked working tree or a submodule. */
  gitDirOf(root: string): string | undefined {
    let folder = resolve(root);
    for (let depth = 0; depth < maxDepth; depth++) {
      const path = join(folder, '.git');
      const stat = this.stat(path);
      if (stat?.isDirectory()) return path;
      if (stat?.isFile()) {
        const [, target] = /^gitdir: (.+)$/m.exec(this.text(path, maxPathFileBytes) ?? '') ?? [];
        return target === undefined ? undefined : localPath(folder, target);
      }
      if (dirname(folder) === folder) return undefined;
      folder = dirname(folder);
    }
    return undefined;
  }

  /** The folder with the repository's objects; a linked working tree shares that of its repository. */
  commonDirOf(gitDir: string): string {
    const target = this.text(join(gitDir, 'commondir'), maxPathFileBytes)?.trim();
    return target === undefined || target === '' ? gitDir : (localPath(gitDir, target) ?? gitDir);
  }

  private use<T>(path: string, work: (opened: OpenGitFile) => T): T | undefined {
    const opened = this.open(path);
    if (opened === undefined) return undefined;
    try {
      return work(opened);
    } finally {
      this.close(opened.file);
    }
  }
}

/** Undefined for a path on another machine: opening it would send this user's credentials there. */
function localPath(folder: string, path: string): string | undefined {
  return /^[\\/]{2}/.test(path) ? undefined : resolve(folder, path);
}

function namesIn(folder: string, most: number): string[] {
  const names: string[] = [];
  const entries = opendirSync(folder);
  try {
    for (let entry = entries.readSync(); entry && names.length < most; entry = entries.readSync())
      names.push(entry.name);
  } finally {
    entries.closeSync();
  }
  return names;
}
