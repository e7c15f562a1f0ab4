import { messageOf, ObbyError } from '../../base/errors';
import type { Transfer } from '../../model/historyMaintenance';
import { ByteCache } from '../../base/byteCache';
import { isGitName } from '../../base/gitName';
import { validateDraft, type VersionRow } from '../format/versionRow';
import { memoryFile } from '../disk/pagedBytes';
import { notPortable, PortableWriter, readPortable, renumbered, type ForeignSegment } from '../segment/portableFile';
import { fill, gather, type RewriteSource, type MaintenanceDeps } from './rewrite';
import { newSourceId } from './rewriter';
import { SegmentFile, SegmentBuilder } from '../segment/segment';
import { verifiedEntries } from '../segment/readBack';
import { sha256Of } from '../../base/sha256';
import { TimeSlicer } from '../../base/timeSlicer';

/** Size of the cache for the blocks of a segment that is read, in bytes. */
const cacheBytes = 16 << 20;

/** Exports and imports histories. */
export class HistoryTransfer {
  constructor(private readonly deps: MaintenanceDeps) {}

  async exportTo(target: string, matches: (path: string) => boolean): Promise<Transfer> {
    const { catalog, files } = this.deps;
    const isMeant = this.meant(matches);
    const writer = await PortableWriter.create(files, target);
    try {
      const exported = { versions: new Set<string>(), files: new Set<string>(), contents: new Set<string>() };
      for (const [id, { kind }] of catalog.sources()) await this.exportSource(writer, { id, kind }, isMeant, exported);
      const bytes = await writer.finish();
      return { versions: exported.versions.size, files: exported.files.size, bytes, known: 0 };
    } catch (error) {
      await writer.giveUp();
      throw error instanceof ObbyError ? error : notWritten(target, error);
    }
  }

  async importFrom(source: string): Promise<Transfer> {
    const { files, intake, publish, clock } = this.deps;
    const sums = { versions: 0, known: 0, bytes: (await files.stat(source))?.size ?? 0 };
    const paths = new Set<string>();
    // The whole file is checked before anything is written, and then read again, so that one segment is in memory at a time.
    const digests: string[] = [];
    for await (const bytes of readPortable(files, source)) {
      await this.opened(source, bytes, async (segment) => assertEntries(segment, this.deps));
      digests.push(sha256Of(bytes));
    }
    for await (const bytes of readPortable(files, source)) {
      if (digests.shift() !== sha256Of(bytes)) throw changed(source);
      const foreign = await this.opened(source, bytes, (segment) => Promise.resolve(foreignOf(segment)));
      const { rows } = foreign;
      const known = new Set(rows.filter(({ id }) => this.deps.queries.version(id) !== undefined).map(({ id }) => id));
      sums.known += known.size;
      if (known.size === rows.length) continue;
      const id = newSourceId(clock);
      await publish(id, renumbered(this.deps, foreign, id, known));
      await intake.run([id]);
      sums.versions += rows.length - known.size;
      for (const row of rows) if (!known.has(row.id)) paths.add(row.path);
    }
    return { ...sums, files: paths.size };
  }

  /** Whether a row belongs to a file whose present or last path matches. */
  private meant(matches: (path: string) => boolean): (row: VersionRow) => boolean {
    const files = new Set<string>();
    for (const { born, nth, path } of this.deps.walk.files()) if (matches(path)) files.add(`${nth} ${born}`);
    return ({ file }) => files.has(`${file.generation} ${file.originPath}`);
  }

  private async exportSource(
    writer: PortableWriter,
    source: RewriteSource,
    isMeant: (row: VersionRow) => boolean,
    exported: { readonly versions: Set<string>; readonly files: Set<string>; readonly contents: Set<string> },
  ): Promise<void> {
    const gathered = await gather(this.deps, [source]);
    const rows = gathered.rows.filter((row) => isMeant(row) && !exported.versions.has(row.id));
    if (rows.length === 0) return;
    const hashes = rows.flatMap(({ sha256, unstored }) => (sha256 === undefined || unstored ? [] : [sha256]));
    const contents = new Set(hashes.filter((sha256) => !exported.contents.has(sha256)));
    const ids = new Set(rows.map(({ id }) => id));
    // Pins and labels of these versions may be in another source.
    const isFirst = exported.versions.size === 0;
    const annotations = [...this.deps.walk.annotations()].filter((annotation) =>
      annotation.type === 'label' ? isFirst : ids.has(annotation.version),
    );
    const { sql, codec, clock } = this.deps;
    const builder = new SegmentBuilder(sql, codec);
    try {
      await fill(builder, this.deps, { rows, contents, annotations });
      await writer.add(builder.finish({ id: newSourceId(clock), made: clock.now(), replaces: [], forgets: false }));
    } finally {
      builder.close();
    }
    for (const { id, file } of rows) {
      exported.versions.add(id);
      exported.files.add(`${file.generation} ${file.originPath}`);
    }
    for (const sha256 of contents) exported.contents.add(sha256);
  }

  /** Opens a segment of a portable file; rejects when it is damaged or `use` fails. */
  private async opened<T>(source: string, bytes: Buffer, use: (segment: SegmentFile) => Promise<T>): Promise<T> {
    const { sql, codec } = this.deps;
    let segment: SegmentFile | undefined;
    try {
      segment = SegmentFile.openForeign({ sql, codec, blocks: new ByteCache(cacheBytes) }, memoryFile(bytes));
      const damage = segment.check();
      if (damage !== undefined) throw new Error(damage);
      return await use(segment);
    } catch (error) {
      this.deps.stop.throwIfAborted();
      throw notPortable(source, messageOf(error));
    } finally {
      segment?.close();
    }
  }
}

/** Throws when a version is invalid or a content does not match its hash. */
async function assertEntries(segment: SegmentFile, { codec, stop }: MaintenanceDeps): Promise<void> {
  for await (const entry of verifiedEntries(segment, codec, new TimeSlicer(stop))) {
    if (entry.type === 'version') assertSound(entry.row);
  }
}

function foreignOf(segment: SegmentFile): ForeignSegment {
  const rows = [...segment.entries()].flatMap((entry) => (entry.type === 'version' ? [entry.row] : []));
  return { database: segment.database(), rows };
}

function changed(source: string): ObbyError {
  return new ObbyError(
    'changedWhileRead',
    `${source} was changed while it was imported: a part of it may be missing. Import it again.`,
  );
}

/** A restore would write a path that leads out of the folder there. */
function assertSound(row: VersionRow): void {
  for (const path of [row.path, row.file.originPath, row.renamedFrom ?? row.path]) {
    const names = path.split('/');
    const isInside = names.every((name) => name !== '' && name !== '.' && name !== '..');
    if (names.some(isGitName)) throw new Error(`${JSON.stringify(path)} is a path of git's own files`);
    if (!isInside || /[\\:]/.test(path.slice(0, 3)) || path.includes('\\')) {
      throw new Error(`${JSON.stringify(path)} is no path inside a folder`);
    }
  }
  const flaw = validateDraft(row);
  if (flaw !== undefined) throw new Error(`of a version of ${row.path}, ${flaw}`);
}

function notWritten(target: string, error: unknown): ObbyError {
  return new ObbyError('unreadable', `${target} could not be written: ${messageOf(error)}.`, { cause: error });
}
