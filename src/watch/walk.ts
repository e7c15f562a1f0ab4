import { lstatSync, readdirSync, statSync, type BigIntStats, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { ObbyError } from '../model/errors';
import { stampOf, type FileStamp } from '../model/stamp';
import type { Rules } from './rules';

export interface WalkedFile {
  /** Relative to the workspace folder, with `/`. */
  readonly path: string;
  readonly stamp: FileStamp | undefined;
  /** When the file, its name included, last changed in any way; ms since the epoch. */
  readonly changedMs: number;
}

export interface WalkOptions {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Where to begin, relative to the root; `''` for all of it. */
  readonly from: string;
  readonly rules: Rules;
  /** ms since the epoch. */
  readonly now: number;
  /** A folder or file that could not be looked at; the walk goes on. */
  readonly onError: (path: string, error: unknown) => void;
}

/**
 * The watched files below a folder, one step a folder, so that the caller decides when to pause. Folders that can
 * hold nothing watched are not entered, links to folders neither. Synchronous, since in a worker thread a thousand
 * awaited `stat`s cost more than the files themselves.
 */
export function* walk(options: WalkOptions): Generator<WalkedFile[]> {
  const pending = [options.from];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const files: WalkedFile[] = [];
    for (const entry of entriesOf(folder, options)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (options.rules.mayContainWatched(path)) pending.push(path);
      } else if ((entry.isFile() || entry.isSymbolicLink()) && options.rules.isWatched(path)) {
        const file = walked(path, entry, options);
        if (file) files.push(file);
      }
    }
    yield files;
  }
}

function entriesOf(folder: string, { root, onError }: WalkOptions): Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    onError(folder, error);
    return [];
  }
}

function walked(path: string, entry: Dirent, { root, now, onError }: WalkOptions): WalkedFile | undefined {
  try {
    const stats = statOf(join(root, path), entry);
    // Bytes that are not UTF-8 were replaced when the name was decoded, and what it says now leads nowhere.
    if (!stats && entry.name.includes('\uFFFD')) {
      throw new ObbyError('unreadable', `${path} cannot be recorded, since its name is not UTF-8. Rename it.`);
    }
    if (!stats?.isFile()) return undefined;
    return { path, stamp: stampOf(stats, now), changedMs: Number(stats.ctimeNs / 1_000_000n) };
  } catch (error) {
    onError(path, error);
    return undefined;
  }
}

function statOf(path: string, entry: Dirent): BigIntStats | undefined {
  const stat = entry.isSymbolicLink() ? statSync : lstatSync;
  return stat(path, { bigint: true, throwIfNoEntry: false });
}
