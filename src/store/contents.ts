import { createHash } from 'node:crypto';
import { messageOf, ObbyError } from '../model/errors';
import type { Log } from '../model/log';
import { ByteCache } from './byteCache';
import type { Catalog, StoredContent } from './catalog';
import type { Codec, DeltaBase, EncodedContent, EncodedLink } from './codec';
import type { JournalSet } from './journalSet';

/** Decoded contents that are kept, in bytes. */
const cacheBytes = 16 << 20;
/** A depth is written as one byte: a longer chain is a circle. */
const maxLinks = 256;
const nothing = new Uint8Array(0);

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Contents by their hash: chooses how new ones are written and puts stored ones together again. */
export class Contents {
  private readonly cache = new ByteCache(cacheBytes);

  constructor(
    private readonly catalog: Catalog,
    private readonly journals: JournalSet,
    private readonly codec: Codec,
    private readonly log: Log,
  ) {}

  /** The exact bytes; rejects with `storeFailed` when they cannot be had. */
  async read(sha256: string): Promise<Uint8Array> {
    const cached = this.cache.get(sha256);
    if (cached !== undefined) return cached;
    const { links, base } = this.chain(sha256);
    const bodies = await Promise.all(links.map(({ journal, place }) => this.journals.read(journal, place)));
    const bytes = this.decode(
      links.map(({ encoding, size }, n) => ({ encoding, size, body: bodies[n]?.body ?? nothing })),
      base,
    );
    // One wrong byte in a base would be wrong in what stands on it: the last content's checksum vouches for all.
    if (bytes === undefined || sha256Of(bytes) !== sha256) throw this.mismatch(links);
    this.cache.set(sha256, bytes);
    return bytes;
  }

  /** How a content is to be written to `journal`, given the last content of its file and what waits to be written. */
  async encode(
    sha256: string,
    bytes: Uint8Array,
    from: { readonly last?: string; readonly journal: string; readonly pending: ReadonlyMap<string, number> },
  ): Promise<EncodedContent> {
    const base = from.last === undefined ? undefined : await this.base(from.last, from.journal, from.pending);
    // A copy: the caller's bytes are the caller's to change once they are stored.
    this.cache.set(sha256, new Uint8Array(bytes));
    try {
      return this.codec.encode(bytes, base);
    } catch (error) {
      this.log.error(`A content of ${bytes.length} bytes is kept as it is: ${messageOf(error)}`);
      return { encoding: 'raw', depth: 0, body: bytes };
    }
  }

  clear(): void {
    this.cache.clear();
  }

  /** A delta never leaves its journal, so that damage to one file harms no other. */
  private async base(
    sha256: string,
    journal: string,
    pending: ReadonlyMap<string, number>,
  ): Promise<DeltaBase | undefined> {
    const stored = this.catalog.content(sha256);
    const depth = pending.get(sha256) ?? (stored?.journal === journal ? stored.depth : undefined);
    if (depth === undefined) return undefined;
    const cached = this.cache.get(sha256);
    if (cached !== undefined) return { sha256, depth, bytes: cached };
    if (stored === undefined) return undefined;
    try {
      return { sha256, depth, bytes: await this.read(sha256) };
    } catch (error) {
      this.log.warn(`A content cannot serve as a base: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** What must be decoded in turn, beginning with one that needs no base, or whose base is at hand. */
  private chain(sha256: string): { readonly links: readonly StoredContent[]; readonly base?: Uint8Array } {
    const links: StoredContent[] = [];
    for (let next = sha256; links.length <= maxLinks;) {
      const link = this.catalog.content(next);
      if (link === undefined) throw missing(next);
      links.unshift(link);
      if (link.base === undefined) return { links };
      const base = this.cache.get(link.base);
      if (base !== undefined) return { links, base };
      next = link.base;
    }
    throw missing(sha256);
  }

  private decode(links: readonly EncodedLink[], base: Uint8Array | undefined): Uint8Array | undefined {
    try {
      return this.codec.decode(links, base);
    } catch (error) {
      this.log.error(`A content cannot be unpacked: ${messageOf(error)}`);
      return undefined;
    }
  }

  private mismatch(links: readonly StoredContent[]): ObbyError {
    const files = new Set(links.map(({ journal }) => this.journals.fileName(journal)));
    return new ObbyError(
      'storeFailed',
      `A content in ${[...files].join(', ')} does not match its checksum and cannot be given back. Keep a copy of that file.`,
    );
  }
}

function missing(sha256: string): ObbyError {
  return new ObbyError(
    'storeFailed',
    `The content ${sha256.slice(0, 12)}… is not in the store: the part that held it is damaged or gone.`,
  );
}
