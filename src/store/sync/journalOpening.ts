import { messageOf } from '../../base/errors';
import type { Catalog } from '../catalog/catalog';
import type { CatalogEntry } from '../catalog/catalogBatch';
import { CatalogDamage } from '../disk/sqlite';
import type { StoreProblem } from '../../model/historyStore';
import type { FilePort } from '../disk/filePort';
import { headerBytes, journalFormat, saltOf } from '../journal/journalFormat';
import { entryOf, scanJournal, type ScannedRecord } from '../journal/journalScan';
import { finishedOwner, journalFileName, setAside, type JournalName, type JournalSet } from '../journal/journalSet';

/** The result of reading one journal. */
interface JournalState {
  readonly size: number;
  /** Up to where it was read; an unfinished write follows. */
  readonly end: number;
  readonly isDamaged: boolean;
}

export interface OpeningOptions {
  readonly dir: string;
  readonly files: FilePort;
  readonly journals: JournalSet;
  readonly catalog: Catalog;
  readonly owner: string;
  /** Whether no window writes under an owner's name any more. */
  readonly isAbandoned: (owner: string) => Promise<boolean>;
  readonly onProblem: (problem: StoreProblem) => void;
}

/** Entries that are applied to the catalog together. */
const batchEntries = 5_000;

/** Reads all journals into the catalog, and continues one whose window is gone. */
export class JournalOpening {
  constructor(private readonly options: OpeningOptions) {}

  /** `mayWrite`: take over the journals of windows that are gone. */
  async run(names: readonly JournalName[], mayWrite: boolean): Promise<void> {
    let last: { readonly name: JournalName; readonly end: number } | undefined;
    for (const listed of names) {
      const name = mayWrite ? await this.takeOver(listed) : listed;
      const format = await this.options.journals.formatOf(name);
      if (format !== undefined && format !== journalFormat) continue;
      const state = await this.read(name, format === undefined);
      if (!this.isMine(name)) continue;
      const end = await this.settle(name, state);
      if (end !== undefined) last = { name, end };
    }
    if (last !== undefined) await this.options.journals.resume(last.name, last.end);
  }

  /** Renames a journal to this owner if its window is gone. Returns its present name. */
  private async takeOver(name: JournalName): Promise<JournalName> {
    const { owner, journals, isAbandoned } = this.options;
    if (name.owner === setAside || name.owner === finishedOwner || !(await isAbandoned(name.owner))) return name;
    return (await journals.rename(name, owner)) ? { ...name, owner } : name;
  }

  /** Repairs the end of an own journal. Returns where to append, or undefined when the journal is damaged or empty. */
  private async settle(name: JournalName, state: JournalState): Promise<number | undefined> {
    const { files, journals } = this.options;
    if (state.isDamaged) {
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

  private async read(name: JournalName, isHeaderDamaged: boolean): Promise<JournalState> {
    const { journals, catalog } = this.options;
    const from = catalog.readTo(name.id);
    const size = await journals.sizeOf(name.id);
    try {
      return await this.readRecords(name, { from, size }, isHeaderDamaged);
    } catch (error) {
      if (error instanceof CatalogDamage) throw error;
      this.report(name, `cannot be read (${messageOf(error)})`);
      return { size, end: from, isDamaged: true };
    }
  }

  private async readRecords(
    name: JournalName,
    { from, size }: { readonly from: number; readonly size: number },
    isHeaderDamaged: boolean,
  ): Promise<JournalState> {
    const collector = new EntryCollector(this.options.catalog, name.id);
    const isGrowing = !this.isMine(name) && name.owner !== setAside;
    const range = { from, size, salt: saltOf(name.id), isGrowing };
    const { end, damage } = await this.options.journals.use(name.id, (file) =>
      scanJournal(file, range, (record) => collector.add(record)),
    );
    if (end > from) collector.finish(end);
    const places = damage.map((place) => `bytes ${place.from} to ${place.to}`);
    if (isHeaderDamaged && from === 0) places.unshift(`bytes 0 to ${headerBytes}`);
    if (collector.unreadable > 0) places.push(`${collector.unreadable} records without meaning`);
    if (places.length > 0) this.report(name, `is damaged (${places.join(', ')})`);
    return { size, end, isDamaged: isHeaderDamaged || places.length > 0 };
  }

  private report(name: JournalName, what: string): void {
    const file = journalFileName(this.isMine(name) ? { ...name, owner: setAside } : name);
    const message = `${file} ${what}. All that can be read of it is used; the file is kept and no longer written.`;
    this.options.onProblem({ file, message });
  }

  private isMine(name: JournalName): boolean {
    return name.owner === this.options.owner;
  }
}

/** Applies records to the catalog in batches. */
class EntryCollector {
  unreadable = 0;
  private entries: CatalogEntry[] = [];

  constructor(
    private readonly catalog: Catalog,
    private readonly journal: string,
  ) {}

  add({ type, meta, position, length }: ScannedRecord): void {
    const entry = entryOf({ type, meta, position, length });
    if (entry === undefined) this.unreadable++;
    else if (entry !== 'other') this.entries.push(entry);
    if (this.entries.length >= batchEntries) this.finish(position + length);
  }

  finish(readTo: number): void {
    this.catalog.apply(this.entries, { id: this.journal, kind: 'journal' }, readTo);
    this.entries = [];
  }
}
