import type { Codec, DeltaBase } from './codec';

/** Contents up to this size share blocks. */
export const maxPartBytes = 256 << 10;
/** A block is closed once it holds this much: what must be unpacked to read the smallest content in it. */
const blockBytes = 512 << 10;
/** So many blocks of a file stand on each other in a row; the next row begins on the start of this one. */
const rowBlocks = 16;
/** A file begins in a block that stands on at most so many others, so that short histories are read fast. */
const maxFirstDepth = 3;

/** A content that has its place in a segment. */
export interface PlacedBase extends DeltaBase {
  /** Its number there. */
  readonly n: number;
}

/** Where a content stands. */
export interface Part {
  readonly block: number;
  readonly at: number;
  /** How many blocks must be read before its own. */
  readonly depth: number;
}

/** Called with each block that is full. */
export type OnBlock = (
  block: { readonly n: number; readonly size: number; readonly base?: number },
  body: Uint8Array,
) => void;

/**
 * Packs contents one behind the other, the versions of a file side by side: what they share stands in their block once,
 * and a block that begins within a history has a content of an earlier one as its dictionary.
 */
export class SegmentBlocks {
  private parts: Uint8Array[] = [];
  private size = 0;
  private count = 0;
  private depth = 0;
  private base: PlacedBase | undefined;
  /** Blocks that began within the present file. */
  private begun = 0;
  private rowStart: PlacedBase | undefined;

  constructor(
    private readonly codec: Codec,
    private readonly onBlock: OnBlock,
  ) {}

  /** `last` is the content before it in its file; undefined where a file begins. */
  add(bytes: Uint8Array, last: PlacedBase | undefined): Part {
    if (last === undefined) this.beginFile();
    if (this.parts.length === 0) this.beginBlock(last);
    const part = { block: this.count + 1, at: this.size, depth: this.depth };
    // A copy: a caller's buffer may change before the block is closed.
    this.parts.push(new Uint8Array(bytes));
    this.size += bytes.length;
    if (this.size >= blockBytes) this.close();
    return part;
  }

  /** Packs what is left. */
  close(): void {
    if (this.parts.length === 0) return;
    const { size, base } = this;
    const block = { n: ++this.count, size, ...(base === undefined ? {} : { base: base.n }) };
    this.onBlock(block, this.codec.block(Buffer.concat(this.parts), base?.bytes));
    this.parts = [];
    this.size = 0;
    this.base = undefined;
  }

  private beginFile(): void {
    this.begun = 0;
    this.rowStart = undefined;
    if (this.depth > maxFirstDepth) this.close();
  }

  private beginBlock(last: PlacedBase | undefined): void {
    if (last !== undefined) this.begun++;
    if (this.begun % rowBlocks === 1) this.rowStart = last;
    const base = this.begun % rowBlocks === 0 ? this.rowStart : last;
    this.base = base !== undefined && this.codec.isBase(base, blockBytes) ? base : undefined;
    this.depth = this.base === undefined ? 0 : this.base.depth + 1;
  }
}
