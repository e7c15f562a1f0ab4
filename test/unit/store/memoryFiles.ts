import type { AppendFile, FilePort, ReadFile, SyncReadFile } from '../../../src/store/disk/filePort';

interface Inode {
  data: Buffer;
  /** What a power cut leaves for certain. */
  synced: Buffer;
  /** ms since the epoch. */
  modified: number;
}

/** An error as Node's file functions reject with. */
export function errnoError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code });
}

export type FileOperation =
  | 'makeDir'
  | 'makePrivate'
  | 'list'
  | 'stat'
  | 'openRead'
  | 'read'
  | 'create'
  | 'openAppend'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'rename'
  | 'remove'
  | 'syncDir';

/**
 * A disk that fails on demand. Bytes and names are durable only once they were synced; {@link afterPowerCut} is what
 * is left otherwise.
 */
export class MemoryFiles implements FilePort {
  private names = new Map<string, Inode>();
  private durableNames = new Map<string, Inode>();
  /** What was done to names since their folders were synced, in order. */
  private nameChanges: { readonly dir: string; readonly apply: (names: Map<string, Inode>) => void }[] = [];
  /** Called before every operation; may throw, which makes it fail. */
  onOperation: (operation: FileOperation, path: string) => void = () => undefined;
  /** The clock by which files get their times. */
  now: () => number = Date.now;
  /** Bytes that one write takes at most. */
  maxWrite = Infinity;
  /** Bytes that all files together may have. */
  capacity = Infinity;
  /** May return other bytes than the file has. */
  onRead: (path: string, position: number, bytes: Buffer) => Buffer = (_path, _position, bytes) => bytes;

  /**
   * The disk after the power went: names as of the last `syncDir`, bytes as of the last `sync`. `keep` decides what of
   * the bytes appended since then made it all the same, `keepNames` how many of the later changes of names.
   */
  afterPowerCut(
    keep: (appended: Buffer) => Uint8Array = () => Buffer.alloc(0),
    keepNames: (changes: number) => number = () => 0,
  ): MemoryFiles {
    const left = new MemoryFiles();
    const names = new Map(this.durableNames);
    for (const { apply } of this.nameChanges.slice(0, keepNames(this.nameChanges.length))) apply(names);
    for (const [path, { data, synced }] of names) {
      const isAppended = data.length > synced.length && data.subarray(0, synced.length).equals(synced);
      left.put(path, isAppended ? Buffer.concat([synced, keep(data.subarray(synced.length))]) : synced);
    }
    return left;
  }

  /** The same files on another disk, but one. */
  copy(except?: string): MemoryFiles {
    const copied = new MemoryFiles();
    for (const [path, { data }] of this.names) if (path !== except) copied.put(path, data);
    return copied;
  }

  paths(): string[] {
    return [...this.names.keys()].sort();
  }

  get(path: string): Buffer {
    return Buffer.from(this.inode(path).data);
  }

  put(path: string, bytes: Uint8Array): void {
    const inode = { data: Buffer.from(bytes), synced: Buffer.from(bytes), modified: this.now() };
    this.names.set(path, inode);
    this.durableNames.set(path, inode);
  }

  makeDir(path: string): Promise<void> {
    return this.run('makeDir', path, () => undefined);
  }

  makePrivate(path: string): Promise<void> {
    return this.run('makePrivate', path, () => undefined);
  }

  list(dir: string): Promise<string[]> {
    return this.run('list', dir, () =>
      [...this.names.keys()].filter((path) => parentOf(path) === dir).map((path) => path.slice(dir.length + 1)),
    );
  }

  stat(path: string): Promise<{ size: number; modified: number } | undefined> {
    return this.run('stat', path, () => {
      const inode = this.names.get(path);
      return inode && { size: inode.data.length, modified: inode.modified };
    });
  }

  openRead(path: string): Promise<ReadFile> {
    return this.run('openRead', path, () => {
      const inode = this.inode(path);
      return {
        read: (position, length) =>
          this.run('read', path, () =>
            this.onRead(path, position, Buffer.from(inode.data.subarray(position, position + length))),
          ),
        close: () => Promise.resolve(),
      };
    });
  }

  openSync(path: string): SyncReadFile {
    this.onOperation('openRead', path);
    const { data } = this.inode(path);
    return {
      size: data.length,
      read: (position, length) => {
        this.onOperation('read', path);
        return this.onRead(path, position, Buffer.from(data.subarray(position, position + length)));
      },
      close: () => undefined,
    };
  }

  create(path: string): Promise<AppendFile> {
    return this.run('create', path, () => {
      if (this.names.has(path)) throw errnoError('EEXIST');
      const inode = { data: Buffer.alloc(0), synced: Buffer.alloc(0), modified: this.now() };
      this.changeNames(path, (names) => void names.set(path, inode));
      return this.appendFile(path, inode);
    });
  }

  openAppend(path: string): Promise<AppendFile> {
    return this.run('openAppend', path, () => this.appendFile(path, this.inode(path)));
  }

  truncate(path: string, size: number): Promise<void> {
    return this.run('truncate', path, () => {
      const inode = this.inode(path);
      inode.data = Buffer.concat([inode.data.subarray(0, size)]);
      inode.modified = this.now();
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.run('rename', from, () => {
      const inode = this.inode(from);
      this.changeNames(from, (names) => {
        names.delete(from);
        names.set(to, inode);
      });
    });
  }

  remove(path: string): Promise<void> {
    return this.run('remove', path, () => this.changeNames(path, (names) => void names.delete(path)));
  }

  syncDir(dir: string): Promise<void> {
    return this.run('syncDir', dir, () => {
      for (const path of this.durableNames.keys()) if (parentOf(path) === dir) this.durableNames.delete(path);
      for (const [path, inode] of this.names) if (parentOf(path) === dir) this.durableNames.set(path, inode);
      this.nameChanges = this.nameChanges.filter((change) => change.dir !== dir);
    });
  }

  private changeNames(path: string, apply: (names: Map<string, Inode>) => void): void {
    apply(this.names);
    this.nameChanges.push({ dir: parentOf(path), apply });
  }

  private appendFile(path: string, inode: Inode): AppendFile {
    return {
      write: (bytes) =>
        this.run('write', path, () => {
          const taken = Math.min(bytes.length, this.maxWrite, this.capacity - this.size());
          if (taken <= 0) throw errnoError('ENOSPC');
          inode.data = Buffer.concat([inode.data, bytes.subarray(0, taken)]);
          inode.modified = this.now();
          return taken;
        }),
      sync: () => this.run('sync', path, () => void (inode.synced = Buffer.from(inode.data))),
      close: () => Promise.resolve(),
    };
  }

  private size(): number {
    let total = 0;
    for (const { data } of this.names.values()) total += data.length;
    return total;
  }

  private inode(path: string): Inode {
    const inode = this.names.get(path);
    if (inode === undefined) throw errnoError('ENOENT');
    return inode;
  }

  /** Takes a turn of the event loop, as a real disk does. */
  private async run<T>(operation: FileOperation, path: string, work: () => T): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve));
    this.onOperation(operation, path);
    return work();
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
