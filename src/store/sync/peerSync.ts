import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Catalog } from '../catalog/catalog';
import type { CatalogEntry } from '../catalog/catalogBatch';
import { CatalogDamage } from '../disk/sqlite';
import { removeTraces } from '../catalog/catalogRemoval';
import type { FilePort } from '../disk/filePort';
import { entryOf, scanJournal } from '../journal/journalScan';
import { saltOf } from '../journal/journalFormat';
import { parseJournalName, setAside, type JournalName, type JournalSet } from '../journal/journalSet';
import { ownerOf } from './owner';
import type { Ownership } from './ownership';
import type { SegmentIntake } from './segmentIntake';
import { segmentIdOf, type SegmentSet } from '../segment/segmentSet';
import { Sequencer } from '../../base/sequencer';
import type { VersionId } from '../../model/version';

export interface PeerSyncDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly log: Log;
  readonly ownership: Ownership;
  readonly catalog: Catalog;
  readonly journals: JournalSet;
  readonly segments: SegmentSet;
  readonly intake: SegmentIntake;
  /** Called with versions that other windows recorded. */
  readonly onForeign: (ids: readonly VersionId[]) => void;
}

/** Brings the catalog up to date with what other windows do to the folder. */
export class PeerSync {
  private readonly turn = new Sequencer();
  private knownSegments = '';
  /** Sources at the last refresh, also unreadable ones. */
  private lastSources: ReadonlySet<string> = new Set();

  constructor(private readonly deps: PeerSyncDeps) {}

  /** The files of the folder. */
  list(): Promise<string[]> {
    return this.deps.files.list(this.deps.dir);
  }

  /** Whether another window may be recording into the folder, or recorded something that is not in the catalog. */
  existIn(names: readonly string[]): boolean {
    return this.areIn(names) || this.differ(names);
  }

  /** Brings the catalog up to date. Returns whether another window may be recording. */
  refresh(): Promise<boolean> {
    return this.turn.run(() => this.refreshNow());
  }

  private async refreshNow(): Promise<boolean> {
    const { journals, segments, intake, ownership } = this.deps;
    const names = await this.list();
    const listed = await journals.refresh(names);
    const ids = segments.refresh(names);
    if (ids.join() !== this.knownSegments) await intake.run(ids, await this.gone(names));
    this.knownSegments = ids.join();
    const foreign: VersionId[] = [];
    for (const name of listed) {
      if (name.owner !== ownership.name && name.owner !== setAside) foreign.push(...(await this.read(name)));
    }
    await this.takeOutGone(names);
    this.lastSources = new Set(this.foreignSources(names));
    if (foreign.length > 0) this.deps.onForeign(foreign);
    return this.areIn(names);
  }

  private areIn(names: readonly string[]): boolean {
    return names.some((name) => {
      const owner = ownerOf(name);
      return owner !== undefined && owner !== this.deps.ownership.name;
    });
  }

  /** Whether another window, closed by now, added or removed sources. */
  private differ(names: readonly string[]): boolean {
    const { catalog } = this.deps;
    const known = catalog.sourceIds();
    const knows = new Set(known);
    return (
      withoutFile(known, names).length > 0 ||
      // A replaced source is about to be removed, or was set aside.
      this.foreignSources(names).some((id) => !knows.has(id) && !this.lastSources.has(id) && !catalog.isReplaced(id))
    );
  }

  /** Sources that another window may have written. */
  private foreignSources(names: readonly string[]): string[] {
    const { ownership, segments } = this.deps;
    return names.flatMap((name) => {
      const journal = parseJournalName(name);
      if (journal !== undefined) return journal.owner === ownership.name ? [] : [journal.id];
      const segment = segmentIdOf(name);
      return segment === undefined || segments.isOwn(segment) ? [] : [segment];
    });
  }

  /** Reads what was added to a journal. Returns the new versions. */
  private async read(name: JournalName): Promise<VersionId[]> {
    const { catalog, journals, log } = this.deps;
    const from = catalog.readTo(name.id);
    const size = await journals.sizeOf(name.id);
    if (size <= from || catalog.isReplaced(name.id)) return [];
    const entries: CatalogEntry[] = [];
    try {
      const range = { from, size, salt: saltOf(name.id), isGrowing: true };
      const { end } = await journals.use(name.id, (file) =>
        scanJournal(file, range, (record) => {
          const entry = entryOf(record);
          if (entry !== undefined && entry !== 'other') entries.push(entry);
        }),
      );
      if (end > from) catalog.apply(entries, { id: name.id, kind: 'journal' }, end);
    } catch (error) {
      if (error instanceof CatalogDamage) throw error;
      log.warn(`The journal of another window could not be read: ${messageOf(error)}`);
      return [];
    }
    return entries.flatMap((entry) => (entry.type === 'version' ? [entry.row.id] : []));
  }

  /** Takes sources out of the catalog that another window removed without replacement. */
  private async takeOutGone(names: readonly string[]): Promise<void> {
    const { catalog, intake } = this.deps;
    const gone = await this.gone(names);
    for (const id of gone) await intake.takeOut(id);
    if (gone.length > 0) catalog.erase(removeTraces);
  }

  /** Sources without a file. Lists the folder again, because this window may have begun a journal since. */
  private async gone(names: readonly string[]): Promise<string[]> {
    const missing = withoutFile(this.deps.catalog.sourceIds(), names);
    return missing.length === 0 ? missing : withoutFile(missing, await this.list());
  }
}

/** The names of source files begin with their ids. */
function withoutFile(ids: readonly string[], names: readonly string[]): string[] {
  const there = new Set(names.map((name) => name.slice(0, Math.max(0, name.indexOf('.')))));
  return ids.filter((id) => !there.has(id));
}
