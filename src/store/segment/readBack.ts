import type { SqlJsStatic } from 'sql.js';
import { ByteCache } from '../../base/byteCache';
import { messageOf } from '../../base/errors';
import { sha256Of } from '../../base/sha256';
import { TimeSlicer } from '../../base/timeSlicer';
import type { CatalogEntry } from '../catalog/catalogBatch';
import { maxLinks, type Codec, type ContentLink } from '../format/codec';
import { memoryFile } from '../disk/pagedBytes';
import { SegmentFile } from './segment';

/** Size of each cache, for decoded contents and for blocks, in bytes. */
const cacheBytes = 16 << 20;

/** A new segment lacks something that it should have. */
export class NotReadBack extends Error {}

/** What a new segment must have. */
interface Expected {
  readonly id: string;
  readonly versions: number;
  readonly contents: readonly string[];
}

/** Reads a new segment before its sources are removed for it; throws {@link NotReadBack}. */
export async function readBack(
  { sql, codec, stop }: { readonly sql: SqlJsStatic; readonly codec: Codec; readonly stop: AbortSignal },
  bytes: Uint8Array,
  { id, versions, contents }: Expected,
): Promise<void> {
  const missing = new Set(contents);
  let left = versions;
  let segment: SegmentFile | undefined;
  try {
    segment = SegmentFile.open({ sql, codec, blocks: new ByteCache(cacheBytes) }, memoryFile(bytes), id);
    for await (const entry of verifiedEntries(segment, codec, new TimeSlicer(stop))) {
      if (entry.type === 'version') left--;
      else if (entry.type === 'content') missing.delete(entry.sha256);
    }
  } catch (error) {
    stop.throwIfAborted();
    throw new NotReadBack(messageOf(error), { cause: error });
  } finally {
    segment?.close();
  }
  if (left !== 0 || missing.size > 0)
    throw new NotReadBack(`${left} versions and ${missing.size} contents are missing`);
}

/** The entries of a segment, none of which needs to be in a catalog; throws at a content that does not match its hash. */
export async function* verifiedEntries(
  segment: SegmentFile,
  codec: Codec,
  slices: TimeSlicer,
): AsyncGenerator<CatalogEntry> {
  const decoded = new ByteCache(cacheBytes);
  for (const entry of segment.entries()) {
    if (entry.type === 'content') {
      const bytes = contentOf(segment, entry.place.position, codec, decoded);
      if (sha256Of(bytes) !== entry.sha256) throw new Error('a content does not match its checksum');
      decoded.set(String(entry.place.position), bytes);
    }
    yield entry;
    await slices.pause();
  }
}

function contentOf(segment: SegmentFile, position: number, codec: Codec, decoded: ByteCache): Uint8Array {
  const links: ContentLink[] = [];
  for (let n = position; links.length <= maxLinks;) {
    const known = decoded.get(String(n));
    if (known !== undefined) return links.length === 0 ? known : codec.decode(links, known);
    const link = segment.link(n);
    links.unshift(link);
    if (link.base === undefined || !('position' in link.base)) return codec.decode(links);
    n = link.base.position;
  }
  throw new Error('a content is its own base');
}
