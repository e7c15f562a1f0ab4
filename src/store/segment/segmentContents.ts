import type { ByteCache } from '../codec/byteCache';
import type { Codec, ContentLink } from '../codec/codec';
import { encodings, type Encoding } from '../codec/contentRow';
import { bytesBefore, contentIn, placeInBlock } from './segmentBlocks';
import type { Sqlite } from '../database/sqlite';

export interface ContentDeps {
  readonly codec: Codec;
  /** Unpacked blocks. */
  readonly blocks: ByteCache;
}

/** Decodes a content and the chain of its bases; `link` gives a content by its number. */
function decodeChain(from: number, link: (n: number) => ContentLink, codec: Codec): Uint8Array {
  const links: ContentLink[] = [];
  for (let n: number | undefined = from; n !== undefined;) {
    const next = link(n);
    links.unshift(next);
    const base: number | undefined =
      next.base !== undefined && 'position' in next.base ? next.base.position : undefined;
    if (base !== undefined && base >= n) throw new Error(`content ${n} is its own base`);
    n = base;
  }
  return codec.decode(links);
}

/** A block without its body. */
interface BlockHead {
  readonly block: number;
  readonly encoding: Encoding;
  readonly base?: { readonly position: number };
  readonly contents: Uint8Array;
}

/** The contents of one segment. */
export class SegmentContents {
  /** The block that was read last: mostly the next content is in it too. */
  private recent: BlockHead | undefined;

  constructor(
    private readonly id: string,
    private readonly sqlite: Sqlite,
    private readonly deps: ContentDeps,
  ) {}

  /** A content by its number; throws when there is none. */
  link(n: number): ContentLink {
    const { block, place } = placeInBlock(n);
    const { contents, encoding, base } = this.head(block);
    const content = contentIn(contents, place);
    if (content === undefined) throw new Error(`there is no content ${n}`);
    const { sha256, size } = content;
    const as = { sha256, encoding, ...(base && { base }) };
    if (contentIn(contents, 1) === undefined) return { ...as, size, body: this.body(block) };
    const bytes = this.unpacked(block, { ...as, size: bytesBefore(contents) });
    const at = bytesBefore(contents, place);
    return { sha256, size, encoding: 'raw', body: bytes.slice(at, at + size) };
  }

  private head(block: number): BlockHead {
    if (this.recent?.block === block) return this.recent;
    const row = this.sqlite.get('SELECT encoding, base, contents FROM blocks WHERE n = ?', block);
    const [encoding, base, contents] = row ?? [];
    const based = typeof base === 'number' ? { base: { position: base } } : {};
    this.recent = {
      ...{ block, encoding: encodings[Number(encoding)] ?? 'raw', ...based },
      contents: contents instanceof Uint8Array ? contents : new Uint8Array(0),
    };
    return this.recent;
  }

  private body(block: number): Uint8Array {
    const [body] = this.sqlite.get('SELECT body FROM blocks WHERE n = ?', block) ?? [];
    if (!(body instanceof Uint8Array)) throw new Error(`there is no block ${block}`);
    return body;
  }

  /** All contents of a block, one after the other. */
  private unpacked(block: number, as: Omit<ContentLink, 'body'>): Uint8Array {
    const { blocks, codec } = this.deps;
    const key = `${this.id} ${block}`;
    const known = blocks.get(key);
    if (known !== undefined) return known;
    const base = as.base !== undefined && 'position' in as.base ? as.base.position : undefined;
    if (base !== undefined && placeInBlock(base).block >= block) throw new Error(`block ${block} is its own base`);
    const dictionary = base === undefined ? undefined : decodeChain(base, (n) => this.link(n), codec);
    const bytes = codec.decode([{ ...as, body: this.body(block) }], dictionary);
    blocks.set(key, bytes);
    return bytes;
  }
}
