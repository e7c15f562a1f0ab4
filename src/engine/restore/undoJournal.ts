import * as l10n from '@vscode/l10n';
import { messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import { readWhole, replaceStoreFile, writeAll, type AppendFile, type FilePort } from '../../store/disk/filePort';
import { randomName } from '../../store/format/versionKey';
import { storeFailure } from '../../store/storeFailure';
import { systemProcesses } from '../../store/sync/owner';
import type { Restoration } from '../../track/candidate';
import { noJournal, type RestoreJournal, type JournaledStep } from '../../track/restoreJournal';
import type { UndoSummary } from '../engineStatus';
import {
  entryLine,
  headerLine,
  parseRestore,
  type LastRestore,
  type RestoreEntry,
  type RestoreHeader,
} from './lastRestore';

/** In the folder of the store. */
const fileName = 'undo.jsonl';
/** A larger file is not read. */
const largestBytes = 128_000_000;
/** A restore notes a smaller part, since to undo it takes more: by default that of about 100,000 files. */
const restorePart = 1 / 4;

const { pid, start } = systemProcesses;
const writer = { pid, ...(start !== undefined && { start }) };

export interface UndoJournalDeps {
  /** Absolute path of the folder of the store. */
  readonly dir: string;
  readonly files: FilePort;
  /** A larger journal is not read; default: 128 MB. */
  readonly maxBytes?: number;
  readonly now: () => number;
  readonly log: Log;
}

/** The journal of one call, which is closed when the call ends. */
export interface OpenJournal extends RestoreJournal {
  /** These paths need not be changed any more. */
  close(settled: readonly string[]): Promise<void>;
}

/**
 * Keeps what undoes the last restore of a folder in a file beside its store. The file is read before every use, since
 * another window may have written it; the last restore of any of them counts.
 */
export class UndoJournal {
  private undoable: UndoSummary | undefined;

  constructor(private readonly deps: UndoJournalDeps) {}

  /** What there was to undo when the journal was last used. */
  get toUndo(): UndoSummary | undefined {
    return this.undoable;
  }

  /** The last restore, if anything of it can be undone. A file that cannot be read is logged, and counts as none. */
  async read(): Promise<LastRestore | undefined> {
    const last = await this.readFile();
    const { undo, undone } = countOf(last);
    this.undoable = last && undo > 0 && !last.isUndone ? { time: last.time, files: undo } : undefined;
    return last && undo + undone > 0 ? last : undefined;
  }

  /** Begins a restore, which replaces the last one as soon as it changes a file. The same id again is the same restore. */
  async restore(id: string): Promise<OpenJournal> {
    const last = await this.read();
    if (last?.id === id) return { ...noJournal, close: () => Promise.resolve() };
    const header = { id, time: this.deps.now(), writer, isUndone: false };
    return new Run(this.deps, { header, entries: new Map(), former: last, isUndo: false });
  }

  /** Begins to undo the last restore, or continues. */
  undo({ id, time, isUndone, entries }: LastRestore): OpenJournal {
    const header = { id, time, writer, isUndone };
    return new Run(this.deps, { header, entries: new Map(entries), former: undefined, isUndo: true });
  }

  /** Notes what became of changes that were interrupted; `wasMade` says so for each. */
  async settle(last: LastRestore, wasMade: (path: string) => boolean): Promise<void> {
    const entries = new Map(last.entries);
    for (const { entry, before } of last.interrupted) {
      const { path, undo, undone } = entry;
      const made = undone ? { path, undone } : { path, ...(undo && { undo }) };
      const settled = wasMade(path) ? made : before;
      if (settled) entries.set(entry.path, settled);
      else entries.delete(entry.path);
    }
    await this.write({ ...last, entries });
  }

  /** Drops the entries for which `isKept` is false. */
  async keepOnly(isKept: (restoration: Restoration) => Promise<boolean>): Promise<void> {
    const last = await this.read();
    if (!last) return;
    const entries = new Map<string, RestoreEntry>();
    for (const [path, { undo, undone }] of last.entries) {
      const kept = {
        ...(undo && (await isKept(undo)) && { undo }),
        ...(undone && (await isKept(undone)) && { undone }),
      };
      if (kept.undo ?? kept.undone) entries.set(path, { path, ...kept });
    }
    await this.write({ ...last, entries });
  }

  private async write(last: LastRestore): Promise<void> {
    await replaceJournal(this.deps, textOf(last, last.entries.values()));
    await this.read();
  }

  private async readFile(): Promise<LastRestore | undefined> {
    const { dir, files, log, maxBytes = largestBytes } = this.deps;
    const path = `${dir}/${fileName}`;
    try {
      const info = await files.stat(path);
      if (info && info.size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
      const bytes = info && (await readWhole(files, path));
      return bytes && turned(parseRestore(Buffer.from(bytes).toString()));
    } catch (error) {
      log.warn(`${path} cannot be used, so the last restore cannot be undone: ${messageOf(error)}`);
      return undefined;
    }
  }
}

interface Plan {
  readonly header: RestoreHeader;
  readonly entries: Map<string, RestoreEntry>;
  /** The restore that this one replaces. */
  readonly former: LastRestore | undefined;
  readonly isUndo: boolean;
}

/** Writes the journal of one call: as a whole before the first change, then line by line. */
class Run implements OpenJournal {
  private file: AppendFile | undefined;
  private hasReplaced = false;
  /** Lines of the file have contents, which must not stay in it. */
  private hasContents = false;
  private written = 0;
  /** Entries before the changes that are being made. */
  private readonly before = new Map<string, RestoreEntry | undefined>();

  constructor(
    private readonly deps: UndoJournalDeps,
    private readonly plan: Plan,
  ) {}

  async begin({ undo, ...change }: JournaledStep): Promise<void> {
    const { entries, isUndo } = this.plan;
    const { maxBytes = largestBytes } = this.deps;
    const { path } = undo;
    const before = entries.get(path);
    const entry = isUndo ? { ...before, path, undone: undo, change } : { path, undo, change };
    this.before.set(path, before);
    this.hasContents ||= change.bytes !== undefined;
    try {
      if (!isUndo && this.written > maxBytes * restorePart) throw tooLong();
      await this.note(entry);
      await this.file?.sync();
    } catch (error) {
      if (entries.get(path) === entry) await this.noteQuietly(before ?? { path });
      throw storeFailure(error, this.deps.log, `${path} was not restored, since that could not be undone`);
    }
  }

  async end(path: string, undo: Restoration | undefined): Promise<void> {
    const before = this.before.get(path);
    const made = this.plan.isUndo ? { path, ...(undo && { undone: undo }) } : { path, ...(undo && { undo }) };
    await this.noteQuietly(undo ? made : (before ?? { path }));
  }

  async close(settled: readonly string[]): Promise<void> {
    const { entries, isUndo, former } = this.plan;
    for (const path of isUndo ? settled : []) {
      const { undo, ...rest } = entries.get(path) ?? { path };
      if (undo) await this.noteQuietly(rest);
    }
    try {
      await this.file?.close();
      if (!this.hasReplaced || (this.file && entries.size > 0 && !this.hasContents)) return;
      const last = entries.size === 0 && former ? former : { ...this.plan.header, entries };
      await replaceJournal(this.deps, textOf(last, last.entries.values()));
    } catch (error) {
      this.deps.log.warn(`The journal of a restore was not closed: ${messageOf(error)}`);
    }
  }

  /** What is not noted is undone once more, or found out from the disk. */
  private async noteQuietly(entry: RestoreEntry): Promise<void> {
    try {
      await this.note(entry);
    } catch (error) {
      this.deps.log.warn(`The restore of ${entry.path} was not noted: ${messageOf(error)}`);
    }
  }

  private async note(entry: RestoreEntry): Promise<void> {
    const { header, entries } = this.plan;
    const { dir, files } = this.deps;
    const text = this.file ? entryLine(entry) : textOf(header, [...entries.values(), entry]);
    if (this.file) await this.append(this.file, text);
    else {
      await replaceJournal(this.deps, text);
      this.hasReplaced = true;
      this.file = await files.openAppend(`${dir}/${fileName}`);
    }
    this.written += text.length;
    if (entry.undo ?? entry.undone) entries.set(entry.path, entry);
    else entries.delete(entry.path);
  }

  private async append(file: AppendFile, text: string): Promise<void> {
    try {
      await writeAll(file, Buffer.from(text));
    } catch (error) {
      // The file may end in half a line: the next line replaces it as a whole.
      this.file = undefined;
      await file.close();
      throw error;
    }
  }
}

async function replaceJournal({ dir, files }: UndoJournalDeps, text: string): Promise<void> {
  const path = `${dir}/${fileName}`;
  await replaceStoreFile(files, path, Buffer.from(text), `${path}.${randomName(10)}.tmp`);
  await files.syncDir(dir);
}

function textOf(header: RestoreHeader, entries: Iterable<RestoreEntry>): string {
  return headerLine(header) + [...entries].map(entryLine).join('');
}

function countOf(last: LastRestore | undefined): { readonly undo: number; readonly undone: number } {
  const entries = [...(last?.entries.values() ?? [])];
  const undo = entries.filter((entry) => entry.undo).length;
  return { undo, undone: entries.filter((entry) => entry.undone).length };
}

/** Once all is undone, what undoes that comes next. */
function turned(last: LastRestore): LastRestore {
  const { undo, undone } = countOf(last);
  if (undo > 0 || undone === 0) return last;
  const entries = new Map(
    [...last.entries.values()].map(({ path, undone: next }) => [path, { path, ...(next && { undo: next }) }]),
  );
  return { ...last, isUndone: !last.isUndone, entries };
}

function tooLong(): ObbyError {
  return new ObbyError('tooLarge', l10n.t('Too many files for one restore. Restore some of them at a time.'));
}
