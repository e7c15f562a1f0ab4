import type { Encoding } from './contentRow';
import type { Zstd } from './zstd';

/** A content that another is to be written against. */
export interface DeltaBase {
  readonly sha256: string;
  readonly depth: number;
  readonly bytes: Uint8Array;
}

/** A content as it goes into a record. */
export interface EncodedContent {
  readonly encoding: Encoding;
  readonly depth: number;
  readonly base?: string;
  readonly body: Uint8Array;
}

/** A content as it stands in a record. */
export interface EncodedLink {
  readonly encoding: Encoding;
  readonly body: Uint8Array;
  /** Bytes of the content itself. */
  readonly size: number;
}

/** A chain of deltas has at most this many links, so a keyframe stands at least at every 64th version... */
const maxDepth = 63;
/** ...and more often where reading the chain would mean to unpack more than this. */
const maxChainBytes = 64 << 20;
/** Above this zstd would need hundreds of MB; such contents are kept as they are. */
const maxCompressedBytes = 32 << 20;
/** A sample this large that does not shrink stands for a content that is compressed already. */
const sampleBytes = 16 << 10;
const worthwhile = 0.95;
/** A delta this many times smaller than its content needs no comparison with a frame of its own. */
const clearGain = 16;
/** A dictionary of zstd's own format would be read as one, not as plain content. */
const dictionaryMagic = Buffer.from([0x37, 0xa4, 0x30, 0xec]);
/** What zstd ignores as a dictionary. */
const minBaseBytes = 8;

/** zstd sees less of a dictionary at low levels, so that a change at the end of a long text would cost all of it. */
function levelFor(size: number): number {
  return size <= 128 << 10 ? 3 : 9;
}

/** Chooses how a content is written, and reads it back. */
export class Codec {
  constructor(private readonly zstd: Zstd) {}

  encode(bytes: Uint8Array, base?: DeltaBase): EncodedContent {
    const raw: EncodedContent = { encoding: 'raw', depth: 0, body: bytes };
    if (bytes.length === 0 || bytes.length > maxCompressedBytes) return raw;
    const delta = base !== undefined && this.isBase(base, bytes.length) ? this.delta(bytes, base) : undefined;
    if (delta !== undefined && delta.body.length * clearGain < bytes.length) return delta;
    const plain = this.plain(bytes);
    return [plain, delta].reduce<EncodedContent>(
      (best, next) => (next !== undefined && next.body.length < best.body.length * worthwhile ? next : best),
      raw,
    );
  }

  /**
   * The content at the end of a chain, whose first link stands on `base` or on nothing; throws when the bodies cannot
   * be what the links say.
   */
  decode(links: readonly EncodedLink[], base?: Uint8Array): Uint8Array {
    const [first, ...deltas] = links;
    if (first?.encoding !== 'raw') return this.unpack(links, base);
    return deltas.length === 0 ? first.body : this.unpack(deltas, first.body);
  }

  private unpack(links: readonly EncodedLink[], base?: Uint8Array): Uint8Array {
    return this.zstd.decompress(
      links.map(({ body, size }) => ({ bytes: body, size })),
      base,
    );
  }

  private isBase(base: DeltaBase, size: number): boolean {
    if (base.depth >= maxDepth || (base.depth + 2) * size > maxChainBytes) return false;
    if (base.bytes.length < minBaseBytes || base.bytes.length > maxCompressedBytes) return false;
    return dictionaryMagic.compare(base.bytes, 0, dictionaryMagic.length) !== 0;
  }

  private delta(bytes: Uint8Array, base: DeltaBase): EncodedContent {
    const level = levelFor(Math.max(bytes.length, base.bytes.length));
    const body = this.zstd.compress(bytes, level, base.bytes);
    return { encoding: 'delta', depth: base.depth + 1, base: base.sha256, body };
  }

  private plain(bytes: Uint8Array): EncodedContent | undefined {
    if (bytes.length > sampleBytes * 2 && !this.shrinks(bytes)) return undefined;
    return { encoding: 'zstd', depth: 0, body: this.zstd.compress(bytes, levelFor(bytes.length)) };
  }

  private shrinks(bytes: Uint8Array): boolean {
    const start = (bytes.length - sampleBytes) >> 1;
    const sample = bytes.subarray(start, start + sampleBytes);
    return this.zstd.compress(sample, 1).length < sampleBytes * worthwhile;
  }
}
