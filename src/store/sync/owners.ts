import { errnoOf, messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { FilePort } from '../disk/filePort';
import type { JournalSet } from '../journal/journalSet';
import {
  hasEnded,
  isStartingFile,
  ownerFileName,
  ownerOf,
  readOwner,
  requestFileName,
  dependentOwnerOf,
  type OwnerFacts,
  type Processes,
} from './owner';
import type { Ownership } from './ownership';

/** A window without a heartbeat gets a request this often at most, since each one costs it a journal. */
const askAgainMs = 600_000;

export interface OwnersDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly log: Log;
  readonly processes: Processes;
  readonly ownership: Ownership;
  readonly journals: JournalSet;
}

/** The present and former owners of the folder. */
export class Owners {
  /** When owners without a heartbeat last got a request, by the folder's clock. */
  private readonly asked = new Map<string, number>();

  constructor(private readonly deps: OwnersDeps) {}

  /** All owners with a file, except this store. */
  async others(): Promise<string[]> {
    const owners = (await this.list()).flatMap((name) => ownerOf(name) ?? []);
    return owners.filter((owner) => owner !== this.deps.ownership.name);
  }

  /**
   * Whether no window writes under this name any more: its process ended, or its heartbeat stopped. The latter may be
   * wrong, since a window on a sleeping machine has no heartbeat. So its name is shut out first, which it notices later.
   */
  async isGone(owner: string): Promise<boolean> {
    const { files, dir, processes, ownership } = this.deps;
    if (owner === ownership.name) return false;
    const found = await readOwner(files, dir, owner);
    if (found === undefined) return true;
    if (found.facts !== undefined && hasEnded(found.facts, processes)) return true;
    return (await this.isSilent(owner, found)) && (await this.shutOut(owner));
  }

  /** An owner, for messages. */
  async describe(owner: string): Promise<string> {
    const { files, dir } = this.deps;
    const facts = (await readOwner(files, dir, owner).catch(() => undefined))?.facts;
    if (facts === undefined) return 'Another window';
    return `Another window (process ${facts.pid} on “${facts.machine.split(' ')[0] ?? ''}”)`;
  }

  /** Removes the files of owners that are gone. */
  async removeLeftovers(): Promise<void> {
    const { files, dir } = this.deps;
    for (const name of await this.list()) if (await this.isLeft(name)) await files.remove(`${dir}/${name}`);
  }

  private async isLeft(fileName: string): Promise<boolean> {
    const { files, dir, ownership } = this.deps;
    if (isStartingFile(fileName)) {
      const info = await files.stat(`${dir}/${fileName}`);
      return info !== undefined && ownership.isStale(info.modified);
    }
    const owner = ownerOf(fileName) ?? dependentOwnerOf(fileName);
    return owner !== undefined && this.isGone(owner);
  }

  private async isSilent(
    owner: string,
    { facts, modified }: { readonly facts: OwnerFacts | undefined; readonly modified: number },
  ): Promise<boolean> {
    const { processes, ownership } = this.deps;
    if (facts === undefined || facts.beatMs !== undefined) return ownership.isStale(modified);
    // Without a heartbeat. With a start time, the running process is the one that wrote the file.
    if (facts.machine === processes.machine && facts.start !== undefined) return false;
    return this.ignoresRequest(owner);
  }

  /** Whether an owner without a heartbeat does not answer requests; a living one answers within seconds. */
  private async ignoresRequest(owner: string): Promise<boolean> {
    const { files, dir, ownership } = this.deps;
    const path = `${dir}/${requestFileName(owner)}`;
    const request = await files.stat(path);
    if (request !== undefined) return ownership.isStale(request.modified);
    const now = ownership.time;
    if (now === undefined || now - (this.asked.get(owner) ?? -Infinity) < askAgainMs) return false;
    this.asked.set(owner, now);
    await createEmpty(files, path);
    return false;
  }

  /**
   * Ends an owner's journals and removes its files, its name first: a window checks its name after each write, before it
   * relies on it. False when that failed.
   */
  private async shutOut(owner: string): Promise<boolean> {
    const { files, dir, log, journals } = this.deps;
    try {
      log.warn(`${await this.describe(owner)} shows no sign of life. It is not waited for any more.`);
      // First, so that no other window finds a journal of a removed name, and appends to it.
      await journals.finishAll(owner);
      await files.remove(`${dir}/${ownerFileName(owner)}`);
      // It may have written until its name was removed.
      await journals.finishAll(owner);
      for (const name of await this.list()) if (dependentOwnerOf(name) === owner) await files.remove(`${dir}/${name}`);
      return true;
    } catch (error) {
      log.warn(`It could not be shut out: ${messageOf(error)}`);
      return false;
    }
  }

  private list(): Promise<string[]> {
    return this.deps.files.list(this.deps.dir);
  }
}

/** Creates an empty file unless it exists. */
export async function createEmpty(files: FilePort, path: string): Promise<void> {
  try {
    await (await files.create(path)).close();
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}
