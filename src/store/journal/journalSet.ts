import { errnoOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import { decodeContentRow } from '../format/contentEncoding';
import type { ContentLink } from '../format/codec';
import { Readers, type FilePort, type ReadFile } from '../disk/filePort';
import { decodeHeader, decodeRecord, headerBytes, journalFormat, saltOf } from './journalFormat';
import type { RecordPlace } from './journalScan';
import { JournalWriter, type JournalTarget } from './journalWriter';
import type { Ownership } from '../sync/ownership';
import type { StoreSizes } from '../format/storeFormat';
import { randomName } from '../format/versionKey';

/** A journal file of the folder: `<id>.<owner>.journal`. Its owner may change, its id and its records never do. */
export interface JournalName {
  readonly id: string;
  /** Who may append to it, or {@link setAside}. */
  readonly owner: string;
}

/** In place of an owner: the journal is damaged, is read and never written again. */
export const setAside = 'damaged';
/** In place of an owner: the journal is whole, is not appended to any more and will be sealed. */
export const finishedOwner = 'finished';

/** How often a journal whose owner changes is searched. */
const maxTries = 3;

const nameForm = /^([0-9a-z]{1,16})\.([0-9a-z]+)\.journal$/;

export function parseJournalName(fileName: string): JournalName | undefined {
  const [, id, owner] = nameForm.exec(fileName) ?? [];
  return id === undefined || owner === undefined ? undefined : { id, owner };
}

export function journalFileName({ id, owner }: JournalName): string {
  return `${id}.${owner}.journal`;
}

export interface JournalSetOptions {
  readonly dir: string;
  readonly files: FilePort;
  readonly log: Log;
  readonly ownership: Ownership;
  readonly sizes: StoreSizes;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The journal files of a store: reads all, appends to the one of this store. */
export class JournalSet {
  private readonly names = new Map<string, JournalName>();
  private readonly readers = new Readers((id) => this.openNamed(id));
  private current: JournalWriter | undefined;

  constructor(private readonly options: JournalSetOptions) {}

  /** Lists the journals again, oldest first. */
  async refresh(fileNames?: readonly string[]): Promise<JournalName[]> {
    const listed = fileNames ?? (await this.options.files.list(this.options.dir));
    const names = [...listed].sort().map(parseJournalName);
    this.names.clear();
    for (const name of names) if (name !== undefined) this.names.set(name.id, name);
    return [...this.names.values()];
  }

  pathOf(name: JournalName): string {
    return `${this.options.dir}/${journalFileName(name)}`;
  }

  /** The file name of a journal, for messages. */
  fileName(id: string): string {
    const name = this.names.get(id);
    return name === undefined ? `${id}.*.journal` : journalFileName(name);
  }

  /** The format in a journal's header; undefined when the header is damaged. */
  async formatOf(name: JournalName): Promise<number | undefined> {
    try {
      const header = await this.use(name.id, (file) => file.read(0, headerBytes));
      // A new journal whose header is not written yet.
      return header.length < headerBytes ? journalFormat : decodeHeader(header, name.id);
    } catch {
      // Reading on reports what is wrong.
      return journalFormat;
    }
  }

  /** Gives a journal another owner atomically; false when another window did so first. */
  async rename(name: JournalName, owner: string): Promise<boolean> {
    const next = { id: name.id, owner };
    try {
      await this.options.files.rename(this.pathOf(name), this.pathOf(next));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return false;
      throw error;
    }
    this.names.set(name.id, next);
    return true;
  }

  /** Appends to a journal that this owner has taken over from now on. */
  async resume(name: JournalName, size: number): Promise<void> {
    if (size >= this.options.sizes.fullBytes) return;
    await this.current?.close();
    this.current = await JournalWriter.resume(this.options.files, this.target(name), size);
  }

  /** The journal to append to; a new one when the current one is full or was changed by another process. */
  async writer(): Promise<JournalWriter> {
    const { files, log, sizes } = this.options;
    const { current } = this;
    if (current !== undefined && !current.isBroken && current.committed < sizes.fullBytes) {
      const size = current.committed === 0 ? 0 : (await files.stat(current.path))?.size;
      if (size === current.committed) return current;
      log.warn(`${current.path} was changed by someone else (${size ?? 'no'} bytes); going on in a new journal.`);
    }
    await this.letGo();
    return this.start();
  }

  /** A content from a valid record; rejects with `storeFailed` when it is damaged or cannot be read. */
  async link(id: string, place: RecordPlace): Promise<ContentLink> {
    const bytes = await this.bytes(id, place);
    const record = decodeRecord(bytes, saltOf(id), place.position);
    const row = record && decodeContentRow(record.meta);
    if (record === undefined || row === undefined) {
      throw new ObbyError(
        'storeFailed',
        `${this.fileName(id)} is damaged at byte ${place.position}. Keep a copy of it; other versions can still be read.`,
      );
    }
    const { sha256, size, encoding, base } = row;
    return { sha256, size, encoding, body: record.body, ...(base === undefined ? {} : { base: { sha256: base } }) };
  }

  /** Reads a journal with `work`, also when its owner changes meanwhile. */
  use<T>(id: string, work: (file: ReadFile) => Promise<T>): Promise<T> {
    return this.readers.use(id, work);
  }

  /** Bytes of a journal file; 0 when it is gone. */
  async sizeOf(id: string): Promise<number> {
    if (!this.names.has(id)) await this.refresh();
    const name = this.names.get(id);
    return (name && (await this.options.files.stat(this.pathOf(name)))?.size) ?? 0;
  }

  /** Bytes of the current journal; 0 when there is none. */
  get currentBytes(): number {
    return this.current?.committed ?? 0;
  }

  /** Ends the current journal, so that it can be sealed; the next version begins another. */
  async rotate(): Promise<void> {
    await this.letGo();
    await this.finishAll(this.options.ownership.name);
  }

  /** Marks all journals of an owner as finished. */
  async finishAll(owner: string): Promise<void> {
    for (const name of await this.refresh()) if (name.owner === owner) await this.rename(name, finishedOwner);
  }

  /** Finished journals that are whole, oldest first. */
  finished(): JournalName[] {
    return [...this.names.values()].filter(({ owner }) => owner === finishedOwner);
  }

  isSetAside(id: string): boolean {
    return this.names.get(id)?.owner === setAside;
  }

  /** Whether no window appends to it any more. */
  isUnused(id: string): boolean {
    const owner = this.names.get(id)?.owner;
    return owner === finishedOwner || owner === setAside;
  }

  /** Renames a damaged journal, so that it is only read from now on. */
  async setAside(id: string): Promise<void> {
    const name = this.names.get(id);
    if (name !== undefined) await this.rename(name, setAside);
  }

  async remove(id: string): Promise<void> {
    await this.readers.forget(id);
    const name = this.names.get(id);
    if (name !== undefined) await this.options.files.remove(this.pathOf(name));
    this.names.delete(id);
  }

  async close(): Promise<void> {
    await this.letGo();
    await this.readers.close();
  }

  private async start(): Promise<JournalWriter> {
    const { files, ownership, now } = this.options;
    await ownership.announce();
    const name = { id: now().toString(36).padStart(9, '0').slice(-10) + randomName(6), owner: ownership.name };
    this.current = await JournalWriter.create(files, this.target(name));
    this.names.set(name.id, name);
    return this.current;
  }

  private target(name: JournalName): JournalTarget {
    const held = this.options.ownership.hold();
    return { id: name.id, path: this.pathOf(name), isKept: () => held.isKept() };
  }

  private async letGo(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.close();
  }

  private async bytes(id: string, place: RecordPlace): Promise<Uint8Array> {
    try {
      return await this.use(id, (file) => file.read(place.position, place.length));
    } catch (error) {
      if (error instanceof ObbyError || errnoOf(error) === 'ENOENT') throw error;
      throw new ObbyError('storeFailed', `${this.fileName(id)} cannot be read. Check the disk, then try again.`, {
        cause: error,
      });
    }
  }

  private async openNamed(id: string): Promise<ReadFile> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.options.files.openRead(this.pathOf(this.names.get(id) ?? { id, owner: 'gone' }));
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || tries === maxTries) throw error;
      }
      // Another window may have taken it over, and may do so again while the folder is listed.
      await this.refresh();
    }
  }
}
