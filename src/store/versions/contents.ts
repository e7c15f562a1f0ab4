import { errnoOf, messageOf, ObbyError } from '../../base/errors';
import type { Log } from '../../base/log';
import { ByteCache } from '../../base/byteCache';
import type { Catalog } from '../catalog/catalog';
import type { SourceKind } from '../catalog/catalogBatch';
import {
  type Codec,
  type ContentLink,
  type DeltaBase,
  type EncodedContent,
  type EncodedLink,
  maxLinks,
} from '../format/codec';
import type { JournalSet } from '../journal/journalSet';
import type { SegmentSet } from '../segment/segmentSet';
import { sha256Of } from '../../base/sha256';

/** Size of the cache for decoded contents, in bytes. */
const cacheBytes = 16 << 20;
/**
 * Up to this size, compressing a content takes longer than writing it, and saves at most a block of the disk until it is
 * sealed; and caching it takes longer than reading it.
 */
const unpackedBytes = 4 << 10;

/** Where a content is. */
interface Place {
  readonly source: string;
  readonly kind: SourceKind;
  readonly position: number;
  readonly length: number;
}

export interface ContentsDeps {
  readonly catalog: Catalog;
  readonly journals: JournalSet;
  readonly segments: SegmentSet;
  readonly codec: Codec;
  readonly log: Log;
  /** Brings the catalog up to date with other windows. */
  readonly refresh: () => Promise<void>;
}

/** Encodes new contents, and reads stored ones by their hash. */
export class Contents {
  private readonly cache = new ByteCache(cacheBytes);

  constructor(private readonly deps: ContentsDeps) {}

  /** The exact bytes; rejects with `storeFailed` when they cannot be read. */
  async read(sha256: string): Promise<Uint8Array> {
    try {
      return await this.readNow(sha256);
    } catch (error) {
      // Another window may have moved it since.
      if (errnoOf(error) !== 'ENOENT' && !(error instanceof Gone)) throw error;
      await this.deps.refresh();
    }
    try {
      return await this.readNow(sha256);
    } catch (error) {
      throw error instanceof ObbyError ? error : missing(sha256, error);
    }
  }

  private async readNow(sha256: string): Promise<Uint8Array> {
    const cached = this.cache.get(sha256);
    if (cached !== undefined) return cached;
    const place = this.deps.catalog.content(sha256);
    if (place === undefined) throw new Gone();
    const { links, base } = await this.chain(place);
    const bytes = this.decode(links, base);
    // A wrong byte in a base makes the content wrong, so its hash verifies the whole chain.
    if (bytes === undefined || sha256Of(bytes) !== sha256) throw this.mismatch(place);
    const isAsRead = place.kind === 'journal' && links.length === 1 && links[0]?.encoding === 'raw';
    if (!isAsRead || bytes.length > unpackedBytes) this.cache.set(sha256, bytes);
    return bytes;
  }

  /** Whether there is a stored copy that can be read. */
  async isReadable(sha256: string): Promise<boolean> {
    try {
      await this.read(sha256);
      return true;
    } catch (error) {
      this.deps.log.warn(`A content is stored again: ${messageOf(error)}`);
      return false;
    }
  }

  /** Encodes a content for `journal`, given the last content of its file and the pending ones. */
  async encode(
    sha256: string,
    bytes: Uint8Array,
    from: { readonly last?: string; readonly journal: string; readonly pending: ReadonlyMap<string, number> },
  ): Promise<EncodedContent> {
    const raw: EncodedContent = { encoding: 'raw', depth: 0, body: bytes };
    if (bytes.length <= unpackedBytes) return raw;
    const base = from.last === undefined ? undefined : await this.base(from.last, from.journal, from.pending);
    // A copy: the caller may change the bytes after they are stored.
    this.cache.set(sha256, new Uint8Array(bytes));
    try {
      return this.deps.codec.encode(bytes, base);
    } catch (error) {
      this.deps.log.error(`A content of ${bytes.length} bytes is kept as it is: ${messageOf(error)}`);
      return raw;
    }
  }

  clear(): void {
    this.cache.clear();
  }

  /** The base of a delta is in the same journal, so that damage to one file affects no other. */
  private async base(
    sha256: string,
    journal: string,
    pending: ReadonlyMap<string, number>,
  ): Promise<DeltaBase | undefined> {
    const stored = this.deps.catalog.content(sha256);
    const depth = pending.get(sha256) ?? (stored?.source === journal ? stored.depth : undefined);
    if (depth === undefined) return undefined;
    const cached = this.cache.get(sha256);
    if (cached !== undefined) return { sha256, depth, bytes: cached };
    if (stored === undefined) return undefined;
    try {
      return { sha256, depth, bytes: await this.read(sha256) };
    } catch (error) {
      this.deps.log.warn(`A content cannot serve as a base: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** The links to decode in turn, from one without a base, or whose base is cached. */
  private async chain(from: Place): Promise<{ readonly links: readonly ContentLink[]; readonly base?: Uint8Array }> {
    const links: ContentLink[] = [];
    for (let place = from; links.length <= maxLinks;) {
      const link = await this.link(place);
      const known = links.length === 0 ? undefined : this.cache.get(link.sha256);
      if (known !== undefined) return { links, base: known };
      links.unshift(link);
      if (link.base === undefined) return { links };
      place = this.placeOf(link.base, place);
    }
    throw this.mismatch(from);
  }

  private placeOf(base: NonNullable<ContentLink['base']>, from: Place): Place {
    if ('position' in base) return { ...from, position: base.position };
    const place = this.deps.catalog.content(base.sha256);
    if (place === undefined) throw new Gone();
    return place;
  }

  private async link({ source, kind, position, length }: Place): Promise<ContentLink> {
    const { journals, segments } = this.deps;
    return kind === 'segment' ? segments.link(source, position) : journals.link(source, { position, length });
  }

  private decode(links: readonly EncodedLink[], base: Uint8Array | undefined): Uint8Array | undefined {
    try {
      return this.deps.codec.decode(links, base);
    } catch (error) {
      this.deps.log.error(`A content cannot be unpacked: ${messageOf(error)}`);
      return undefined;
    }
  }

  private mismatch({ source, kind }: Place): ObbyError {
    const { journals, segments } = this.deps;
    const file = kind === 'segment' ? segments.fileName(source) : journals.fileName(source);
    return new ObbyError(
      'storeFailed',
      `A content in ${file} does not match its checksum and cannot be given back. Keep a copy of that file.`,
    );
  }
}

/** The content is not where the catalog has it. */
class Gone extends Error {}

function missing(sha256: string, cause: unknown): ObbyError {
  return new ObbyError(
    'storeFailed',
    `The content ${sha256.slice(0, 12)}… is not in the store: the part that held it is damaged or gone.`,
    { cause },
  );
}
