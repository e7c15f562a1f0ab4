import { setTimeout as delay } from 'node:timers/promises';
import { ObbyError } from '../model/errors';
import type { FilePort } from './filePort';
import type { JournalSet } from './journalSet';
import { ownerOf } from './owner';

const ending = '.rotate';
/** The owner that a request file is for, or undefined. */
export function requestedOwner(fileName: string): string | undefined {
  return fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : undefined;
}

const waitMs = 50;
/** Another window looks for requests every second or so; one that does not answer for this long is stuck. */
const patienceMs = 20_000;

export interface JournalRequestsParts {
  readonly dir: string;
  readonly files: FilePort;
  readonly owner: string;
  readonly journals: JournalSet;
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  /** Runs work while nobody records. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Ends journals: the own one at once, those of other windows by a file `<owner>.rotate` that each looks for. */
export class JournalRequests {
  constructor(private readonly parts: JournalRequestsParts) {}

  rotate(): Promise<void> {
    return this.parts.exclusively(() => this.parts.journals.rotate());
  }

  /** Ends every journal that holds anything; rejects with `storeFailed` when a window does not answer. */
  async rotateAll(): Promise<void> {
    await this.rotate();
    for (const owner of await this.others()) {
      if (await this.parts.isAbandoned(owner)) await this.parts.journals.finishAll(owner);
      else await this.ask(owner);
    }
  }

  /** Does what another window asked for. */
  async answer(): Promise<void> {
    const { files, owner } = this.parts;
    const path = this.pathOf(owner);
    if ((await files.stat(path)) === undefined) return;
    await this.rotate();
    await files.remove(path);
  }

  private async ask(owner: string): Promise<void> {
    const { files, isAbandoned } = this.parts;
    const path = this.pathOf(owner);
    // One may be left of a window that was killed while it waited.
    await files.remove(path);
    const request = await files.create(path);
    await request.close();
    for (let waited = 0; (await files.stat(path)) !== undefined; waited += waitMs) {
      if (await isAbandoned(owner)) {
        await files.remove(path);
        await this.parts.journals.finishAll(owner);
        return;
      }
      if (waited > patienceMs) {
        await files.remove(path);
        throw new ObbyError(
          'storeFailed',
          'Another window records the same folder and does not answer: nothing was changed. Close it, then try again.',
        );
      }
      await delay(waitMs);
    }
  }

  private async others(): Promise<string[]> {
    const { files, dir, owner } = this.parts;
    const owners = (await files.list(dir)).map(ownerOf);
    return owners.filter((other) => other !== undefined && other !== owner) as string[];
  }

  private pathOf(owner: string): string {
    return `${this.parts.dir}/${owner}${ending}`;
  }
}
