import { lstatSync, readdirSync, readFileSync, watch as nodeWatch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { errnoOf } from '../base/errors';
import type { Rules } from '../rules/rules';
import { TimeSlicer } from '../base/timeSlicer';
import type { PathChange, PathChangeKind } from '../model/changeHint';

export interface DirectoryWatcherDeps {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  readonly rules: () => Rules;
  readonly clock: Clock;
  readonly maxWatches: number;
  readonly onChanges: (changes: readonly PathChange[]) => void;
  /** No more folders can be watched; `code` is the system's error code, undefined for Obby's own limit. */
  readonly onLimit: (code: string | undefined) => void;
  readonly watch?: typeof nodeWatch;
}

interface FolderWatch {
  readonly watcher: FSWatcher;
  /** The watched folder's inode: another folder may take its path. */
  readonly ino: bigint;
}

/** Events that arrive together are processed together. */
const batchMs = 25;
const limitCodes = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

/** A fair part of the system's limit per user, so that other programs can watch too. */
export function watchBudget(): number {
  try {
    const allowed = Number(readFileSync('/proc/sys/fs/inotify/max_user_watches', 'utf8'));
    return Math.min(maxWatches, Math.floor(allowed / 4));
  } catch {
    return maxWatches;
  }
}

const maxWatches = 8_192;

/**
 * Watches single folders, for folders without events from VS Code. A folder that appears in a watched one is watched
 * too; one that leaves its path is released.
 */
export class DirectoryWatcher implements Disposable {
  private readonly watches = new Map<string, FolderWatch>();
  /** The names with events, by folder. */
  private readonly touched = new Map<string, Set<string>>();
  private cancelBatch: (() => void) | undefined;
  private isFull = false;
  private isDisposed = false;

  constructor(private readonly deps: DirectoryWatcherDeps) {}

  get size(): number {
    return this.watches.size;
  }

  /** Watches a folder, and the folders below it that may contain watched files. */
  followAll(folder: string): void {
    for (const _followed of this.steps(folder));
  }

  /** Watches every folder that may contain watched files, and yields to other work in between. */
  async followTree(): Promise<void> {
    const slicer = new TimeSlicer();
    for (const _followed of this.steps('')) {
      await slicer.pause();
      if (this.isDisposed) return;
    }
  }

  /** Watches a single folder; false when it cannot be. */
  follow(folder: string): boolean {
    if (this.isCurrent(folder)) return true;
    if (this.watches.size >= this.deps.maxWatches) this.sweep();
    if (this.watches.size >= this.deps.maxWatches) return this.stopAt(undefined);
    return this.start(folder);
  }

  /** Releases folders that the rules no longer need. */
  rulesChanged(): void {
    const rules = this.deps.rules();
    for (const folder of this.watches.keys()) if (!rules.mayContainWatched(folder)) this.release(folder);
  }

  dispose(): void {
    this.isDisposed = true;
    this.cancelBatch?.();
    this.cancelBatch = undefined;
    this.touched.clear();
    for (const folder of this.watches.keys()) this.release(folder);
  }

  private *steps(folder: string): Generator<string> {
    const pending = [folder];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      // Watch first, so that what appears while the folder is read is not missed.
      if (this.follow(next)) pending.push(...this.foldersIn(next));
      yield next;
    }
  }

  private start(folder: string): boolean {
    const { watch = nodeWatch } = this.deps;
    const path = this.onDisk(folder);
    try {
      const ino = inoOf(path);
      if (ino === undefined) return false;
      const watcher = watch(path, { persistent: false }, (_event, name) => this.handleEvent(folder, name));
      watcher.on('error', () => this.release(folder));
      this.watches.set(folder, { watcher, ino });
      return true;
    } catch (error) {
      const code = errnoOf(error);
      // The next comparison reports a folder that is missing or unreadable.
      return limitCodes.has(code ?? '') && this.stopAt(code);
    }
  }

  private stopAt(code: string | undefined): false {
    if (!this.isFull) this.deps.onLimit(code);
    this.isFull = true;
    return false;
  }

  /** Whether the folder is watched and still at its path. */
  private isCurrent(folder: string): boolean {
    const watch = this.watches.get(folder);
    if (watch === undefined) return false;
    if (inoOf(this.onDisk(folder)) === watch.ino) return true;
    this.release(folder);
    return false;
  }

  private release(folder: string): void {
    this.watches.get(folder)?.watcher.close();
    this.watches.delete(folder);
    this.isFull = false;
  }

  /** Releases folders that are no longer at their paths. */
  private sweep(): void {
    for (const folder of this.watches.keys()) this.isCurrent(folder);
  }

  private foldersIn(folder: string): string[] {
    try {
      const entries = readdirSync(this.onDisk(folder), { withFileTypes: true });
      const rules = this.deps.rules();
      const paths = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
      return paths.filter((path) => rules.mayContainWatched(path));
    } catch {
      return [];
    }
  }

  private handleEvent(folder: string, name: string | null): void {
    const names = this.touched.get(folder) ?? new Set();
    this.touched.set(folder, names);
    if (name !== null) names.add(name);
    this.cancelBatch ??= this.deps.clock.after(batchMs, () => this.sendBatch());
  }

  private sendBatch(): void {
    this.cancelBatch = undefined;
    const touched = [...this.touched];
    this.touched.clear();
    const changes = touched.flatMap(([folder, names]) => this.changesOf(folder, names));
    if (changes.length > 0) this.deps.onChanges(changes);
  }

  private changesOf(folder: string, names: ReadonlySet<string>): PathChange[] {
    // The deletion of the folder itself arrives under its own name.
    const isSelf = names.has(basename(folder));
    if (isSelf && !this.isCurrent(folder)) return [{ path: folder, kind: 'deleted' }];
    const rules = this.deps.rules();
    return [...names].flatMap((name) => {
      const path = join(folder, name);
      const matters = rules.isWatched(path) || rules.mayContainWatched(path) || rules.isRuleFile(path);
      return matters ? [{ path, kind: this.kindOf(path) }] : [];
    });
  }

  private kindOf(path: string): PathChangeKind {
    try {
      const stats = lstatSync(this.onDisk(path), { throwIfNoEntry: false });
      if (stats === undefined) return 'deleted';
      if (!stats.isDirectory()) return 'changed';
      this.followAll(path);
      return 'created';
    } catch {
      return 'changed';
    }
  }

  private onDisk(path: string): string {
    return path === '' ? this.deps.root : `${this.deps.root}/${path}`;
  }
}

/** Undefined where there is no folder. */
function inoOf(path: string): bigint | undefined {
  try {
    const stats = lstatSync(path, { bigint: true });
    return stats.isDirectory() ? stats.ino : undefined;
  } catch {
    return undefined;
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
