import { messageOf } from '../../base/errors';
import type { Log } from '../../base/log';
import { TimeSlicer } from '../../base/timeSlicer';
import type { Catalog } from '../catalog/catalog';
import type { CatalogWalk } from '../catalog/catalogWalk';
import { readWhole, replaceStoreFile, type FilePort } from '../disk/filePort';
import type { StoreSizes } from '../format/storeFormat';
import type { Zstd } from '../format/zstd';
import { lineIndexName, type SegmentSet } from '../segment/segmentSet';
import type { Ownership } from '../sync/ownership';
import type { Contents } from '../versions/contents';
import { LineIndexBuilder } from './lineIndexBuilder';
import { decodeLineIndex, encodeLineIndex, type LineIndex } from './lineIndexFormat';

export interface LineIndexesDeps {
  readonly dir: string;
  readonly files: FilePort;
  readonly log: Log;
  readonly zstd: Zstd;
  readonly catalog: Catalog;
  readonly walk: CatalogWalk;
  readonly segments: SegmentSet;
  readonly contents: Contents;
  readonly ownership: Ownership;
  readonly sizes: StoreSizes;
  readonly stop: AbortSignal;
}

/** An index larger than this part of its segment is not worth its space. */
const maxShare = 0.6;
/** Segments below this part of a journal that is sealed are soon merged, and quickly read. */
const minShare = 1 / 16;
/** The texts of indexes that are kept in memory, in UTF-16 units. */
const maxKept = 32 << 20;
/** How many times the largest size of an index must be spare. */
const spareShare = 2;
const nameForm = /^([0-9a-z]{1,16})\.lines$/;

/**
 * The line indexes of segments, one file for each. They only narrow down which contents a search must read: a missing or
 * damaged one costs time. It is built in idle time, removed with its segment, and never concerns recording.
 */
export class LineIndexes {
  private readonly kept = new Map<string, LineIndex>();
  /** Segments that have no index, and that this window does not try again. */
  private readonly without = new Set<string>();

  constructor(private readonly deps: LineIndexesDeps) {}

  /** Undefined when the segment has no index that can be used. */
  async of(segment: string): Promise<LineIndex | undefined> {
    const known = this.kept.get(segment);
    if (known || this.without.has(segment)) return known;
    try {
      const bytes = await readWhole(this.deps.files, this.pathOf(segment));
      const index = bytes && (await decodeLineIndex(bytes, this.deps.zstd, new TimeSlicer(this.deps.stop)));
      if (index) this.keep(segment, index);
      return index;
    } catch (error) {
      this.deps.stop.throwIfAborted();
      this.deps.log.warn(`${lineIndexName(segment)} cannot be used: ${messageOf(error)}`);
      return undefined;
    }
  }

  /**
   * Builds the index of one segment, to be called by maintenance while it has the lock; true when it did something.
   * `spareBytes` is what the quota leaves: where an index could soon be in the way, there is none.
   */
  async step(spareBytes: number): Promise<boolean> {
    const { catalog, segments, files, dir, log, stop, sizes } = this.deps;
    try {
      const names = new Set(await files.list(dir));
      await this.removeOrphans(names);
      for (const { id } of catalog.segments()) {
        if (this.without.has(id) || segments.isSetAside(id)) continue;
        if (names.has(lineIndexName(id)) && (await this.of(id))) continue;
        const { size = 0 } = (await files.stat(segments.pathOf(id))) ?? {};
        if (size * maxShare * spareShare > spareBytes) continue;
        if (size >= sizes.minSealBytes * minShare && (await this.build(id, size))) return true;
        this.without.add(id);
      }
    } catch (error) {
      stop.throwIfAborted();
      log.warn(`A line index was not built: ${messageOf(error)}`);
    }
    return false;
  }

  /** Makes room; true when there were any. */
  async removeAll(): Promise<boolean> {
    const { files, dir } = this.deps;
    const names = (await files.list(dir)).filter((name) => nameForm.test(name));
    for (const name of names) await files.remove(`${dir}/${name}`);
    this.clear();
    return names.length > 0;
  }

  clear(): void {
    this.kept.clear();
  }

  private async build(segment: string, segmentBytes: number): Promise<boolean> {
    const { walk, contents, zstd, files, ownership, stop, segments } = this.deps;
    const builder = new LineIndexBuilder();
    const slices = new TimeSlicer(stop);
    for (const sha256 of walk.contents(segment)) {
      await slices.pause();
      builder.add(parseInt(sha256.slice(0, 8), 16), await contents.read(sha256).catch(() => undefined));
    }
    const bytes = await encodeLineIndex(builder.finish(), zstd, slices);
    if (bytes.length > segmentBytes * maxShare || !segments.has(segment)) return false;
    const held = ownership.hold();
    const path = this.pathOf(segment);
    await replaceStoreFile(files, path, bytes, `${path}.${held.name}.tmp`, async () => {
      if (!(await held.isKept())) throw new Error('another window has taken over');
    });
    return true;
  }

  /** Of segments that are gone: what they had may be forgotten. */
  private async removeOrphans(names: ReadonlySet<string>): Promise<void> {
    const { segments, files, dir } = this.deps;
    for (const name of names) {
      const segment = nameForm.exec(name)?.[1];
      if (segment === undefined || segments.has(segment)) continue;
      this.kept.delete(segment);
      await files.remove(`${dir}/${name}`);
    }
  }

  private keep(segment: string, index: LineIndex): void {
    this.kept.set(segment, index);
    let size = 0;
    for (const [id, { parts }] of [...this.kept].reverse()) {
      size += parts.reduce((sum, { text }) => sum + text.length, 0);
      if (size > maxKept && id !== segment) this.kept.delete(id);
    }
  }

  private pathOf(segment: string): string {
    return `${this.deps.dir}/${lineIndexName(segment)}`;
  }
}
