import { decodeSplice, dictionaryRange, encodeSplice, findSplice, type Encoding } from './contentEncoding';
import type { Frame, Zstd } from './zstd';

/** A content that another one can be encoded against. */
export interface DeltaBase {
  readonly sha256: string;
  readonly depth: number;
  readonly bytes: Uint8Array;
}

/** A content, encoded for a record. */
export interface EncodedContent {
  readonly encoding: Encoding;
  readonly depth: number;
  readonly base?: string;
  readonly body: Uint8Array;
}

/** The encoded content of a record. */
export interface EncodedLink {
  readonly encoding: Encoding;
  readonly body: Uint8Array;
  /** Bytes of the content itself. */
  readonly size: number;
}

/** A content of a journal or segment, and its base in the same file. */
export interface ContentLink extends EncodedLink {
  readonly sha256: string;
  readonly base?: { readonly position: number } | { readonly sha256: string };
}

/** The depth is stored in one byte: a longer chain is a circle. */
export const maxLinks = 256;

/** A chain of deltas has at most this many links, so at least every 64th version is stored whole... */
const maxDepth = 63;
/** ...and more often where decoding the chain would unpack more than this. */
const maxChainBytes = 64 << 20;
/** Above this zstd would need hundreds of MB; such contents are stored raw. */
const maxCompressedBytes = 32 << 20;
/** If a sample of this size does not shrink, the content is taken for compressed data. */
const sampleBytes = 16 << 10;
const worthwhile = 0.95;
/** A delta this many times smaller than its content is not compared with a frame without a base. */
const clearGain = 16;
/** A base that begins like this would be read as a dictionary in zstd's own format, not as plain content. */
const dictionaryMagic = Buffer.from([0x37, 0xa4, 0x30, 0xec]);
/** zstd ignores shorter dictionaries. */
const minBaseBytes = 8;

/**
 * In larger files, zstd would search every byte, and miss matches more than some MB away. So equal bytes at both ends
 * are cut off first if they are more than half.
 */
const wholeBaseBytes = 256 << 10;

/**
 * At low levels, zstd sees only a part of a dictionary, so that a change at the end of a long text would cost all of it;
 * of several MB it sees too little at any level.
 */
function levelFor(size: number, effort: Effort): number {
  if (effort === 'small') return size > 4 << 20 ? 3 : 9;
  return size <= 128 << 10 || size > 4 << 20 ? 3 : 9;
}

/** Segments are read more often than written, and must be small. */
const blockLevel = 16;

/** `fast` while recording; `small` for segments. */
export type Effort = 'fast' | 'small';

function isPlain(dictionary: Uint8Array): boolean {
  return dictionaryMagic.compare(dictionary, 0, dictionaryMagic.length) !== 0;
}

function frameOf({ encoding, body, size }: EncodedLink): Frame {
  if (encoding !== 'splice') return { bytes: body, size };
  const { prefix, suffix, frame } = decodeSplice(body);
  return { bytes: frame, size, kept: { prefix, suffix } };
}

/** Throws for a size that nothing packed has, before that much memory is taken: a file from elsewhere may say any. */
function assertSize(size: number): void {
  if (size > maxCompressedBytes) throw new Error(`it is said to unpack to ${size} bytes, more than Obby packs`);
}

/** Encodes and decodes contents. */
export class Codec {
  constructor(private readonly zstd: Zstd) {}

  encode(bytes: Uint8Array, base?: DeltaBase, effort: Effort = 'fast'): EncodedContent {
    const raw: EncodedContent = { encoding: 'raw', depth: 0, body: bytes };
    if (bytes.length === 0 || bytes.length > maxCompressedBytes) return raw;
    const delta = base !== undefined && this.isBase(base, bytes.length) ? this.delta(bytes, base, effort) : undefined;
    if (delta !== undefined && delta.body.length * clearGain < bytes.length) return delta;
    const plain = this.plain(bytes, effort);
    return [plain, delta].reduce<EncodedContent>(
      (best, next) => (next !== undefined && next.body.length < best.body.length * worthwhile ? next : best),
      raw,
    );
  }

  /** Several contents one after another, as one frame, whose dictionary is `base`. */
  block(bytes: Uint8Array, base?: Uint8Array): Uint8Array {
    return this.zstd.compress(bytes, blockLevel, base);
  }

  /** Decodes a {@link block} of `size` bytes; throws when it is damaged. */
  unpackBlock(body: Uint8Array, size: number, base?: Uint8Array): Uint8Array {
    assertSize(size);
    return this.zstd.decompress([{ bytes: body, size }], base);
  }

  /**
   * The content at the end of a chain, whose first link has the base `base` or none; throws when the bodies do not match
   * the links.
   */
  decode(links: readonly EncodedLink[], base?: Uint8Array): Uint8Array {
    const [first, ...deltas] = links;
    for (const { encoding, size } of links) if (encoding !== 'raw') assertSize(size);
    if (first?.encoding !== 'raw') return this.zstd.decompress(links.map(frameOf), base);
    return deltas.length === 0 ? first.body : this.zstd.decompress(deltas.map(frameOf), first.body);
  }

  /** Whether a content can be the base of another one of `size` bytes. */
  isBase(base: DeltaBase, size: number): boolean {
    if (base.depth >= maxDepth || (base.depth + 2) * size > maxChainBytes) return false;
    if (base.bytes.length < minBaseBytes || base.bytes.length > maxCompressedBytes) return false;
    return isPlain(base.bytes);
  }

  private delta(bytes: Uint8Array, base: DeltaBase, effort: Effort): EncodedContent {
    const common = { depth: base.depth + 1, base: base.sha256 };
    const spliced = bytes.length > wholeBaseBytes ? this.splice(bytes, base.bytes, effort) : undefined;
    if (spliced !== undefined) return { ...common, encoding: 'splice', body: spliced };
    const level = levelFor(Math.max(bytes.length, base.bytes.length), effort);
    return { ...common, encoding: 'delta', body: this.zstd.compress(bytes, level, base.bytes) };
  }

  /** Undefined when too little is the same at both ends. */
  private splice(bytes: Uint8Array, base: Uint8Array, effort: Effort): Uint8Array | undefined {
    const kept = findSplice(base, bytes);
    const { from, to } = dictionaryRange(kept, base.length);
    const dictionary = base.subarray(from, to);
    if ((kept.prefix + kept.suffix) * 2 < bytes.length || !isPlain(dictionary)) return undefined;
    const middle = bytes.subarray(kept.prefix, bytes.length - kept.suffix);
    const level = levelFor(Math.max(middle.length, dictionary.length), effort);
    return encodeSplice(kept, this.zstd.compress(middle, level, dictionary));
  }

  private plain(bytes: Uint8Array, effort: Effort): EncodedContent | undefined {
    if (bytes.length > sampleBytes * 2 && !this.shrinks(bytes)) return undefined;
    return { encoding: 'zstd', depth: 0, body: this.zstd.compress(bytes, levelFor(bytes.length, effort)) };
  }

  /** Whether a sample of a content shrinks. */
  shrinks(bytes: Uint8Array): boolean {
    const start = Math.max(0, (bytes.length - sampleBytes) >> 1);
    const sample = bytes.subarray(start, start + sampleBytes);
    return this.zstd.compress(sample, 1).length < sample.length * worthwhile;
  }
}
