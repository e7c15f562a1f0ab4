import type { Codec, DeltaBase, ContentLink } from '../format/codec';
import { encodings, type Encoding } from '../format/contentEncoding';
import type { ByteCache } from '../../base/byteCache';
import type { Sqlite } from '../disk/sqlite';

/** Contents up to this size share blocks. */
const maxPartBytes = 256 << 10;
/** Smaller contents share them even if they do not shrink on their own. */
const alwaysPartBytes = 1 << 10;
/** A block is closed when it has this size, which must be unpacked to read the smallest content in it. */
const blockBytes = 512 << 10;
/** The most contents of a block. A content's number is that of its block times this, plus its place. */
const blockContents = 1024;
/** The most blocks of a file in a chain; the base of the next chain is the start of this one. */
const rowBlocks = 16;
/** A file begins in a block with at most this many before it in the chain, so that short histories are read fast. */
const maxFirstDepth = 3;
const hashBytes = 32;
const entryBytes = hashBytes + 4;

/** The place of a content in a segment. */
export interface PlacedContent {
  /** The content's number. */
  readonly n: number;
  readonly size: number;
  /** How many blocks must be read before its own. */
  readonly depth: number;
}

/** A content and its hash. */
export interface NewContent {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

type PlacedBase = DeltaBase & PlacedContent;

export interface Block {
  readonly n: number;
  readonly encoding: Encoding;
  /** The number of the content that is its base. */
  readonly base?: number;
  /** For each content `hash: 32 bytes  size u32`. */
  readonly contents: Uint8Array;
  readonly body: Uint8Array;
}

export function contentNumber(block: number, place: number): number {
  return block * blockContents + place;
}

/** The block of a content, and its place in the block. */
export function placeInBlock(content: number): { readonly block: number; readonly place: number } {
  return { block: Math.floor(content / blockContents), place: content % blockContents };
}

/** The content at a place of a block; undefined when there is none. */
export function contentIn(
  contents: Uint8Array,
  place: number,
): { readonly sha256: string; readonly size: number } | undefined {
  const bytes = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  const at = place * entryBytes;
  if (at + entryBytes > bytes.length) return undefined;
  return { sha256: bytes.toString('hex', at, at + hashBytes), size: bytes.readUInt32LE(at + hashBytes) };
}

/** The size of the contents before a place; without a place, of all. */
function bytesBefore(contents: Uint8Array, place = contents.length / entryBytes): number {
  const sizes = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  let bytes = 0;
  for (let n = 0; n < place; n++) bytes += sizes.getUint32(n * entryBytes + hashBytes, true);
  return bytes;
}

/** All contents of a block, with their offsets. */
export function* contentsIn(
  contents: Uint8Array,
): Generator<{ readonly sha256: string; readonly size: number; readonly at: number }> {
  let at = 0;
  for (let place = 0; ; place++) {
    const content = contentIn(contents, place);
    if (content === undefined) return;
    yield { ...content, at };
    at += content.size;
  }
}

/**
 * Packs contents into blocks, one after the other, those of a file together: what they have in common is stored once, and
 * a block that begins within a history has a content of an earlier block as its dictionary. A content that is large, or
 * does not shrink, has its own block.
 */
export class SegmentBlocks {
  private parts: NewContent[] = [];
  private size = 0;
  private count = 0;
  /** The block that is being filled, if there are parts. */
  private open = 0;
  private depth = 0;
  private base: PlacedBase | undefined;
  /** Blocks that began within the current file. */
  private begun = 0;
  private rowStart: PlacedBase | undefined;

  constructor(
    private readonly codec: Codec,
    private readonly onBlock: (block: Block) => void,
  ) {}

  /** `last` is the content before it in its file; undefined where a file begins. */
  add(content: NewContent, last: PlacedBase | undefined): PlacedContent {
    const { bytes } = content;
    const isPart = bytes.length > 0 && bytes.length <= maxPartBytes;
    if (!isPart || (bytes.length > alwaysPartBytes && !this.codec.shrinks(bytes))) return this.addAlone(content, last);
    if (last === undefined) this.beginFile();
    if (this.parts.length === 0) this.beginBlock(last);
    const placed = { n: contentNumber(this.open, this.parts.length), size: bytes.length, depth: this.depth };
    // A copy: a caller's buffer may change before the block is closed.
    this.parts.push({ ...content, bytes: new Uint8Array(bytes) });
    this.size += bytes.length;
    if (this.size >= blockBytes || this.parts.length === blockContents) this.close();
    return placed;
  }

  /** Packs the open block. */
  close(): void {
    if (this.parts.length === 0) return;
    const { base, parts } = this;
    const how = base === undefined ? { encoding: 'zstd' as const } : { encoding: 'delta' as const, base: base.n };
    const body = this.codec.block(Buffer.concat(parts.map(({ bytes }) => bytes)), base?.bytes);
    this.onBlock({ n: this.open, ...how, contents: listOf(parts), body });
    this.parts = [];
    this.size = 0;
    this.base = undefined;
  }

  private addAlone(content: NewContent, last: PlacedBase | undefined): PlacedContent {
    const { bytes } = content;
    const { encoding, depth, base, body } = this.codec.encode(bytes, last, 'small');
    const n = ++this.count;
    const based = base === undefined || last === undefined ? {} : { base: last.n };
    this.onBlock({ n, encoding, ...based, contents: listOf([content]), body });
    return { n: contentNumber(n, 0), size: bytes.length, depth };
  }

  private beginFile(): void {
    this.begun = 0;
    this.rowStart = undefined;
    if (this.depth > maxFirstDepth) this.close();
  }

  private beginBlock(last: PlacedBase | undefined): void {
    this.open = ++this.count;
    if (last !== undefined) this.begun++;
    if (this.begun % rowBlocks === 1) this.rowStart = last;
    const base = this.begun % rowBlocks === 0 ? this.rowStart : last;
    this.base = base !== undefined && this.codec.isBase(base, blockBytes) ? base : undefined;
    this.depth = this.base === undefined ? 0 : this.base.depth + 1;
  }
}

function listOf(contents: readonly NewContent[]): Uint8Array {
  const list = Buffer.alloc(contents.length * entryBytes);
  for (const [n, { sha256, bytes }] of contents.entries()) {
    list.write(sha256, n * entryBytes, 'hex');
    list.writeUInt32LE(bytes.length, n * entryBytes + hashBytes);
  }
  return list;
}

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
