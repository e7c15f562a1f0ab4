import * as l10n from '@vscode/l10n';
import { lstatSync, statSync, constants, type Stats } from 'node:fs';
import { mkdir, realpath, rm, access, lstat, open, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import { identityOf, stampOf, type FileTimes } from '../../model/stamp';
import type { Disk, DiskEntry, Observation } from './disk';
import { fileAccessByTurns, readFile } from './readFile';
import { Spelling } from './spelling';

export interface NodeDiskDeps {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly clock: Clock;
  readonly maxFileBytes: () => number;
  readonly watchedBelow: (path: string) => string[];
  /** Whether a link may be followed to the file at this path. */
  readonly mayFollow: (target: string) => boolean;
  /** Default: that of the disk. */
  readonly spelling?: Pick<Spelling, 'isRight'>;
}

/** A workspace folder on the local disk. */
export class NodeDisk implements Disk {
  private readonly spelling: Pick<Spelling, 'isRight'>;
  private readonly access = fileAccessByTurns();

  constructor(private readonly deps: NodeDiskDeps) {
    this.spelling = deps.spelling ?? new Spelling(deps.root, deps.clock);
  }

  async observe(path: string): Promise<Observation> {
    const { root, clock, maxFileBytes, mayFollow } = this.deps;
    try {
      // The rules might not apply to another spelling.
      if (!this.spelling.isRight(path)) return { state: 'missing' };
      const read = await readFile(join(root, path), {
        ...{ root, mayFollow, maxBytes: maxFileBytes(), access: this.access },
      });
      switch (read.state) {
        case 'file':
          return { state: 'file', bytes: read.bytes, ...timesOf(read.stat, clock.now()) };
        case 'too large':
          return { state: 'too large', size: read.size, ...timesOf(read.stat, clock.now()) };
        case 'other':
          return { state: 'other' };
        case 'missing':
        case 'directory':
        case 'unreadable':
          return read;
      }
    } catch (error) {
      return { state: 'unreadable', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  entry(path: string): Promise<DiskEntry> {
    const entry = entryOf(join(this.deps.root, path), path, () => this.spelling.isRight(path));
    return Promise.resolve(entry);
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

  write(path: string, bytes: Uint8Array): Promise<void> {
    const failed = (why: string): string => l10n.t('{0} could not be written: {1}', path, why);
    return this.change(path, failed, async (file) => {
      await this.requireInside(dirname(file), path);
      await mkdir(dirname(file), { recursive: true });
      await this.requireInside(file, path);
      requireFile(file, path);
      await this.requireFollowed(file, path);
      await replaceWatchedFile(file, bytes);
    });
  }

  remove(path: string): Promise<void> {
    const failed = (why: string): string => l10n.t('{0} could not be deleted: {1}', path, why);
    return this.change(path, failed, async (file) => {
      await this.requireInside(dirname(file), path);
      await rm(file, { force: true });
    });
  }

  private async change(
    path: string,
    failed: (why: string) => string,
    run: (file: string) => Promise<void>,
  ): Promise<void> {
    try {
      await run(join(this.deps.root, path));
    } catch (error) {
      if (error instanceof ObbyError) throw error;
      throw new ObbyError('unreadable', failed(messageOf(error)), { cause: error });
    }
  }

  /** Rejects a link to a file that is never read: its content could not be recorded first. */
  private async requireFollowed(file: string, path: string): Promise<void> {
    const { root, mayFollow } = this.deps;
    const target = relative(await realpath(root), await existingPart(file)).replaceAll(sep, '/');
    if (target === path || path.startsWith(`${target}/`) || target === '' || mayFollow(target)) return;
    throw new ObbyError(
      'badArgument',
      l10n.t('{0} leads to {1}, which the rules ignore, so it was not written.', path, target),
    );
  }

  /** Rejects a path that is, or through links leads, outside the folder. */
  private async requireInside(file: string, path: string): Promise<void> {
    const root = await realpath(this.deps.root);
    const real = await existingPart(file);
    if (real === root || real.startsWith(root + sep)) return;
    throw new ObbyError(
      'badArgument',
      l10n.t('{0} leads outside the workspace folder, where Obby never writes.', path),
    );
  }
}

function timesOf(stat: FileTimes, now: number) {
  const msOf = (ns: bigint): number => Number(ns / 1_000_000n);
  const times = { mtimeMs: msOf(stat.mtimeNs), changedMs: msOf(stat.ctimeNs) };
  return { ...times, stamp: stampOf(stat, now), identity: identityOf(stat) };
}

/** Rejects a folder, and a pipe without a reader, to which writing would wait forever. */
function requireFile(file: string, path: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return;
  const message = stats.isDirectory()
    ? l10n.t('{0} was not written: a folder has its name. Move that away first.', path)
    : l10n.t('{0} was not written: something other than a file has its name. Move that away first.', path);
  throw new ObbyError('unreadable', message);
}

/** The real path of the longest existing part of a path. Rejects a dangling link, because writing would follow it. */
async function existingPart(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    const isThere = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
    if (errnoOf(error) !== 'ENOENT' || isThere || dirname(file) === file) throw error;
    return existingPart(dirname(file));
  }
}

/** With a missing parent, or one that is a file, nothing is here either. */
function entryOf(file: string, path: string, isRightlySpelled: () => boolean): DiskEntry {
  try {
    const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    if (!stats || !isRightlySpelled()) return { state: 'missing' };
    if (stats.isDirectory()) return { state: 'directory' };
    if (!stats.isFile()) return { state: 'other' };
    return { state: 'file', identity: identityOf(stats), size: Number(stats.size) };
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return { state: 'missing' };
    throw new ObbyError('unreadable', l10n.t('{0} could not be read: {1}', path, messageOf(error)), { cause: error });
  }
}

/**
 * Writes a file so that it never has half of the bytes: they are all on disk before they get the file's name. The file
 * keeps its mode. A file with several names, or behind a link, is written in place, because a replacement would lose
 * them.
 */
async function replaceWatchedFile(file: string, bytes: Uint8Array): Promise<void> {
  const stats = await lstat(file).catch(undefinedIfMissing);
  if (stats) await access(file, constants.W_OK);
  if (stats && (stats.isSymbolicLink() || stats.nlink > 1)) {
    await writeFile(file, bytes);
    return;
  }
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', stats ? 0o600 : 0o666);
    try {
      await handle.writeFile(bytes);
      if (stats) await handle.chmod(stats.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
  return undefined;
}
