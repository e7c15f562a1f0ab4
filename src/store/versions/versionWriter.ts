import type { Clock } from '../../base/clock';
import { messageOf, ObbyError } from '../../base/errors';
import { sha256Of } from '../../base/sha256';
import type { Log } from '../../base/log';
import { isOtherMode, type VersionRecord } from '../../model/version';
import type { Catalog } from '../catalog/catalog';
import type { CatalogEntry } from '../catalog/catalogBatch';
import { encodeContentRow } from '../format/contentEncoding';
import type { Contents } from './contents';
import type { VersionDraft } from '../../model/historyStore';
import { maxMetaBytes, recordType } from '../journal/journalFormat';
import type { JournalSet } from '../journal/journalSet';
import { Overtaken, type JournalWriter } from '../journal/journalWriter';
import { encodeAnnotation, type Annotation } from '../format/annotation';
import { Lineage, placedRecord, type PlacedVersion } from './lineage';
import { VersionIds } from './versionIds';
import { storeFailure } from '../storeFailure';
import type { Sharing } from '../sync/sharedAccess';
import { parseVersionId } from '../format/versionKey';
import { encodeVersionRow, type VersionRow } from '../format/versionRow';

const nothing = new Uint8Array(0);
/** Deferred entries are applied to the catalog when nothing was recorded for this long. */
const idleMs = 200;

export interface VersionWriterDeps {
  readonly catalog: Catalog;
  readonly contents: Contents;
  readonly journals: JournalSet;
  readonly clock: Clock;
  readonly log: Log;
  /** The part of version ids that is this store's own. */
  readonly writer: string;
}

/** Lists of drafts that become durable together. */
export class Attempt {
  /** The versions that they became: a second try writes the same ones, so that each version exists once. */
  placed: { readonly results: VersionRecord[][]; readonly rows: readonly VersionRow[] } | undefined;

  constructor(readonly lists: readonly (readonly VersionDraft[])[]) {}

  /** The contents of the drafts, by hash. */
  contents(): ReadonlyMap<string, Uint8Array> {
    const drafts = this.lists.flat();
    return new Map(
      drafts.flatMap(({ sha256, content }) =>
        sha256 === undefined || content === undefined ? [] : [[sha256, content]],
      ),
    );
  }
}

/** Writes one group of drafts to the journal. */
class Group {
  readonly entries: CatalogEntry[] = [];
  /** Contents that are written although the catalog has a copy: that is damaged, or another window may be dropping it. */
  readonly copied = new Set<string>();
  /** Whether the same versions were written to another journal before. */
  private isSecondTry = false;
  /** Depths of contents that this group writes, by hash. */
  private readonly pending = new Map<string, number>();
  private readonly lineage: Lineage;
  private readonly touched = new Set<string>();

  constructor(
    private readonly deps: VersionWriterDeps,
    private readonly journal: JournalWriter,
    private readonly sharing: Sharing,
    ids: VersionIds,
  ) {
    this.lineage = new Lineage(deps.catalog, ids);
  }

  async addAll(drafts: readonly VersionDraft[]): Promise<VersionRecord[]> {
    const versions: VersionRecord[] = [];
    const fresh = drafts.filter((draft) => !this.isRecordedElsewhere(draft));
    const places = this.lineage.placeAll(fresh);
    for (const [index, draft] of fresh.entries()) versions.push(await this.add(draft, places[index] as PlacedVersion));
    return versions;
  }

  get rows(): VersionRow[] {
    return this.entries.flatMap((entry) => (entry.type === 'version' ? [entry.row] : []));
  }

  /** Writes versions again that another window may have missed. */
  async addAgain(rows: readonly VersionRow[], contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
    this.isSecondTry = true;
    for (const row of rows) {
      const bytes = row.sha256 === undefined ? undefined : contents.get(row.sha256);
      if (row.sha256 !== undefined && bytes !== undefined) await this.addContent(row.sha256, bytes);
      await this.addRow(row);
    }
  }

  /** Whether another window has recorded the same state, and nothing changed at the path since. */
  private isRecordedElsewhere({ path, kind, sha256, mode }: VersionDraft): boolean {
    if (!this.sharing.isShared || this.touched.has(path)) return false;
    this.touched.add(path);
    const { catalog, writer } = this.deps;
    const there = catalog.occupant(path);
    if (there === undefined) return kind === 'deleted' && catalog.births(path) > 0;
    if (parseVersionId(there.head)?.writer === writer) return false;
    if (kind === 'deleted') return !there.isAlive;
    return there.isAlive && sha256 !== undefined && there.content === sha256 && !isOtherMode(there.mode, mode);
  }

  private async add(draft: VersionDraft, placed: PlacedVersion): Promise<VersionRecord> {
    if (placed.ended !== undefined) await this.addRow(placed.ended);
    if (draft.content !== undefined && draft.sha256 !== undefined) {
      await this.addContent(draft.sha256, draft.content, placed.lastContent);
    }
    await this.addRow(placed.row);
    return placedRecord(placed);
  }

  private async addRow(row: VersionRow): Promise<void> {
    const meta = encodeVersionRow(row);
    if (meta.length > maxMetaBytes) throw new Error(`A version row of ${meta.length} bytes`);
    await this.journal.add(recordType.version, meta, nothing);
    this.entries.push({ type: 'version', row });
  }

  async addContent(sha256: string, bytes: Uint8Array, last?: string): Promise<void> {
    const { contents } = this.deps;
    const { journal, pending } = this;
    if (pending.has(sha256) || (await this.isStored(sha256))) return;
    const encoded = await contents.encode(sha256, bytes, {
      ...(last === undefined ? {} : { last }),
      journal: journal.id,
      pending,
    });
    const { body, ...how } = encoded;
    const row = encodeContentRow({ sha256, size: bytes.length, ...how });
    const place = await journal.add(recordType.content, row, body);
    pending.set(sha256, encoded.depth);
    this.entries.push({ type: 'content', sha256, place: { ...place, depth: encoded.depth } });
  }

  /** Whether there is a copy that can be read and is not about to be dropped. */
  private async isStored(sha256: string): Promise<boolean> {
    const place = this.deps.catalog.content(sha256);
    if (place === undefined) return false;
    const isSafe = this.sharing.obstacle === undefined && (place.kind === 'segment' || !this.isSecondTry);
    const isKept = place.source === this.journal.id || isSafe;
    const isStored = isKept && (await this.deps.contents.isReadable(sha256));
    if (!isStored) this.copied.add(sha256);
    return isStored;
  }
}

/** Writes groups of drafts: first to the journal, durably, then to the catalog. */
export class VersionWriter {
  private readonly ids: VersionIds;
  private cancel: () => void = () => undefined;
  private isClosed = false;

  constructor(private readonly deps: VersionWriterDeps) {
    this.ids = new VersionIds(deps);
  }

  /**
   * Returns the versions of each list of drafts. After a rejection none of them is in the store, or the catalog has
   * failed; after {@link Overtaken} they may be, and the attempt must be repeated.
   */
  async commit(attempt: Attempt, sharing: Sharing): Promise<VersionRecord[][]> {
    const results: VersionRecord[][] = [];
    const add = async (group: Group): Promise<void> => {
      if (attempt.placed) await group.addAgain(attempt.placed.rows, attempt.contents());
      else for (const drafts of attempt.lists) results.push(await group.addAll(drafts));
    };
    await this.commitGroup(sharing, add, ({ rows }) => (attempt.placed ??= { results, rows }));
    return attempt.placed?.results ?? results;
  }

  /** Makes contents durable whose stored copies cannot be read. */
  async commitContents(contents: readonly Uint8Array[], sharing: Sharing): Promise<void> {
    await this.commitGroup(sharing, async (group) => {
      for (const bytes of contents) await group.addContent(sha256Of(bytes), bytes);
    });
  }

  private async commitGroup(
    sharing: Sharing,
    add: (group: Group) => Promise<void>,
    onOvertaken: (group: Group) => void = () => undefined,
  ): Promise<void> {
    this.assertListed();
    const journal = await this.writer();
    const { catalog } = this.deps;
    const { changes } = catalog;
    const group = new Group(this.deps, journal, sharing, this.ids);
    try {
      await add(group);
      // The places of the drafts are wrong if the catalog failed meanwhile.
      this.assertListed();
      await journal.commit();
    } catch (error) {
      await journal.undo();
      if (error instanceof Overtaken) onOvertaken(group);
      throw this.failure(error);
    }
    const hasChanged = catalog.changes !== changes;
    if (group.copied.size > 0) catalog.removeContents(group.copied);
    this.remember(group.entries, journal);
    // Another window moved files meanwhile: these entries may concern paths that they do not name.
    if (hasChanged) this.catchUp();
  }

  /** Makes an annotation durable. Rejects while another window may drop versions without reading it. */
  async commitAnnotation(annotation: Annotation, { obstacle }: Sharing): Promise<void> {
    this.assertListed();
    if (obstacle !== undefined) throw this.failure(obstacle);
    const journal = await this.writer();
    try {
      await journal.add(recordType.annotation, encodeAnnotation(annotation), nothing);
      await journal.commit();
    } catch (error) {
      await journal.undo();
      throw this.failure(error);
    }
    this.remember([{ type: 'annotation', annotation }], journal);
    // A running drop must see the annotation at once.
    this.catchUp();
  }

  close(): void {
    this.isClosed = true;
    this.cancel();
  }

  /** Defers the entries until a query needs them or nothing is recorded for a while. */
  private remember(entries: readonly CatalogEntry[], journal: JournalWriter): void {
    try {
      this.deps.catalog.defer(entries, { id: journal.id, kind: 'journal' }, journal.committed);
    } catch (error) {
      throw this.unlisted(error);
    }
    this.catchUpAfter(idleMs);
  }

  private catchUp(most?: number): boolean {
    try {
      return this.deps.catalog.catchUp(most);
    } catch (error) {
      throw this.unlisted(error);
    }
  }

  private catchUpAfter(ms: number): void {
    this.cancel();
    if (this.isClosed) return;
    this.cancel = this.deps.clock.after(ms, () => {
      try {
        if (this.catchUp(1)) this.catchUpAfter(0);
      } catch {
        // The next `commit` is rejected with the reason.
      }
    });
  }

  private unlisted(error: unknown): ObbyError {
    this.deps.log.error(error instanceof Error ? error : messageOf(error));
    return notListed(error);
  }

  private assertListed(): void {
    const { failure } = this.deps.catalog;
    if (failure !== undefined) throw notListed(failure.error);
  }

  private async writer(): Promise<JournalWriter> {
    try {
      return await this.deps.journals.writer();
    } catch (error) {
      throw this.failure(error);
    }
  }

  private failure(error: unknown): ObbyError {
    return storeFailure(error, this.deps.log, 'nothing new is recorded');
  }
}

function notListed(cause: unknown): ObbyError {
  return new ObbyError(
    'storeFailed',
    'The list of versions could not be brought up to date. Reload the window: it is rebuilt, nothing is lost.',
    { cause },
  );
}
