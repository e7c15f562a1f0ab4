import { messageOf } from '../model/errors';
import type { Catalog, CatalogEntry } from './catalog';
import { decodeContentRow } from './contentRow';
import type { StoreProblem } from './contract';
import type { FilePort } from './filePort';
import { decodeHeader, headerBytes, journalFormat, recordType, saltOf } from './journalFormat';
import { scanJournal, type ScannedRecord, type ScanResult } from './journalScan';
import { journalFileName, setAside, type JournalName, type JournalSet } from './journalSet';
import { decodeVersionRow } from './versionRow';

/** What one journal turned out to be. */
interface JournalState {
  readonly size: number;
  /** Where its whole records end. */
  readonly end: number;
  readonly damage?: string;
  /** Written by a newer Obby. */
  readonly isNewer: boolean;
}

export interface OpeningOptions {
  readonly dir: string;
  readonly files: FilePort;
  readonly journals: JournalSet;
  readonly catalog: Catalog;
  readonly owner: string;
  /** Whether nobody writes under an owner's name any more. */
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  readonly onProblem: (problem: StoreProblem) => void;
}

/** Entries that wait to be put into the catalog together. */
const batchEntries = 5_000;

/** Reads all journals of a store into its catalog and takes over one that somebody left. */
export class JournalOpening {
  constructor(private readonly options: OpeningOptions) {}

  /** Whether any journal is of a newer format, so that the store must not be written. */
  async run(names: readonly JournalName[], mayWrite: boolean): Promise<{ readonly isNewer: boolean }> {
    let isNewer = false;
    let resumable: { readonly name: JournalName; readonly end: number } | undefined;
    for (const listed of names) {
      const name = mayWrite ? await this.takeOver(listed) : listed;
      const state = await this.read(name);
      isNewer ||= state.isNewer;
      if (name.owner !== this.options.owner) continue;
      const end = await this.settle(name, state);
      if (end !== undefined) resumable = { name, end };
    }
    if (resumable !== undefined && !isNewer) await this.options.journals.resume(resumable.name, resumable.end);
    return { isNewer };
  }

  /** The journal under its present name: this owner's if nobody else can be writing it. */
  private async takeOver(name: JournalName): Promise<JournalName> {
    const { owner, journals, isAbandoned } = this.options;
    if (name.owner === setAside || !(await isAbandoned(name.owner))) return name;
    return (await journals.rename(name, owner)) ? { ...name, owner } : name;
  }

  /** Makes an own journal fit to be appended to, from the returned position; undefined when it is not to be. */
  private async settle(name: JournalName, state: JournalState): Promise<number | undefined> {
    const { files, journals } = this.options;
    if (state.isNewer) return undefined;
    if (state.damage !== undefined) {
      await journals.rename(name, setAside);
      return undefined;
    }
    if (state.end < headerBytes) {
      await files.remove(journals.pathOf(name));
      return undefined;
    }
    if (state.end < state.size) await files.truncate(journals.pathOf(name), state.end);
    return state.end;
  }

  private async read(name: JournalName): Promise<JournalState> {
    const { files, journals, catalog } = this.options;
    const size = (await files.stat(journals.pathOf(name)))?.size ?? 0;
    const from = catalog.journals().get(name.id) ?? 0;
    try {
      if (from === 0) {
        const format = await this.format(name, size);
        if (format === 'newer') return { size, end: 0, isNewer: true };
        return await this.readRecords(name, headerBytes, size, format === 'damaged');
      }
      return await this.readRecords(name, from, size, false);
    } catch (error) {
      const damage = `${journalFileName(name)} cannot be read: ${messageOf(error)}`;
      this.options.onProblem({ file: journalFileName(name), message: damage });
      return { size, end: from, damage, isNewer: false };
    }
  }

  private async format(name: JournalName, size: number): Promise<'known' | 'newer' | 'damaged'> {
    if (size < headerBytes) return 'known';
    const file = await this.options.journals.openRead(name.id);
    const format = decodeHeader(await file.read(0, headerBytes), name.id);
    if (format === undefined) return 'damaged';
    return format > journalFormat ? 'newer' : 'known';
  }

  private async readRecords(
    name: JournalName,
    from: number,
    size: number,
    headerDamaged: boolean,
  ): Promise<JournalState> {
    if (size <= from && !headerDamaged) return { size, end: size < headerBytes ? 0 : size, isNewer: false };
    const file = await this.options.journals.openRead(name.id);
    const collector = new EntryCollector(this.options.catalog, name.id);
    const result = await scanJournal(
      file,
      { from, size, salt: saltOf(name.id), isGrowing: !this.isMine(name) && name.owner !== setAside },
      (record) => collector.add(record),
    );
    collector.finish(result.end);
    const damage = this.report(name, result, headerDamaged, collector.unreadable);
    return { size, end: result.end, isNewer: false, ...(damage === undefined ? {} : { damage }) };
  }

  private report(
    name: JournalName,
    { damage }: ScanResult,
    headerDamaged: boolean,
    unreadable: number,
  ): string | undefined {
    const places = damage.map(({ from, to }) => `bytes ${from} to ${to}`);
    if (headerDamaged) places.unshift(`bytes 0 to ${headerBytes}`);
    if (unreadable > 0) places.push(`${unreadable} records that make no sense`);
    if (places.length === 0) return undefined;
    const file = journalFileName(this.isMine(name) ? { ...name, owner: setAside } : name);
    const message = `${file} is damaged (${places.join(', ')}). What could be read of it is used; it is kept and no longer written.`;
    this.options.onProblem({ file, message });
    return message;
  }

  private isMine(name: JournalName): boolean {
    return name.owner === this.options.owner;
  }
}

/** Turns records into catalog entries, a batch at a time. */
class EntryCollector {
  unreadable = 0;
  private entries: CatalogEntry[] = [];

  constructor(
    private readonly catalog: Catalog,
    private readonly journal: string,
  ) {}

  add({ type, meta, position, length }: ScannedRecord): void {
    const entry = entryOf(type, meta, this.journal, { position, length });
    if (entry === undefined) this.unreadable++;
    else if (entry !== 'other') this.entries.push(entry);
    if (this.entries.length >= batchEntries) this.finish(position + length);
  }

  finish(readTo: number): void {
    this.catalog.apply(this.entries, this.journal, readTo);
    this.entries = [];
  }
}

function entryOf(
  type: number,
  meta: Uint8Array,
  journal: string,
  place: { readonly position: number; readonly length: number },
): CatalogEntry | 'other' | undefined {
  if (type === recordType.version) {
    const row = decodeVersionRow(meta);
    return row && { type: 'version', row };
  }
  if (type === recordType.content) {
    const row = decodeContentRow(meta);
    return row && { type: 'content', row, journal, place };
  }
  return 'other';
}
