import { errnoOf, messageOf, ObbyError } from '../model/errors';
import type { Log } from '../model/log';
import type { VersionRecord } from '../model/version';
import type { Catalog, CatalogEntry } from './catalog';
import { encodeContentRow } from './contentRow';
import type { Contents } from './contents';
import type { VersionDraft } from './contract';
import { recordType } from './journalFormat';
import type { JournalSet } from './journalSet';
import type { JournalWriter } from './journalWriter';
import { Lineage, type Placed } from './lineage';
import { encodeVersionRow, type VersionRow } from './versionRow';

const nothing = new Uint8Array(0);

export interface RecordingParts {
  readonly catalog: Catalog;
  readonly contents: Contents;
  readonly journals: JournalSet;
  readonly log: Log;
  /** The part of version ids that is this store's own. */
  readonly writer: string;
}

/** One group of drafts on its way into the journal. */
class Group {
  readonly entries: CatalogEntry[] = [];
  /** Depths of contents that this group writes, by hash. */
  private readonly pending = new Map<string, number>();
  private readonly lineage: Lineage;

  constructor(
    private readonly parts: RecordingParts,
    private readonly journal: JournalWriter,
  ) {
    this.lineage = new Lineage(parts.catalog, parts.writer, parts.catalog.nextSequence(parts.writer));
  }

  async add(draft: VersionDraft): Promise<VersionRecord> {
    const placed = this.lineage.place(draft);
    if (placed.ended !== undefined) await this.addRow(placed.ended);
    if (draft.content !== undefined && draft.sha256 !== undefined) {
      await this.addContent(draft.sha256, draft.content, placed.lastContent);
    }
    await this.addRow(placed.row);
    return recordOf(placed);
  }

  private async addRow(row: VersionRow): Promise<void> {
    await this.journal.add(recordType.version, encodeVersionRow(row), nothing);
    this.entries.push({ type: 'version', row });
  }

  private async addContent(sha256: string, bytes: Uint8Array, last: string | undefined): Promise<void> {
    const { catalog, contents } = this.parts;
    const { journal, pending } = this;
    if (pending.has(sha256) || catalog.content(sha256) !== undefined) return;
    const encoded = await contents.encode(sha256, bytes, {
      ...(last === undefined ? {} : { last }),
      journal: journal.id,
      pending,
    });
    const { body, ...how } = encoded;
    const row = { sha256, size: bytes.length, ...how };
    const place = await journal.add(recordType.content, encodeContentRow(row), body);
    pending.set(sha256, encoded.depth);
    this.entries.push({ type: 'content', row, journal: journal.id, place });
  }
}

function recordOf({ row, previous }: Placed): VersionRecord {
  const { file: _file, stamp: _stamp, ...version } = row;
  return { ...version, pinned: false, ...(previous === undefined ? {} : { previous }) };
}

/** Writes groups of drafts: first to the journal, durably, then to the catalog. */
export class Recording {
  constructor(private readonly parts: RecordingParts) {}

  /** The versions of each list of drafts. After a rejection none of them is in the store. */
  async commit(lists: readonly (readonly VersionDraft[])[]): Promise<VersionRecord[][]> {
    const journal = await this.writer();
    try {
      const group = new Group(this.parts, journal);
      const results: VersionRecord[][] = [];
      for (const drafts of lists) {
        const versions: VersionRecord[] = [];
        for (const draft of drafts) versions.push(await group.add(draft));
        results.push(versions);
      }
      await journal.commit();
      this.parts.catalog.apply(group.entries, journal.id, journal.committed);
      return results;
    } catch (error) {
      await journal.undo();
      throw this.failure(error);
    }
  }

  private async writer(): Promise<JournalWriter> {
    try {
      return await this.parts.journals.writer();
    } catch (error) {
      throw this.failure(error);
    }
  }

  private failure(error: unknown): ObbyError {
    if (error instanceof ObbyError) return error;
    this.parts.log.error(error instanceof Error ? error : messageOf(error));
    const errno = errnoOf(error);
    if (errno === 'ENOSPC' || errno === 'EDQUOT') {
      return new ObbyError(
        'diskFull',
        'The disk that holds the history is full: nothing new is recorded. Make room; what was recorded before is safe.',
        { cause: error },
      );
    }
    return new ObbyError(
      'storeFailed',
      `The history cannot be written (${messageOf(error)}): nothing new is recorded. Check the disk and its permissions.`,
      { cause: error },
    );
  }
}
