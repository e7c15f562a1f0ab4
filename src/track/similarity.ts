import { sniffedBytes } from '../diff/text';

/** Longer lines are split into pieces of this many bytes, as in git. */
const maxPieceBytes = 64;
const lineFeed = 10;

/** The lines of a file, without their order, and the bytes of each. */
export interface Fingerprint {
  /** The size of the whole file in bytes. */
  readonly size: number;
  readonly pieces: ReadonlyMap<string, number>;
}

/**
 * Ignores carriage returns at line ends of texts, so that other line endings do not make another file, and what follows
 * the last whole piece.
 */
export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isText = !buffer.subarray(0, sniffedBytes).includes(0);
  const text = isText ? buffer.toString('latin1').replaceAll('\r\n', '\n') : buffer.toString('latin1');
  const pieces = new Map<string, number>();
  for (let start = 0; start < text.length;) {
    let end = start;
    const limit = Math.min(start + maxPieceBytes, text.length);
    while (end < limit && text.charCodeAt(end++) !== lineFeed);
    const piece = text.slice(start, end);
    const isWhole = piece.length === maxPieceBytes || piece.endsWith('\n');
    if (isWhole) pieces.set(piece, (pieces.get(piece) ?? 0) + piece.length);
    start = end;
  }
  return { size: bytes.length, pieces };
}

/**
 * The similarity of each file of one list to each of another: the bytes of common lines divided by the size of the
 * larger file, 0 to 1. The time grows with the number of lines, not of pairs.
 */
export function similarities(left: readonly Fingerprint[], right: readonly Fingerprint[]): number[][] {
  const holders = new Map<string, { readonly index: number; readonly bytes: number }[]>();
  right.forEach(({ pieces }, index) => {
    for (const [piece, bytes] of pieces) {
      const list = holders.get(piece);
      if (list) list.push({ index, bytes });
      else holders.set(piece, [{ index, bytes }]);
    }
  });
  return left.map(({ size, pieces }) => {
    const shared = right.map(() => 0);
    for (const [piece, bytes] of pieces) {
      for (const other of holders.get(piece) ?? []) {
        shared[other.index] = (shared[other.index] ?? 0) + Math.min(bytes, other.bytes);
      }
    }
    return shared.map((bytes, index) => bytes / Math.max(size, right[index]?.size ?? 0, 1));
  });
}

/** How many names at their ends two paths have in common: files of a moved folder keep theirs. */
export function commonTail(a: string, b: string): number {
  const left = a.split('/').reverse();
  const right = b.split('/').reverse();
  const differ = left.findIndex((name, index) => name !== right[index]);
  return differ < 0 ? left.length : differ;
}
