import type { Disk, DiskEntry, FileContent, Observation } from '../../src/track/disk/disk';

interface MemoryFile {
  readonly bytes: Uint8Array;
  /** ms since the epoch. */
  readonly mtimeMs: number;
}

/** A workspace folder that is nowhere, so that replaying a history measures the history and not the disk. */
export class MemoryDisk implements Disk {
  private readonly files = new Map<string, MemoryFile>();
  /** How many files lie below each folder. */
  private readonly folders = new Map<string, number>();

  /** Of files that exist. */
  get paths(): string[] {
    return [...this.files.keys()];
  }

  set(path: string, bytes: Uint8Array, mtimeMs: number): void {
    if (!this.files.has(path)) this.countFolders(path, 1);
    this.files.set(path, { bytes, mtimeMs });
  }

  delete(path: string): void {
    if (this.files.delete(path)) this.countFolders(path, -1);
  }

  /** As fresh as a file is when its event arrives: its stamp cannot be trusted yet. */
  observe(path: string): Promise<Observation> {
    const file = this.files.get(path);
    if (file) {
      const fresh = { changedMs: file.mtimeMs, stamp: undefined, identity: undefined, mode: 0o644 };
      return Promise.resolve({ state: 'file', ...file, ...fresh });
    }
    return Promise.resolve({ state: this.folders.has(path) ? 'directory' : 'missing' });
  }

  sizeOf(path: string): number {
    return this.files.get(path)?.bytes.length ?? 0;
  }

  entry(path: string): Promise<DiskEntry> {
    const file = this.files.get(path);
    if (file) return Promise.resolve({ state: 'file', identity: undefined, size: file.bytes.length });
    return Promise.resolve({ state: this.folders.has(path) ? 'directory' : 'missing' });
  }

  changedAbove(): undefined {
    return undefined;
  }

  movedAbove(): undefined {
    return undefined;
  }

  watchedBelow(path: string): string[] {
    return this.paths.filter((file) => file.startsWith(`${path}/`));
  }

  requireChangeable(): Promise<void> {
    return Promise.resolve();
  }

  write(path: string, { bytes }: FileContent): Promise<readonly string[]> {
    this.set(path, bytes, 0);
    return Promise.resolve([]);
  }

  /** All files have the same mode. */
  setMode(): Promise<void> {
    return Promise.resolve();
  }

  removeFolder(): Promise<void> {
    return Promise.resolve();
  }

  removeLeftovers(): Promise<string[]> {
    return Promise.resolve([]);
  }

  remove(path: string): Promise<void> {
    this.delete(path);
    return Promise.resolve();
  }

  private countFolders(path: string, by: number): void {
    for (let cut = path.indexOf('/'); cut !== -1; cut = path.indexOf('/', cut + 1)) {
      const folder = path.slice(0, cut);
      const count = (this.folders.get(folder) ?? 0) + by;
      if (count === 0) this.folders.delete(folder);
      else this.folders.set(folder, count);
    }
  }
}
