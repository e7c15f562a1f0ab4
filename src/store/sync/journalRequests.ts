import type { Clock } from '../../base/clock';
import { ObbyError } from '../../base/errors';
import type { FilePort } from '../disk/filePort';
import { finishedOwner, setAside, type JournalSet } from '../journal/journalSet';
import { ownerFileName, requestFileName } from './owner';
import { createEmpty, type Owners } from './owners';
import type { Ownership } from './ownership';
import { Patience } from './folderLock';

const waitMs = 50;
/** Longer than it takes to notice that a heartbeat stopped. */
const patienceMs = 120_000;

export interface JournalRequestsDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly ownership: Ownership;
  readonly owners: Owners;
  readonly journals: JournalSet;
  readonly stop: AbortSignal;
  /** Runs work while this window does not record. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Ends journals: this store's at once, those of other windows by a file `<owner>.rotate`, which each polls. */
export class JournalRequests {
  constructor(private readonly deps: JournalRequestsDeps) {}

  rotate(): Promise<void> {
    return this.deps.inTurn(() => this.deps.journals.rotate());
  }

  /** Ends every journal; rejects with `storeFailed` when a window does not answer. */
  async rotateAll(): Promise<void> {
    const { clock, stop } = this.deps;
    await this.rotate();
    const patience = new Patience(clock, patienceMs, stop);
    try {
      const ended = new Set<string>();
      for (let owner = await this.writer(ended); owner !== undefined; owner = await this.writer(ended)) {
        await this.end(owner, patience);
        ended.add(owner);
      }
    } finally {
      patience.end();
    }
  }

  /** Ends the journals of windows that are gone, so that they are sealed. */
  async endAbandoned(): Promise<void> {
    const { owners, journals, files, dir } = this.deps;
    for (const owner of await owners.others()) {
      if (!(await owners.isGone(owner))) continue;
      await journals.finishAll(owner);
      await files.remove(`${dir}/${ownerFileName(owner)}`);
    }
  }

  /** Ends this store's journal if another window requested it. */
  async answer(): Promise<void> {
    const { files, ownership } = this.deps;
    const path = this.pathOf(ownership.name);
    if ((await files.stat(path)) === undefined) return;
    await this.rotate();
    await files.remove(path);
  }

  private async end(owner: string, patience: Patience): Promise<void> {
    const { files, owners, journals, stop } = this.deps;
    const request = this.pathOf(owner);
    for (let isAsked = false; ; isAsked = true) {
      if (await owners.isGone(owner)) {
        await journals.finishAll(owner);
        await files.remove(request);
        return;
      }
      if (!isAsked) await createEmpty(files, request);
      else if ((await files.stat(request)) === undefined) return;
      if (patience.isOver) {
        await files.remove(request);
        stop.throwIfAborted();
        throw new ObbyError(
          'storeFailed',
          `${await owners.describe(owner)} records the same folder and does not answer: nothing was changed. Close it, then try again.`,
        );
      }
      await patience.pause(waitMs);
    }
  }

  /** An owner of a journal, present or closed, that is not in `ended`; another window may just have opened. */
  private async writer(ended: ReadonlySet<string>): Promise<string | undefined> {
    const { owners, journals, ownership } = this.deps;
    const left = (await journals.refresh()).map(({ owner }) => owner);
    const others = [...(await owners.others()), ...left];
    return others.find((owner) => ![ownership.name, finishedOwner, setAside].includes(owner) && !ended.has(owner));
  }

  private pathOf(owner: string): string {
    return `${this.deps.dir}/${requestFileName(owner)}`;
  }
}
