import { extname } from 'node:path/posix';
import type { SqlJsStatic } from 'sql.js';
import { messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { Catalog } from '../catalog/catalog';
import type { CatalogEntry, SourceKind } from '../catalog/catalogBatch';
import type { CatalogWalk } from '../catalog/catalogWalk';
import type { Codec, DeltaBase } from '../format/codec';
import type { Contents } from '../versions/contents';
import { entryOf, scanJournal } from '../journal/journalScan';
import { headerBytes, saltOf } from '../journal/journalFormat';
import type { JournalSet } from '../journal/journalSet';
import type { Annotation } from '../format/annotation';
import type { SegmentBuilder } from '../segment/segment';
import type { LineIndexes } from '../search/lineIndexes';
import type { SegmentSet } from '../segment/segmentSet';
import { timeOfId } from '../format/versionKey';
import { TimeSlicer } from '../../base/timeSlicer';
import type { VersionRow } from '../format/versionRow';
import type { CatalogQueries } from '../catalog/catalogQueries';
import type { CatalogSaver } from '../catalog/catalogFile';
import type { StoreProblem } from '../../model/historyStore';
import type { Owners } from '../sync/owners';
import type { Clock } from '../../base/clock';
import type { FilePort } from '../disk/filePort';
import type { SegmentIntake } from '../sync/segmentIntake';
import type { Ownership } from '../sync/ownership';
import type { StoreSizes } from '../format/storeFormat';

/** A journal or segment to be rewritten. */
export interface RewriteSource {
  readonly id: string;
  readonly kind: SourceKind;
}

/** What all parts of maintenance use. */
export interface MaintenanceDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly ownership: Ownership;
  /** Makes a segment durable under its name; rejects when another window has taken over. */
  readonly publish: (id: string, bytes: Uint8Array) => Promise<void>;
  readonly intake: SegmentIntake;
  /** Runs work while no window records, and the catalog has everything recorded. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  readonly sql: SqlJsStatic;
  readonly codec: Codec;
  readonly catalog: Catalog;
  readonly walk: CatalogWalk;
  readonly contents: Contents;
  readonly journals: JournalSet;
  readonly segments: SegmentSet;
  readonly log: Log;
  /** Aborts long work when the store is closed. */
  readonly stop: AbortSignal;
  readonly sizes: StoreSizes;
  readonly queries: CatalogQueries;
  readonly saver: CatalogSaver;
  readonly report: (problem: StoreProblem) => void;
  readonly owners: Owners;
  readonly lineIndexes: Pick<LineIndexes, 'step' | 'removeAll'>;
  /** Runs work while this window does not record; others may. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Why nothing may be written; absent when it may. */
  readonly readOnly?: string;
  /** Brings the catalog up to date with the folder. */
  readonly refresh: () => Promise<void>;
}

/** The entries of some sources. */
export interface Gathered {
  /** By time. */
  readonly rows: readonly VersionRow[];
  /** Contents whose copy in these sources is the one in the catalog. */
  readonly contents: ReadonlySet<string>;
  readonly annotations: readonly Annotation[];
  /** Bytes of the journals among them when they were read. */
  readonly journalBytes: ReadonlyMap<string, number>;
}

/**
 * A source that cannot be read completely: it is not rewritten, since what cannot be read would be lost. A check sets it
 * aside first, so that the damaged file stays.
 */
export class UnreadableSource extends ObbyError {
  constructor(
    readonly source: string,
    readonly file: string,
    cause: unknown,
  ) {
    super(
      'storeFailed',
      `${file} cannot be read as a whole (${messageOf(cause)}). Run “Obby: Check History” to keep what is left of it, then try again.`,
      { cause },
    );
  }
}

/** Reads all entries of sources; of damaged ones that are set aside, as far as possible. */
export async function gather(parts: MaintenanceDeps, sources: readonly RewriteSource[]): Promise<Gathered> {
  const rows = new Map<string, VersionRow>();
  const contents = new Set<string>();
  const annotations: Annotation[] = [];
  const journalBytes = new Map<string, number>();
  for (const source of sources) {
    if (source.kind === 'journal') journalBytes.set(source.id, await parts.journals.sizeOf(source.id));
    await eachEntry(parts, source, (entry) => {
      if (entry.type === 'version') rows.set(entry.row.id, entry.row);
      else if (entry.type === 'annotation') annotations.push(entry.annotation);
      else if (counts(parts, source, entry)) contents.add(entry.sha256);
    });
  }
  return { rows: [...rows.values()].sort(inOrderOfIds), contents, annotations, journalBytes };
}

/** Whether the catalog uses this source's copy of a content. If it has none, it uses this one from now on. */
function counts({ catalog }: MaintenanceDeps, { id, kind }: RewriteSource, entry: ContentEntry): boolean {
  const known = catalog.content(entry.sha256);
  if (known !== undefined) return known.source === id;
  catalog.apply([entry], { id, kind }, catalog.readTo(id));
  return catalog.content(entry.sha256)?.source === id;
}

type ContentEntry = Extract<CatalogEntry, { readonly type: 'content' }>;

/** By time; of one writer, in the order of sequences: among its ids of one time, the longer one is the later one. */
function inOrderOfIds(a: VersionRow, b: VersionRow): number {
  return timeOfId(a.id) - timeOfId(b.id) || a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

/**
 * Calls back for each entry; throws {@link UnreadableSource} when one cannot be read. A source that is set aside as
 * damaged gives what can be read, and what the catalog still has of it.
 */
export async function eachEntry(
  parts: MaintenanceDeps,
  source: RewriteSource,
  onEntry: (entry: CatalogEntry) => void,
): Promise<void> {
  const { journals, segments, walk, log, stop } = parts;
  const { id, kind } = source;
  const slices = new TimeSlicer(stop);
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
      const { damage } = await scanJournal(file, range, (record) => {
        const entry = entryOf(record);
        if (entry !== undefined && entry !== 'other') onEntry(entry);
      });
      if (damage.length > 0) throw new Error(`damaged from byte ${damage[0]?.from ?? 0} on`);
    });
  } catch (error) {
    stop.throwIfAborted();
    if (!isSetAside(parts, source)) throw new UnreadableSource(id, fileNameOf(parts, source), error);
    log.warn(`${id} was read in part only: ${messageOf(error)}`);
    for (const row of walk.rows(id)) onEntry({ type: 'version', row });
    for (const sha256 of walk.contents(id))
      onEntry({ type: 'content', sha256, place: { position: 0, length: 0, depth: 0 } });
    for (const annotation of walk.annotations()) onEntry({ type: 'annotation', annotation });
  }
}

/**
 * Adds contents to a builder, file by file, sorted by file extension, so that the base of a content is the one before it,
 * and first versions share blocks with similar ones; then the versions, which are sorted by time.
 */
export async function fill(
  builder: SegmentBuilder,
  parts: MaintenanceDeps,
  { rows, contents, annotations }: Omit<Gathered, 'journalBytes'>,
): Promise<void> {
  const slices = new TimeSlicer(parts.stop);
  const left = new Set(contents);
  for (const versions of inOrder(rows)) {
    let last: DeltaBase | undefined;
    for (const row of versions) {
      const { sha256 } = row;
      if (sha256 !== undefined && row.unstored === undefined) {
        if (left.delete(sha256)) await add(builder, parts, sha256, last);
        last = (await baseOf(builder, parts, sha256)) ?? last;
      }
      await slices.pause();
    }
  }
  // Contents of versions in other sources.
  for (const sha256 of left) await add(builder, parts, sha256, undefined);
  await builder.addVersions(rows, () => slices.pause());
  for (const annotation of newest(annotations)) builder.addAnnotation(annotation);
}

export function isSetAside({ journals, segments }: MaintenanceDeps, { id, kind }: RewriteSource): boolean {
  return kind === 'segment' ? segments.isSetAside(id) : journals.isSetAside(id);
}

function fileNameOf({ journals, segments }: MaintenanceDeps, { id, kind }: RewriteSource): string {
  return kind === 'segment' ? segments.fileName(id) : journals.fileName(id);
}

async function add(
  builder: SegmentBuilder,
  parts: MaintenanceDeps,
  sha256: string,
  last: DeltaBase | undefined,
): Promise<void> {
  const bytes = await readOrLost(parts, sha256);
  if (bytes !== undefined) builder.addContent(sha256, bytes, last);
}

/** A content; undefined when it is lost, in a source that is set aside as damaged. */
export async function readOrLost(parts: MaintenanceDeps, sha256: string): Promise<Uint8Array | undefined> {
  try {
    return await parts.contents.read(sha256);
  } catch (error) {
    const place = parts.catalog.content(sha256);
    const source = place && { id: place.source, kind: place.kind };
    if (source !== undefined && !isSetAside(parts, source)) {
      throw new UnreadableSource(source.id, fileNameOf(parts, source), error);
    }
    // It would be lost for good: a second read may succeed.
    const again = await parts.contents.read(sha256).catch(() => undefined);
    if (again === undefined) parts.log.warn(`A content is lost: ${messageOf(error)}`);
    return again;
  }
}

/** The base for the next content of a file: this one, if it is in the same segment. */
async function baseOf(
  builder: SegmentBuilder,
  { contents }: MaintenanceDeps,
  sha256: string,
): Promise<DeltaBase | undefined> {
  const placed = builder.content(sha256);
  return placed && { sha256, depth: placed.depth, bytes: await contents.read(sha256) };
}

/** Versions by file, oldest first; files by extension, then by path. */
function inOrder(rows: readonly VersionRow[]): VersionRow[][] {
  const files = new Map<string, VersionRow[]>();
  for (const row of rows) {
    const key = `${extname(row.file.originPath)} ${row.file.originPath} ${row.file.generation}`;
    const file = files.get(key);
    if (file === undefined) files.set(key, [row]);
    else file.push(row);
  }
  return [...files.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, versions]) => versions);
}

/** The last annotation of each label and version. */
function newest(annotations: readonly Annotation[]): Annotation[] {
  const last = new Map<string, Annotation>();
  for (const annotation of [...annotations].sort((a, b) => a.at - b.at)) {
    last.set(annotation.type === 'label' ? `label ${annotation.id}` : `pin ${annotation.version}`, annotation);
  }
  return [...last.values()];
}
