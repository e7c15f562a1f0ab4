import type { Clock } from '../../base/clock';
import { errnoOf, messageOf } from '../../base/errors';
import { detached, type Log } from '../../base/log';
import { writeAll, type FilePort } from '../disk/filePort';
import { announceOwner, ownerFileName, type Processes } from './owner';
import { randomName } from '../format/versionKey';

/** The heartbeat of owners. */
export interface Pulse {
  /** An owner's file changes this often. */
  readonly beatMs: number;
  /** An owner whose file did not change for this long is taken for dead. */
  readonly staleMs: number;
}

export const defaultPulse: Pulse = { beatMs: 15_000, staleMs: 60_000 };

/** Heartbeats add up to this many bytes to the file before it is truncated. */
const maxBeatBytes = 256;
/** A store that misses this many heartbeats was asleep, and others may have been too. */
const missedBeats = 3;
const maxTries = 3;

export interface OwnershipDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly processes: Processes;
  readonly pulse: Pulse;
}

/** The name under which a store writes. */
export interface HeldName {
  readonly name: string;
  /** Whether no other window has shut the name out: if so, others find what was written before the call. */
  isKept(): Promise<boolean>;
}

/**
 * The name under which a store writes, its file `<name>.owner`, and its heartbeat. Times are by the clock of the folder's
 * file system, so that clocks of machines need not agree. A store that was taken for dead (its machine slept) finds its
 * file gone, and continues under another name.
 */
export class Ownership {
  private current = randomName(10);
  /** Bytes of the owner's file without heartbeats; undefined while there is none. */
  private fileBytes: number | undefined;
  private isLost = false;
  private beating: Promise<number | undefined> | undefined;
  /** The last heartbeat by the folder's clock. */
  private last: number | undefined;
  /** After this store slept, it takes others for dead only from this time on, by the folder's clock. */
  private judgesFrom = -Infinity;
  private cancel: () => void = () => undefined;

  constructor(private readonly deps: OwnershipDeps) {}

  get name(): string {
    return this.current;
  }

  /** The folder's time at the last heartbeat. */
  get time(): number | undefined {
    return this.last;
  }

  get isAnnounced(): boolean {
    return this.fileBytes !== undefined;
  }

  /** The present name, for work that must not continue under another one. */
  hold(): HeldName {
    const { current: name } = this;
    return { name, isKept: async () => name === this.current && (!this.isAnnounced || (await this.isThere(name))) };
  }

  /** Creates the owner's file, unless it exists. */
  async announce(): Promise<void> {
    if (this.isAnnounced) return;
    this.fileBytes = await this.makeFile();
    this.noteTime((await this.deps.files.stat(this.path))?.modified);
    this.cancel();
    this.beatLater();
  }

  /** Whether the name was shut out, given the files of the folder. */
  isLostIn(names: readonly string[]): boolean {
    return this.isLost || (this.isAnnounced && !names.includes(ownerFileName(this.current)));
  }

  /** Notes that the name was shut out. */
  lose(): void {
    this.isLost = true;
  }

  /** Continues under another name. */
  async renew(): Promise<void> {
    const { files, log } = this.deps;
    const { path } = this;
    this.isLost = true;
    this.fileBytes = undefined;
    this.current = randomName(10);
    await this.announce();
    this.isLost = false;
    log.info(`This window was taken for dead by another. It continues as ${this.current}.`);
    await files.remove(path);
  }

  /** Whether a file changed so long ago, by the folder's clock, that its owner's heartbeat has stopped. */
  async isStale(modified: number): Promise<boolean> {
    if (!this.isFar(modified)) return false;
    const now = await this.beat();
    return now !== undefined && now >= this.judgesFrom && this.isFar(modified);
  }

  /** Removes the owner's file. */
  async leave(): Promise<void> {
    const { files } = this.deps;
    this.cancel();
    this.cancel = () => undefined;
    if (!this.isAnnounced) return;
    this.fileBytes = undefined;
    await this.beating;
    await files.remove(this.path);
  }

  private get path(): string {
    return `${this.deps.dir}/${ownerFileName(this.current)}`;
  }

  private async isThere(name: string): Promise<boolean> {
    const { files, dir } = this.deps;
    return (await files.stat(`${dir}/${ownerFileName(name)}`)) !== undefined;
  }

  private async makeFile(): Promise<number> {
    const { files, dir, processes, pulse } = this.deps;
    const { pid, machine, start, thread } = processes;
    for (let tries = 1; ; tries++) {
      try {
        return await announceOwner(files, dir, this.current, { pid, machine, start, thread, beatMs: pulse.beatMs });
      } catch (error) {
        // This process slept, and another window removed the temporary file.
        if (errnoOf(error) !== 'ENOENT' || tries === maxTries) throw error;
      }
    }
  }

  private beatLater(): void {
    this.cancel = this.deps.clock.after(
      this.deps.pulse.beatMs,
      () => {
        detached(this.beat(), this.deps.log, 'The heartbeat failed');
        this.beatLater();
      },
      'background',
    );
  }

  /** Writes a heartbeat. Returns the folder's time; undefined when that failed or the file is gone. */
  private beat(): Promise<number | undefined> {
    this.beating ??= this.beatNow().finally(() => (this.beating = undefined));
    return this.beating;
  }

  private async beatNow(): Promise<number | undefined> {
    const { files, log } = this.deps;
    const { path, fileBytes } = this;
    if (fileBytes === undefined) return undefined;
    try {
      if (((await files.stat(path))?.size ?? 0) >= fileBytes + maxBeatBytes) await files.truncate(path, fileBytes);
      // Never created again: a name that was shut out stays so.
      const file = await files.openAppend(path);
      try {
        await writeAll(file, Buffer.from('\n'));
      } finally {
        await file.close();
      }
      return this.noteTime((await files.stat(path))?.modified);
    } catch (error) {
      log.debug(`No heartbeat: ${messageOf(error)}`);
      return undefined;
    }
  }

  private noteTime(now: number | undefined): number | undefined {
    const { beatMs, staleMs } = this.deps.pulse;
    if (now === undefined) return undefined;
    if (this.last !== undefined && Math.abs(now - this.last) > beatMs * missedBeats) this.judgesFrom = now + staleMs;
    this.last = now;
    return now;
  }

  /** A time in the future counts as long ago: the folder's clock was set back. */
  private isFar(time: number): boolean {
    return this.last !== undefined && Math.abs(this.last - time) > this.deps.pulse.staleMs;
  }
}
