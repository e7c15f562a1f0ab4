import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../base/clock';
import { randomInt } from 'node:crypto';
import { messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { FilePort } from '../disk/filePort';
import { lockFileName, lockOwner } from './owner';
import { createEmpty, type Owners } from './owners';
import type { HeldName } from './ownership';

/** Bounds a wait: by time, and until the store is closed. */
export class Patience {
  private isTimeUp = false;
  private readonly cancel: () => void;

  constructor(
    clock: Clock,
    ms: number,
    private readonly stop: AbortSignal,
  ) {
    this.cancel = clock.after(ms, () => (this.isTimeUp = true));
  }

  get isOver(): boolean {
    return this.isTimeUp || this.stop.aborted;
  }

  /** Resolves after `ms`, or when the store is closed. */
  async pause(ms: number): Promise<void> {
    // `isOver` says so when it was aborted.
    await delay(ms, undefined, { signal: this.stop }).catch(() => undefined);
  }

  end(): void {
    this.cancel();
  }
}

/** A window that finds another at the lock tries again after up to this long, longer each time. */
const firstRetryMs = 6;
const maxRetryMs = 50;

/** Another window held the lock for too long. */
export class Busy extends ObbyError {
  constructor(holder: string) {
    super(
      'storeFailed',
      `${holder} is working on the history of this folder, and did not finish in time: nothing was changed. Try again when it is done, or close it.`,
    );
  }
}

export interface FolderLockOptions {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly ownership: { hold(): HeldName };
  readonly owners: Pick<Owners, 'isGone' | 'describe'>;
  /** Aborts all waiting. */
  readonly stop: AbortSignal;
  /** The lock's name, without a dot. */
  readonly name: string;
  /** Whether to ignore a window that held the lock for too long, while its file exists. */
  readonly remembers?: boolean;
}

/** The result of taking the lock. */
interface Taken {
  /** This store's lock file; absent when it could not be created. */
  readonly path?: string;
  /** Why others may hold the lock too. */
  readonly obstacle?: Error | undefined;
}

/**
 * A lock among the windows on a folder. Each creates a file with its own name and then lists those of others: of two that
 * do so at once, at least one sees the other and retries. A file is only removed by its owner, or when that is gone, so
 * none is removed by mistake.
 */
export class FolderLock {
  private readonly waitedFor = new Set<string>();

  constructor(private readonly options: FolderLockOptions) {}

  /**
   * Runs `work` when no other window holds the lock, or after `patienceMs`. `work` gets the reason why it may not be alone:
   * {@link Busy}, or that the folder takes no file.
   */
  async hold<T>(patienceMs: number, work: (obstacle: Error | undefined) => Promise<T>): Promise<T> {
    const { path, obstacle } = await this.take(patienceMs);
    try {
      return await work(obstacle);
    } finally {
      if (path !== undefined) await this.release(path);
    }
  }

  private async take(patienceMs: number): Promise<Taken> {
    const { clock, stop, files, ownership, log, dir, name } = this.options;
    const own = ownership.hold().name;
    const path = `${dir}/${lockFileName(name, own)}`;
    const patience = new Patience(clock, patienceMs, stop);
    try {
      for (let tries = 0; ; tries++) {
        let others = await this.others(own);
        if (this.lets(others)) {
          await createEmpty(files, path);
          others = await this.others(own);
          if (this.lets(others)) return { path, obstacle: await this.busy(others) };
          await this.release(path);
        }
        if (patience.isOver) return await this.giveUp(others);
        await patience.pause(randomInt(1, Math.min(firstRetryMs + tries, maxRetryMs) + 1));
      }
    } catch (error) {
      log.debug(`No lock: ${messageOf(error)}`);
      await this.release(path);
      return { obstacle: asError(error) };
    } finally {
      patience.end();
    }
  }

  /** Whether all that hold the lock held it for too long before. */
  private lets(others: readonly string[]): boolean {
    return others.every((owner) => this.waitedFor.has(owner));
  }

  private async giveUp(others: readonly string[]): Promise<Taken> {
    const { log, name, remembers, stop } = this.options;
    if (stop.aborted) return { obstacle: asError(stop.reason) };
    if (remembers === true) for (const owner of others) this.waitedFor.add(owner);
    const obstacle = await this.busy(others);
    log.warn(`No lock “${name}”: ${obstacle?.message ?? ''}`);
    return { obstacle };
  }

  private async busy([owner]: readonly string[]): Promise<Busy | undefined> {
    return owner === undefined ? undefined : new Busy(await this.options.owners.describe(owner));
  }

  /** Windows with a lock file. */
  private async others(own: string): Promise<string[]> {
    const { dir, files, name, owners } = this.options;
    const found: string[] = [];
    for (const fileName of await files.list(dir)) {
      const owner = lockOwner(fileName);
      if (owner === undefined || owner === own || fileName !== lockFileName(name, owner)) continue;
      if (await owners.isGone(owner)) await files.remove(`${dir}/${fileName}`);
      else found.push(owner);
    }
    for (const owner of this.waitedFor) if (!found.includes(owner)) this.waitedFor.delete(owner);
    return found;
  }

  /** Never rejects: the work under the lock is done. */
  private async release(path: string): Promise<void> {
    const { files, log } = this.options;
    await files.remove(path).catch((error: unknown) => log.warn(`${path} is left: ${messageOf(error)}`));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}
