import * as l10n from '@vscode/l10n';
import { lstatSync, readdirSync, readFileSync, type Stats, statSync, unlinkSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Clock } from '../../base/clock';
import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import { identityOf, stampOf } from '../../model/stamp';
import { parseTemporaryName } from '../../rules/temporaryName';
import type { Disk, DiskEntry, FileContent, Keep, Observation } from './disk';
import { changeMode } from './fileMode';
import { fileAccessByTurns, type FileStatus, followLink, readFile, type ReadOptions } from './readFile';
import { deleteFile, replaceFile, type Replacement } from './replaceFile';
import { requireFile, requireInside } from './restorable';
import { Spelling } from './spelling';
import { nodeWriteAccess, type WriteAccess } from './writeAccess';

export interface NodeDiskDeps {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly clock: Clock;
  readonly maxFileBytes: () => number;
  readonly watchedBelow: (path: string) => string[];
  /** Whether a link may be followed to the file at this path. */
  readonly mayFollow: (target: string) => boolean;
  /** Default: that of the disk. */
  readonly spelling?: Pick<Spelling, 'isRight' | 'onDisk' | 'ignoresCase'>;
  readonly writeAccess?: WriteAccess;
}

/** A workspace folder on the local disk. */
export class NodeDisk implements Disk {
  readonly spelling: Pick<Spelling, 'isRight' | 'onDisk' | 'ignoresCase'>;
  private readonly access = fileAccessByTurns();

  constructor(private readonly deps: NodeDiskDeps) {
    this.spelling = deps.spelling ?? new Spelling(deps.root, deps.clock);
  }

  async observe(path: string): Promise<Observation> {
    try {
      // The rules might not apply to another spelling.
      if (!this.spelling.isRight(path)) return { state: 'missing' };
    } catch (error) {
      return unreadable(error);
    }
    return this.read(join(this.deps.root, path), { mayFollow: this.deps.mayFollow, mayBeTorn: true });
  }

  private async read(file: string, options: Pick<ReadOptions, 'mayFollow' | 'mayBeTorn'> = {}): Promise<Observation> {
    const { root, clock, maxFileBytes } = this.deps;
    try {
      const read = await readFile(file, { ...options, root, maxBytes: maxFileBytes(), access: this.access });
      switch (read.state) {
        case 'file':
          return {
            state: 'file',
            bytes: read.bytes,
            ...statusOf(read.stat, clock.now()),
            ...(read.isTorn && { stamp: undefined }),
          };
        case 'too large':
          // Its content is never compared, so a later look knows no more than this stamp.
          return { state: 'too large', size: read.size, ...statusOf(read.stat, Number.MAX_SAFE_INTEGER) };
        case 'other':
          return { state: 'other' };
        case 'missing':
        case 'directory':
        case 'unreadable':
          return read;
      }
    } catch (error) {
      return unreadable(error);
    }
  }

  entry(path: string): Promise<DiskEntry> {
    try {
      return Promise.resolve(this.entryOf(path));
    } catch (error) {
      // With a missing parent, or one that is a file, nothing is here either.
      if (errnoOf(error) === 'ENOTDIR') return Promise.resolve({ state: 'missing' });
      const message = l10n.t('{0} could not be read: {1}', path, messageOf(error));
      return Promise.reject(new ObbyError('unreadable', message, { cause: error }));
    }
  }

  private entryOf(path: string): DiskEntry {
    const { root, mayFollow } = this.deps;
    const file = join(root, path);
    const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    if (!stats || !this.spelling.isRight(path)) return { state: 'missing' };
    const isOwn = path === '' || followLink(file, stats, { root, mayFollow, access: this.access }) !== undefined;
    if (!isOwn) return { state: 'missing' };
    if (stats.isDirectory()) return { state: 'directory' };
    if (stats.isFile()) return { state: 'file', identity: identityOf(stats), size: Number(stats.size) };
    return { state: stats.isSymbolicLink() ? 'other' : 'missing' };
  }

  sizeOf(path: string): number {
    try {
      const size = statSync(join(this.deps.root, path), { throwIfNoEntry: false })?.size ?? 0;
      return size > this.deps.maxFileBytes() ? 0 : size;
    } catch {
      return 0;
    }
  }

  changedAbove(path: string): number | undefined {
    for (const stats of this.foldersAbove(path)) return stats.mtimeMs;
    return undefined;
  }

  movedAbove(path: string): number | undefined {
    const inRoot = [...this.foldersAbove(path)].slice(0, -1);
    const moved = inRoot.filter(({ ctimeMs, mtimeMs }) => ctimeMs > mtimeMs);
    return moved.length === 0 ? undefined : Math.max(...moved.map(({ ctimeMs }) => ctimeMs));
  }

  /** The existing folders above a path, the root last. */
  private *foldersAbove(path: string): Generator<Stats> {
    for (let above = path; above !== '';) {
      above = above.slice(0, Math.max(0, above.lastIndexOf('/')));
      try {
        const stats = statSync(join(this.deps.root, above), { throwIfNoEntry: false });
        if (stats) yield stats;
      } catch {
        // Skip a folder that cannot be read; the one above it may be readable.
      }
    }
  }

  watchedBelow(path: string): string[] {
    return this.deps.watchedBelow(path);
  }

  async requireChangeable(path: string): Promise<void> {
    const { root } = this.deps;
    const file = join(root, path);
    requireFile(root, path);
    await requireInside(root, dirname(file), path);
  }

  write(path: string, content: FileContent, keep: Keep): Promise<readonly string[]> {
    const failed = (why: string): string => l10n.t('{0} could not be written: {1}', path, why);
    return this.change(path, failed, async (file) => {
      const folders = await this.createFolders(dirname(file));
      try {
        // A folder may have given way to a link.
        await this.requireChangeable(path);
        await replaceFile({ ...this.replacement(path, keep), ...content });
      } catch (error) {
        for (const folder of [...folders].reverse()) await this.removeFolder(folder);
        throw error;
      }
      return folders;
    });
  }

  setMode(path: string, mode: number): Promise<void> {
    const failed = (why: string): string => l10n.t('The mode of {0} could not be changed: {1}', path, why);
    const { writeAccess: access = nodeWriteAccess } = this.deps;
    return this.change(path, failed, (file) => {
      changeMode(access, file, mode);
      return Promise.resolve();
    });
  }

  remove(path: string, keep: Keep): Promise<void> {
    const failed = (why: string): string => l10n.t('{0} could not be deleted: {1}', path, why);
    return this.change(path, failed, () => deleteFile(this.replacement(path, keep)));
  }

  async removeFolder(path: string): Promise<void> {
    const folder = join(this.deps.root, path);
    try {
      await requireInside(this.deps.root, folder, path);
      await rmdir(folder);
    } catch {
      // It is not empty, or gone already.
    }
  }

  async removeLeftovers(folder: string, isRecorded: (bytes: Uint8Array) => Promise<boolean>): Promise<string[]> {
    const { root } = this.deps;
    await requireInside(root, join(root, folder), folder);
    const left = await deleteLeftovers(join(root, folder), isRecorded);
    return left.map((name) => (folder === '' ? name : `${folder}/${name}`));
  }

  private async change<T>(
    path: string,
    failed: (why: string) => string,
    run: (file: string) => Promise<T>,
  ): Promise<T> {
    try {
      await this.requireChangeable(path);
      return await run(join(this.deps.root, path));
    } catch (error) {
      if (error instanceof ObbyError) throw error;
      throw new ObbyError('unreadable', failed(messageOf(error)), { cause: error });
    }
  }

  private replacement(path: string, keep: Keep): Replacement {
    const { root, writeAccess: access = nodeWriteAccess } = this.deps;
    const keepFile = async (file: string): Promise<Uint8Array> => {
      const replaced = await this.read(file);
      await keep(replaced);
      if (replaced.state !== 'file') throw new ObbyError('unreadable', l10n.t('{0} could not be read.', path));
      return replaced.bytes;
    };
    return { file: join(root, path), path, access, keep: keepFile };
  }

  /** Resolves with the folders that did not exist, relative to the root. */
  private async createFolders(folder: string): Promise<string[]> {
    const first = await mkdir(folder, { recursive: true });
    const created: string[] = [];
    for (let each = folder; first !== undefined && each.length >= first.length; each = dirname(each)) {
      created.unshift(relative(this.deps.root, each).replaceAll(sep, '/'));
    }
    return created;
  }
}

function unreadable(error: unknown): Observation {
  return { state: 'unreadable', error: error instanceof Error ? error : new Error(String(error)) };
}

function statusOf(stat: FileStatus, now: number) {
  const msOf = (ns: bigint): number => Number(ns / 1_000_000n);
  const times = { mtimeMs: msOf(stat.mtimeNs), changedMs: msOf(stat.ctimeNs) };
  return { ...times, stamp: stampOf(stat, now), identity: identityOf(stat), mode: modeOf(stat) };
}

/** On Windows, Node makes up a mode from the read-only attribute. */
function modeOf({ mode }: FileStatus): number | undefined {
  return process.platform === 'win32' ? undefined : Number(mode & 0o777n);
}

/**
 * Deletes the files that a process left in a folder when it was ended while it replaced a file. One that was replaced
 * stays if its content is not known elsewhere. Resolves with the names of those that stay.
 */
async function deleteLeftovers(folder: string, isRecorded: (bytes: Uint8Array) => Promise<boolean>): Promise<string[]> {
  const left: string[] = [];
  for (const name of namesIn(folder)) {
    const parsed = parseTemporaryName(name);
    if (!parsed || isRunning(parsed.pid)) continue;
    const file = join(folder, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) continue;
    const isNeeded = parsed.kind === 'old' && stats.nlink === 1 && !(await isRecorded(readFileSync(file)));
    if (isNeeded) left.push(name);
    else unlinkSync(file);
  }
  return left;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
