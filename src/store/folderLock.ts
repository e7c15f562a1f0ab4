import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf, messageOf } from '../model/errors';
import type { Log } from '../model/log';
import type { FilePort } from './filePort';

const ending = '.lock';
/** Who meets another at the lock steps back, and tries again after up to so long. */
const maxRetryMs = 6;

/** The owner that a lock file stands for, or undefined. */
export function lockOwner(fileName: string): string | undefined {
  return fileName.endsWith(ending) ? fileName.slice(fileName.indexOf('.') + 1, -ending.length) : undefined;
}

export interface FolderLockOptions {
  readonly dir: string;
  readonly files: FilePort;
  readonly log: Log;
  readonly owner: string;
  /** What it is for; has no dot. */
  readonly name: string;
  /** Whether nobody runs under an owner's name any more. */
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  /** Whoever waits longer for another window goes on without; default: waits as long as that one runs. */
  readonly patienceMs?: number;
}

/**
 * Lets one of the windows on a folder do something at a time. Each puts up a file of its own name and then looks for
 * those of others: of two that do so at once, at least one sees the other and steps back. A file is only ever removed
 * by its owner, or when that runs no more, so none is removed by mistake. Nothing that was acknowledged depends on
 * it, since each window writes to a journal of its own.
 */
export class FolderLock {
  private readonly path: string;

  constructor(private readonly options: FolderLockOptions) {
    this.path = `${options.dir}/${this.fileName(options.owner)}`;
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
    const { log, patienceMs = Infinity } = this.options;
    const giveUpAt = performance.now() + patienceMs;
    try {
      while (performance.now() < giveUpAt) {
        if (!(await this.isTaken())) {
          await this.putUp();
          if (!(await this.isTaken())) return true;
          await this.release();
        }
        await delay(randomInt(1, maxRetryMs + 1));
      }
      log.warn(
        `Another window holds ${this.path.replace(this.options.owner, '*')} for too long: it is not waited for.`,
      );
    } catch (error) {
      log.debug(`No lock: ${messageOf(error)}`);
      await this.release();
    }
    return false;
  }

  private async putUp(): Promise<void> {
    try {
      await (await this.options.files.create(this.path)).close();
    } catch (error) {
      // It could not be removed the last time.
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }

  /** Whether somebody else's file is there. */
  private async isTaken(): Promise<boolean> {
    const { dir, files, owner, isAbandoned } = this.options;
    for (const fileName of await files.list(dir)) {
      const other = lockOwner(fileName);
      if (other === undefined || other === owner || fileName !== this.fileName(other)) continue;
      if (!(await isAbandoned(other))) return true;
      await files.remove(`${dir}/${fileName}`);
    }
    return false;
  }

  /** What was done under the lock is done, whether or not its file can be removed. */
  private async release(): Promise<void> {
    const { files, log } = this.options;
    await files.remove(this.path).catch((error: unknown) => log.warn(`${this.path} is left: ${messageOf(error)}`));
  }

  private fileName(owner: string): string {
    return `${this.options.name}.${owner}${ending}`;
  }
}
