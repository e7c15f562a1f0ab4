import { extname } from 'node:path/posix';
import type { SqlJsStatic } from 'sql.js';
import { messageOf } from '../model/errors';
import type { Log } from '../model/log';
import type { Catalog } from './catalog';
import type { CatalogEntry, SourceKind } from './catalogBatch';
import type { CatalogWalk } from './catalogWalk';
import type { Codec, DeltaBase } from './codec';
import type { Contents } from './contents';
import { entryOf } from './journalEntry';
import { headerBytes, saltOf } from './journalFormat';
import { scanJournal } from './journalScan';
import type { JournalSet } from './journalSet';
import type { Mark } from './mark';
import type { SegmentBuilder } from './segmentBuilder';
import type { SegmentSet } from './segmentSet';
import { Slices } from './slices';
import type { VersionRow } from './versionRow';

/** A journal or segment that is to be written anew. */
export interface RewriteSource {
  readonly id: string;
  readonly kind: SourceKind;
}

export interface RewriteParts {
  readonly sql: SqlJsStatic;
  readonly codec: Codec;
  readonly catalog: Catalog;
  readonly walk: CatalogWalk;
  readonly contents: Contents;
  readonly journals: JournalSet;
  readonly segments: SegmentSet;
  readonly log: Log;
  /** Ends long work when the store is closed. */
  readonly stop: AbortSignal;
}

/** What some sources hold, as the catalog knows it. */
export interface Gathered {
  readonly rows: readonly VersionRow[];
  /** Contents for which these sources are the ones that count. */
  readonly contents: ReadonlySet<string>;
  readonly marks: readonly Mark[];
}

/** Reads what sources say; what is damaged is left out, which whoever opened them has reported. */
export async function gather(parts: RewriteParts, sources: readonly RewriteSource[]): Promise<Gathered> {
  const rows = new Map<string, VersionRow>();
  const contents = new Set<string>();
  const marks: Mark[] = [];
  for (const source of sources) {
    await eachEntry(parts, source, (entry) => {
      if (entry.type === 'version') rows.set(entry.row.id, entry.row);
      else if (entry.type === 'mark') marks.push(entry.mark);
      else if (parts.catalog.content(entry.sha256)?.source === source.id) contents.add(entry.sha256);
    });
  }
  return { rows: [...rows.values()].sort(byId), contents, marks };
}

/** The same as order of time: ids begin with it. */
export function byId(a: VersionRow, b: VersionRow): number {
  return a.time - b.time || (a.id < b.id ? -1 : 1);
}

/** Calls for each entry that can be read; where a segment is damaged, the catalog may know its versions still. */
export async function eachEntry(
  { journals, segments, walk, log }: RewriteParts,
  { id, kind }: RewriteSource,
  onEntry: (entry: CatalogEntry) => void,
): Promise<void> {
  const slices = new Slices();
  try {
    if (kind === 'segment') {
      await segments.use(id, async (segment) => {
        for (const entry of segment.entries()) {
          onEntry(entry);
          await slices.pause();
        }
      });
      return;
    }
    await journals.use(id, async (file) => {
      const range = { from: headerBytes, size: await journals.sizeOf(id), salt: saltOf(id), isGrowing: false };
      await scanJournal(file, range, (record) => {
        const entry = entryOf(record);
        if (entry !== undefined && entry !== 'other') onEntry(entry);
      });
    });
  } catch (error) {
    log.warn(`${id} was read in part only: ${messageOf(error)}`);
    for (const row of walk.rows(id)) onEntry({ type: 'version', row });
    for (const sha256 of walk.contents(id))
      onEntry({ type: 'content', sha256, place: { position: 0, length: 0, depth: 0 } });
  }
}

/**
 * Puts versions and the contents wanted into a builder: file by file, files of one kind side by side, so that each
 * content stands on the one before it and first ones share blocks with their like.
 */
export async function fill(
  builder: SegmentBuilder,
  parts: RewriteParts,
  { rows, contents, marks }: Gathered,
): Promise<void> {
  const slices = new Slices();
  const left = new Set(contents);
  for (const versions of inOrder(rows)) {
    let last: DeltaBase | undefined;
    for (const row of versions) {
      const { sha256 } = row;
      if (sha256 !== undefined && row.unstored === undefined) {
        if (left.delete(sha256)) await add(builder, parts, sha256, last);
        last = (await baseOf(builder, parts, sha256)) ?? last;
      }
      builder.addVersion(row);
      parts.stop.throwIfAborted();
      await slices.pause();
    }
  }
  // What versions in other files of the store refer to.
  for (const sha256 of left) await add(builder, parts, sha256, undefined);
  for (const mark of newest(marks)) builder.addMark(mark);
}

async function add(
  builder: SegmentBuilder,
  { contents, log }: RewriteParts,
  sha256: string,
  last: DeltaBase | undefined,
): Promise<void> {
  try {
    builder.addContent(sha256, await contents.read(sha256), last);
  } catch (error) {
    log.warn(`A content is lost: ${messageOf(error)}`);
  }
}

/** A content of this segment for the next one to stand on; the last reads of it are still in memory. */
async function baseOf(
  builder: SegmentBuilder,
  { contents }: RewriteParts,
  sha256: string,
): Promise<DeltaBase | undefined> {
  const placed = builder.content(sha256);
  return placed && { sha256, depth: placed.depth, bytes: await contents.read(sha256) };
}

/** Versions by file, oldest first; files by extension, then by path. */
function inOrder(rows: readonly VersionRow[]): VersionRow[][] {
  const files = new Map<string, VersionRow[]>();
  for (const row of rows) {
    const key = `${extname(row.file.born)} ${row.file.born} ${row.file.nth}`;
    const file = files.get(key);
    if (file === undefined) files.set(key, [row]);
    else file.push(row);
  }
  return [...files.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, versions]) => versions);
}

/** Of marks about the same, the last. */
function newest(marks: readonly Mark[]): Mark[] {
  const last = new Map<string, Mark>();
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    last.set(mark.type === 'label' ? `label ${mark.id}` : `pin ${mark.version}`, mark);
  }
  return [...last.values()];
}
