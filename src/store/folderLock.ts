import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf, messageOf } from '../model/errors';
import type { Log } from '../model/log';
import { readWhole, writeAll, type AppendFile, type FilePort } from './filePort';

/** An own lock file of a window that was killed before it could write its name into it. */
const namelessMs = 2_000;
const retryMs = 3;

export interface FolderLockOptions {
  readonly dir: string;
  readonly files: FilePort;
  readonly log: Log;
  readonly owner: string;
  /** Of the file that stands for it. */
  readonly name: string;
  /** Whether nobody runs under an owner's name any more. */
  readonly isAbandoned: (owner: string) => Promise<boolean>;
}

/**
 * Lets one of the windows on a folder do something at a time: the one that holds a file. Nothing that was acknowledged
 * depends on it, since each window writes to a journal of its own; it keeps a change from being recorded twice.
 */
export class FolderLock {
  private readonly path: string;

  constructor(private readonly options: FolderLockOptions) {
    this.path = `${options.dir}/${options.name}`;
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    const isHeld = await this.take();
    try {
      return await work();
    } finally {
      if (isHeld) await this.release();
    }
  }

  /** False where the folder takes no lock (it is full, or read only): recording goes on, or fails for that very reason. */
  private async take(): Promise<boolean> {
    const { owner, isAbandoned } = this.options;
    for (let namelessSince: number | undefined; ;) {
      const taken = await this.create();
      if (taken !== undefined) return taken;
      const holder = await this.holder();
      // It could not be removed the last time.
      if (holder === owner) return true;
      namelessSince = holder === '' ? (namelessSince ?? performance.now()) : undefined;
      const isLeft =
        holder === ''
          ? performance.now() - (namelessSince ?? 0) > namelessMs
          : holder !== undefined && (await isAbandoned(holder));
      if (isLeft && holder !== undefined) await this.breakLock(holder);
      else if (holder !== undefined) await delay(retryMs);
    }
  }

  /** Undefined when somebody has it. */
  private async create(): Promise<boolean | undefined> {
    const { files, owner, log } = this.options;
    let file: AppendFile;
    try {
      file = await files.create(this.path);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return undefined;
      log.debug(`No lock: ${messageOf(error)}`);
      return false;
    }
    try {
      await writeAll(file, Buffer.from(owner)).finally(() => file.close());
      return true;
    } catch (error) {
      log.debug(`No lock: ${messageOf(error)}`);
      await this.release();
      return false;
    }
  }

  /** What was done under the lock is done, whether or not its file can be removed. */
  private async release(): Promise<void> {
    const { files, log } = this.options;
    await files.remove(this.path).catch((error: unknown) => log.warn(`${this.path} is left: ${messageOf(error)}`));
  }

  /** Who has it; `''` for who did not come to say so, undefined when it is free by now. */
  private async holder(): Promise<string | undefined> {
    const bytes = await readWhole(this.options.files, this.path).catch(() => undefined);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
  }

  /** Another window may have broken the same lock a moment ago, and holds a new one: that is put back. */
  private async breakLock(holder: string): Promise<void> {
    const { files, owner } = this.options;
    const aside = `${this.path}.${owner}.tmp`;
    try {
      await files.rename(this.path, aside);
      const bytes = await readWhole(files, aside);
      const isTheSame = bytes !== undefined && Buffer.from(bytes).toString('latin1') === holder;
      if (isTheSame) await files.remove(aside);
      else await files.rename(aside, this.path);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}
