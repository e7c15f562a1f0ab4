import type { ByteCache } from './byteCache';
import type { Codec } from './codec';
import type { ContentLink } from './contentLink';
import { encodings } from './contentRow';
import { contentsIn, placeOf } from './segmentBlocks';
import type { Sqlite } from './sqlite';

/** What reading contents takes. */
export interface ContentParts {
  readonly codec: Codec;
  /** Unpacked blocks. */
  readonly blocks: ByteCache;
}

/** Puts a content together that stands on others; `link` gives one by its number. */
export function decodeChain(from: number, link: (n: number) => ContentLink, codec: Codec): Uint8Array {
  const links: ContentLink[] = [];
  for (let n: number | undefined = from; n !== undefined;) {
    const next = link(n);
    links.unshift(next);
    const base: number | undefined =
      next.base !== undefined && 'position' in next.base ? next.base.position : undefined;
    if (base !== undefined && base >= n) throw new Error(`content ${n} stands on itself`);
    n = base;
  }
  return codec.decode(links);
}

/** The contents of one segment. */
export class SegmentContents {
  constructor(
    private readonly id: string,
    private readonly sqlite: Sqlite,
    private readonly parts: ContentParts,
  ) {}

  /** A content as it stands here; throws when there is none of this number. */
  link(n: number): ContentLink {
    const { block, place } = placeOf(n);
    const [encoding, base, contents] =
      this.sqlite.get('SELECT encoding, base, contents FROM blocks WHERE n = ?', block) ?? [];
    const list = contents instanceof Uint8Array ? [...contentsIn(contents)] : [];
    const content = list[place];
    if (content === undefined) throw new Error(`there is no content ${n}`);
    const { sha256, size, at } = content;
    const stands = typeof base === 'number' ? { base: { position: base } } : {};
    const link = { sha256, size, encoding: encodings[Number(encoding)] ?? 'raw', ...stands };
    if (list.length === 1) return { ...link, body: this.body(block) };
    const total = list.reduce((sum, each) => sum + each.size, 0);
    const bytes = this.unpacked(block, { ...link, size: total });
    return { sha256, size, encoding: 'raw', body: bytes.slice(at, at + size) };
  }

  private body(block: number): Uint8Array {
    const [body] = this.sqlite.get('SELECT body FROM blocks WHERE n = ?', block) ?? [];
    if (!(body instanceof Uint8Array)) throw new Error(`there is no block ${block}`);
    return body;
  }

  /** All contents of a block, one behind the other. */
  private unpacked(block: number, as: Omit<ContentLink, 'body'>): Uint8Array {
    const { blocks, codec } = this.parts;
    const key = `${this.id} ${block}`;
    const known = blocks.get(key);
    if (known !== undefined) return known;
    const base = as.base !== undefined && 'position' in as.base ? as.base.position : undefined;
    if (base !== undefined && placeOf(base).block >= block) throw new Error(`block ${block} stands on itself`);
    const stands = base === undefined ? undefined : decodeChain(base, (n) => this.link(n), codec);
    const bytes = codec.decode([{ ...as, body: this.body(block) }], stands);
    blocks.set(key, bytes);
    return bytes;
  }
}
