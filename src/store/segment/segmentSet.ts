import type { SqlJsStatic } from 'sql.js';
import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import { ByteCache } from '../../base/byteCache';
import type { Codec, ContentLink } from '../format/codec';
import { replaceStoreFile, type FilePort } from '../disk/filePort';
import { Overtaken } from '../journal/journalWriter';
import type { HeldName } from '../sync/ownership';
import { SegmentFile, UnknownSegmentFormat, type SegmentDeps } from './segment';

/** A damaged segment is kept as `<id>.damaged.segment`, and read as far as possible. */
const nameForm = /^([0-9a-z]{1,16})(\.damaged)?\.segment$/;
/** The most segments that are open; each takes up to about 1 MB. */
const maxOpen = 12;
/** Size of the cache for unpacked blocks: enough for one long history. */
const blockCacheBytes = 8 << 20;

/** The file that has the lines of a segment's contents; see lineIndexes.ts. */
export function lineIndexName(segment: string): string {
  return `${segment}.lines`;
}

export function segmentIdOf(fileName: string): string | undefined {
  return nameForm.exec(fileName)?.[1];
}

export interface SegmentSetOptions {
  readonly dir: string;
  readonly files: FilePort;
  readonly sql: SqlJsStatic;
  readonly codec: Codec;
}

/** The segments of a store: files named `<id>.segment`. */
export class SegmentSet {
  private readonly names = new Map<string, string>();
  private readonly opened = new Map<string, SegmentFile>();
  private readonly own = new Set<string>();
  private readonly parts: SegmentDeps;

  constructor(private readonly options: SegmentSetOptions) {
    this.parts = { ...options, blocks: new ByteCache(blockCacheBytes) };
  }

  /** Updates the list of segments, and closes those that are gone. Returns their ids, oldest first. */
  refresh(fileNames: readonly string[]): string[] {
    this.names.clear();
    for (const fileName of [...fileNames].sort()) {
      const id = segmentIdOf(fileName);
      if (id !== undefined) this.names.set(id, fileName);
    }
    for (const id of [...this.opened.keys()]) if (!this.names.has(id)) this.close(id);
    return [...this.names.keys()];
  }

  /** Whether this store wrote it, or is about to. */
  isOwn(id: string): boolean {
    return this.own.has(id);
  }

  has(id: string): boolean {
    return this.names.has(id);
  }

  /** The file name of a segment, for messages. */
  fileName(id: string): string {
    return this.names.get(id) ?? `${id}.segment`;
  }

  pathOf(id: string): string {
    return `${this.options.dir}/${this.fileName(id)}`;
  }

  /** Opens a segment; throws when it cannot be read at all. */
  open(id: string): SegmentFile {
    // A segment that could not be read may be readable now.
    if (this.opened.get(id)?.meta.isMetaUnreadable) this.close(id);
    let segment = this.opened.get(id);
    if (segment === undefined) {
      const { files } = this.options;
      segment = SegmentFile.open(this.parts, files.openSync(this.pathOf(id)), id);
    }
    this.opened.delete(id);
    this.opened.set(id, segment);
    for (const oldest of this.opened.keys()) {
      if (this.opened.size <= maxOpen) break;
      this.close(oldest);
    }
    return segment;
  }

  /** The ids that a segment replaces; empty when they cannot be read. */
  replacedBy(id: string): readonly string[] {
    try {
      return this.open(id).meta.replaces;
    } catch {
      return [];
    }
  }

  /** Opens a segment for `work` alone. */
  async use<T>(id: string, work: (segment: SegmentFile) => Promise<T>): Promise<T> {
    const { files } = this.options;
    const segment = SegmentFile.open(this.parts, files.openSync(this.pathOf(id)), id);
    try {
      return await work(segment);
    } finally {
      segment.close();
    }
  }

  /** A content; throws `storeFailed` when it cannot be read. */
  link(id: string, n: number): ContentLink {
    try {
      return this.open(id).link(n);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') throw error;
      if (error instanceof UnknownSegmentFormat) {
        throw new ObbyError('storeFailed', `${this.fileName(id)} cannot be read: ${error.message}.`, { cause: error });
      }
      throw new ObbyError(
        'storeFailed',
        `${this.fileName(id)} is damaged (${messageOf(error)}). Run “Obby: Check History” to see what is lost and keep the rest.`,
        { cause: error },
      );
    }
  }

  /** Writes a new segment; rejects with {@link Overtaken} when the name `held` was shut out meanwhile. */
  async write(id: string, bytes: Uint8Array, held: HeldName): Promise<void> {
    const { dir, files } = this.options;
    const fileName = `${id}.segment`;
    const temporary = `${dir}/${fileName}.${held.name}.tmp`;
    this.own.add(id);
    try {
      await replaceStoreFile(files, `${dir}/${fileName}`, bytes, temporary, async () => {
        // Another window removes the name before it removes temporary files: then the rename after this check fails.
        if (!(await held.isKept())) throw new Overtaken();
      });
      await files.syncDir(dir);
    } catch (error) {
      // The file may exist all the same, and then counts as one of another window.
      this.own.delete(id);
      throw error;
    }
    this.names.set(id, fileName);
  }

  async remove(id: string): Promise<void> {
    this.close(id);
    const { dir, files } = this.options;
    await files.remove(`${dir}/${lineIndexName(id)}`);
    await files.remove(this.pathOf(id));
    this.names.delete(id);
  }

  /** Renames a damaged segment, so that it is only read from now on. */
  async setAside(id: string): Promise<void> {
    const fileName = `${id}.damaged.segment`;
    if (this.fileName(id) === fileName) return;
    this.close(id);
    await this.options.files.rename(this.pathOf(id), `${this.options.dir}/${fileName}`);
    this.names.set(id, fileName);
  }

  isSetAside(id: string): boolean {
    return this.fileName(id).endsWith('.damaged.segment');
  }

  closeAll(): void {
    for (const id of [...this.opened.keys()]) this.close(id);
  }

  private close(id: string): void {
    this.opened.get(id)?.close();
    this.opened.delete(id);
  }
}
