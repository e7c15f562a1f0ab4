import type { Clock } from '../../base/clock';
import { ObbyError } from '../../base/errors';
import {
  fill,
  gather,
  isSetAside,
  UnreadableSource,
  type Gathered,
  type RewriteSource,
  type MaintenanceDeps,
} from './rewrite';
import { NotReadBack, readBack } from '../segment/readBack';
import { SegmentBuilder } from '../segment/segment';
import { TimeSlicer } from '../../base/timeSlicer';
import { randomName } from '../format/versionKey';
import type { Annotation } from '../format/annotation';
import type { VersionRow } from '../format/versionRow';

/** Maps a version when its source is rewritten: it stays, is changed, or is left out. */
type VersionRewrite = (row: VersionRow) => VersionRow | undefined;

export interface RewriteOptions {
  /** Default: all versions stay. */
  readonly change?: VersionRewrite;
  /** What annotations become; default: they stay as they are. */
  readonly annotate?: (annotation: Annotation) => Annotation;
  /** Contents that are removed although versions refer to them. */
  readonly forgotten?: ReadonlySet<string>;
  /** Called last, while no window records: false cancels the rewrite. */
  readonly isStillMeant?: () => boolean;
}

const nothing: ReadonlySet<string> = new Set();

/** If a version comes to refer to a dropped content, the rewrite starts over, this often at most. */
const maxTries = 5;

/**
 * The only operation that changes stored data: it rewrites some sources as one segment that replaces them. Sealing,
 * merging, dropping, forgetting and repairing are all this. The new segment names what it replaces, and is durable under
 * its name before anything is removed: after any interruption, one of both is whole.
 */
export class Rewriter {
  constructor(private readonly deps: MaintenanceDeps) {}

  /** Returns false when something to be dropped is needed after all, or a source was still written to. */
  async rewrite(
    sources: readonly RewriteSource[],
    { change, annotate = (same) => same, forgotten, isStillMeant = () => true }: RewriteOptions = {},
  ): Promise<boolean> {
    const gathered = await gather(this.deps, sources);
    if (change === undefined) {
      return this.replace(sources, gathered, nothing, undefined);
    }
    const rows = gathered.rows.flatMap((row) => change(row) ?? []);
    const annotations = gathered.annotations.map(annotate);
    for (let tries = 0; tries < maxTries && isStillMeant(); tries++) {
      const dropped = await this.unused(sources, gathered, rows, forgotten);
      const contents = new Set([...gathered.contents].filter((sha256) => !dropped.has(sha256)));
      const wanted = { ...gathered, rows, contents, annotations };
      if (await this.replace(sources, wanted, dropped, forgotten, isStillMeant)) return true;
    }
    return false;
  }

  /** Returns false when something to be dropped is needed after all, or a source has grown. */
  private async replace(
    sources: readonly RewriteSource[],
    gathered: Gathered,
    dropped: ReadonlySet<string>,
    forgotten: ReadonlySet<string> | undefined,
    isStillMeant?: () => boolean,
  ): Promise<boolean> {
    const { segments, intake } = this.deps;
    const id = newSourceId(this.deps.clock);
    const bytes = await this.build(id, sources, gathered, forgotten !== undefined);
    const isDone = await this.exclusivelyIf(isStillMeant !== undefined, async () => {
      if (isStillMeant?.() === false || (await this.isNeeded(sources, dropped, forgotten))) return false;
      if (await this.haveGrown(gathered)) return false;
      await this.deps.publish(id, bytes);
      this.deps.catalog.removeContents(dropped);
      return true;
    });
    if (!isDone) return false;
    if ((await intake.run([id])).length > 0) {
      // The sources count again.
      await gather(this.deps, sources);
      throw notReadBack(segments.fileName(id));
    }
    for (const source of sources) await intake.takeOut(source.id);
    await this.removeFiles(sources, forgotten !== undefined);
    if (isEmpty(gathered)) await this.removeEmpty(id, sources);
    return true;
  }

  /** An empty segment is only needed while files that it replaces exist. */
  private async removeEmpty(id: string, sources: readonly RewriteSource[]): Promise<void> {
    const left = await this.idsInFolder();
    if (sources.some((source) => left.has(source.id))) return;
    await this.deps.segments.remove(id);
    await this.deps.intake.takeOut(id);
  }

  private exclusivelyIf<T>(isNeeded: boolean, work: () => Promise<T>): Promise<T> {
    return isNeeded ? this.deps.exclusively(work) : work();
  }

  private async build(
    id: string,
    sources: readonly RewriteSource[],
    gathered: Gathered,
    forgets: boolean,
  ): Promise<Uint8Array> {
    const { sql, codec, clock } = this.deps;
    const builder = new SegmentBuilder(sql, codec);
    try {
      await fill(builder, this.deps, gathered);
      const replaces = [...sources.map((source) => source.id), ...(await this.stillReplaced(sources))];
      const contents = [...gathered.contents].filter((sha256) => builder.content(sha256) !== undefined);
      const bytes = builder.finish({ id, made: clock.now(), replaces, forgets });
      await readBack(this.deps, bytes, { id, contents, versions: gathered.rows.length });
      return bytes;
    } catch (error) {
      throw error instanceof NotReadBack ? notReadBack(this.deps.segments.fileName(id), error) : error;
    } finally {
      builder.close();
    }
  }

  /** Files that these segments replaced and that still exist: they were set aside, or could not be removed. */
  private async stillReplaced(sources: readonly RewriteSource[]): Promise<string[]> {
    const { segments } = this.deps;
    const replaced = sources.flatMap(({ id, kind }) => (kind === 'segment' ? segments.replacedBy(id) : []));
    const left = await this.idsInFolder();
    return [...new Set(replaced)].filter((id) => left.has(id));
  }

  private async idsInFolder(): Promise<ReadonlySet<string>> {
    const names = await this.deps.files.list(this.deps.dir);
    return new Set(names.filter(isSourceName).map((name) => name.slice(0, name.indexOf('.'))));
  }

  /** Contents of the sources without a version after the rewrite. */
  private async unused(
    sources: readonly RewriteSource[],
    { contents }: Gathered,
    rows: readonly VersionRow[],
    forgotten: ReadonlySet<string> | undefined,
  ): Promise<ReadonlySet<string>> {
    const used = new Set(rows.flatMap(({ sha256, unstored }) => (unstored === undefined ? (sha256 ?? []) : [])));
    const candidates = [...contents].filter((sha256) => !used.has(sha256));
    const elsewhere = await this.referredTo(candidates, sources);
    return new Set(candidates.filter((sha256) => forgotten?.has(sha256) === true || !elsewhere.has(sha256)));
  }

  /** Whether a window that was taken for dead still wrote to a journal. */
  private async haveGrown({ journalBytes }: Gathered): Promise<boolean> {
    for (const [id, bytes] of journalBytes) if ((await this.deps.journals.sizeOf(id)) !== bytes) return true;
    return false;
  }

  private async isNeeded(
    sources: readonly RewriteSource[],
    dropped: ReadonlySet<string>,
    forgotten: ReadonlySet<string> | undefined,
  ): Promise<boolean> {
    const candidates = [...dropped].filter((sha256) => forgotten?.has(sha256) !== true);
    return (await this.referredTo(candidates, sources)).size > 0;
  }

  /** Those of the contents that versions of other sources have. */
  private async referredTo(
    candidates: readonly string[],
    sources: readonly RewriteSource[],
  ): Promise<ReadonlySet<string>> {
    const { walk, stop } = this.deps;
    const slices = new TimeSlicer(stop);
    const found = new Set<string>();
    if (candidates.length === 0) return found;
    const keys = walk.keysOf(candidates);
    for (const key of walk.contentsReferredTo(sources.map(({ id }) => id))) {
      const sha256 = key === undefined ? undefined : keys.get(key);
      if (sha256 !== undefined) found.add(sha256);
      await slices.pause();
    }
    return found;
  }

  /** Removes replaced files that an interrupted rewrite left; when forgetting, also those set aside as damaged. */
  async sweep(isForgetting = false): Promise<void> {
    const { catalog, dir, files, journals, segments } = this.deps;
    const names = await files.list(dir);
    const listed = [
      ...(await journals.refresh(names)).map(({ id }): RewriteSource => ({ id, kind: 'journal' })),
      ...segments.refresh(names).map((id): RewriteSource => ({ id, kind: 'segment' })),
    ].filter((source) => catalog.isReplaced(source.id) && (isForgetting || !isSetAside(this.deps, source)));
    for (const source of listed) await this.remove(source);
    if (listed.length > 0) await files.syncDir(dir);
  }

  private async remove({ id, kind }: RewriteSource): Promise<void> {
    const { journals, segments } = this.deps;
    await (kind === 'segment' ? segments.remove(id) : journals.remove(id));
  }

  /** Files set aside as damaged stay, since more of them may be readable by other means; not when forgetting. */
  private async removeFiles(sources: readonly RewriteSource[], isForgotten: boolean): Promise<void> {
    const { dir, files, journals } = this.deps;
    await journals.refresh();
    for (const source of sources) {
      if (isForgotten || !isSetAside(this.deps, source)) await this.remove(source);
    }
    // Dropped or forgotten versions must not come back after a power cut.
    await files.syncDir(dir);
  }
}

function isEmpty({ rows, contents, annotations }: Gathered): boolean {
  return rows.length === 0 && contents.size === 0 && annotations.length === 0;
}

function isSourceName(name: string): boolean {
  return name.endsWith('.segment') || name.endsWith('.journal');
}

function notReadBack(fileName: string, cause?: unknown): ObbyError {
  return new ObbyError('storeFailed', `${fileName} was written but could not be read back: nothing was removed.`, {
    cause,
  });
}

/** Sorts by time. */
export function newSourceId(clock: Clock): string {
  return clock.now().toString(36).padStart(9, '0').slice(-10) + randomName(6);
}

/** A segment, its bytes on disk and the number of its entries. */
export interface SizedSegment {
  readonly id: string;
  readonly bytes: number;
  readonly entries: number;
}

/** The files that maintenance may rewrite: all but those that were found unreadable since the last check. */
export class RewritableSources {
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly deps: MaintenanceDeps,
    private readonly rewriter: Rewriter,
  ) {}

  /** Journals that no window appends to any more. */
  finishedJournals(): RewriteSource[] {
    const finished = this.deps.journals.finished();
    return finished.flatMap(({ id }) => (this.unreadable.has(id) ? [] : [{ id, kind: 'journal' }]));
  }

  /** Oldest first. */
  async segments(): Promise<SizedSegment[]> {
    const { files, segments, catalog } = this.deps;
    const sizes: SizedSegment[] = [];
    for (const { id, entries } of catalog.segments()) {
      if (segments.isSetAside(id) || this.unreadable.has(id)) continue;
      sizes.push({ id, entries, bytes: (await files.stat(segments.pathOf(id)))?.size ?? 0 });
    }
    return sizes;
  }

  /** Bytes on disk of the whole store, or of some of its files. */
  async totalBytes(isMeant: (fileName: string) => boolean = () => true): Promise<number> {
    const { files, dir } = this.deps;
    const names = (await files.list(dir)).filter(isMeant);
    const infos = await Promise.all(names.map((name) => files.stat(`${dir}/${name}`)));
    return infos.reduce((sum, info) => sum + (info?.size ?? 0), 0);
  }

  /** Rewrites sources; reports and skips one that is unreadable. */
  async rewrite(sources: readonly RewriteSource[], options?: RewriteOptions): Promise<boolean> {
    try {
      return await this.rewriter.rewrite(sources, options);
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      this.unreadable.add(error.source);
      this.deps.report({ file: error.file, message: error.message });
      return false;
    }
  }

  /** After a check, unreadable files are tried again. */
  tryAllAgain(): void {
    this.unreadable.clear();
  }
}
