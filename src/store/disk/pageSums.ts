import { crc32 } from '../../base/crc32';

/**
 * SQLite files of a store end with the checksums of their pages, after the last page, which SQLite does not read. In
 * segments, parity pages come before them, which have checksums too:
 *
 * ```
 * trailer = CRC-32 of each page, u32 each, little-endian   "OBBYSUMS"   pages u32   crc u32 (of all before it)
 * ```
 *
 * `pages` counts the pages of the database. With k parity pages, parity page n is the exclusive or of the pages n, n + k,
 * n + 2k...
 */
export const pageBytes = 1024;
const magic = Buffer.from('OBBYSUMS', 'latin1');
const tailBytes = magic.length + 8;
/** At least this many adjacent pages can be repaired: a block of most file systems. */
const minParity = 4;
/** Pages that share a parity page in a large file. */
const pagesPerParity = 512;

export function trailerOf(sums: Uint32Array, pages = sums.length): Buffer {
  const bytes = Buffer.alloc(sums.length * 4 + tailBytes);
  for (const [n, sum] of sums.entries()) bytes.writeUInt32LE(sum, n * 4);
  magic.copy(bytes, sums.length * 4);
  bytes.writeUInt32LE(pages, sums.length * 4 + magic.length);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

/** A database file with parity pages and its trailer. */
export function withTrailer(database: Uint8Array): Buffer {
  const pages = database.length / pageBytes;
  const whole = Buffer.concat([database, parityOf(database, pages)]);
  return Buffer.concat([whole, trailerOf(sumsOf(whole), pages)]);
}

function parityOf(database: Uint8Array, pages: number): Buffer {
  const bytes = Buffer.alloc(Math.max(minParity, Math.ceil(pages / pagesPerParity)) * pageBytes);
  for (let at = 0; at < database.length; at += bytes.length) addTo(bytes, database.subarray(at, at + bytes.length));
  return bytes;
}

/** Stores the exclusive or of both in the first. */
export function addTo(sum: Uint8Array, bytes: Uint8Array): void {
  for (let n = 0; n < bytes.length; n++) sum[n] = (sum[n] ?? 0) ^ (bytes[n] ?? 0);
}

/** The length of the trailer of a file of `size` bytes; undefined when no file of this size has one. */
export function trailerBytes(size: number): number | undefined {
  const pages = (size - tailBytes) / (pageBytes + 4);
  return Number.isInteger(pages) && pages > 0 ? pages * 4 + tailBytes : undefined;
}

export interface Trailer {
  /** Checksums of all pages; those after the database's are of parity pages. */
  readonly sums: Uint32Array;
  /** Number of pages of the database. */
  readonly pages: number;
  /** Whether one bit of the trailer was wrong, and was corrected. */
  readonly isMended: boolean;
}

/** Undefined when more than one bit is wrong. */
export function parseTrailer(trailer: Buffer): Trailer | undefined {
  const whole = trailer.subarray(0, -4);
  const sum = trailer.readUInt32LE(trailer.length - 4);
  const isMended = crc32(whole) !== sum;
  if (isMended && !mend(whole, sum)) return undefined;
  const count = (trailer.length - tailBytes) / 4;
  if (!whole.subarray(count * 4, count * 4 + magic.length).equals(magic)) return undefined;
  const pages = Math.min(count, whole.readUInt32LE(count * 4 + magic.length));
  return { sums: Uint32Array.from({ length: count }, (_, n) => whole.readUInt32LE(n * 4)), pages, isMended };
}

export function sumsOf(database: Uint8Array): Uint32Array {
  return Uint32Array.from({ length: database.length / pageBytes }, (_, n) =>
    crc32(database.subarray(n * pageBytes, (n + 1) * pageBytes)),
  );
}

/**
 * Corrects bytes by their checksum if at most one bit is wrong: every single bit changes a CRC-32 in a different way.
 * Returns false when more is wrong; the bytes are unchanged then.
 */
export function mend(bytes: Uint8Array, sum: number): boolean {
  const actual = crc32(bytes);
  if (actual === sum) return true;
  const bit = wrongBit(bytes.length, (actual ^ sum) >>> 0);
  // If no bit of the bytes is wrong, one bit of the checksum may be.
  if (bit === undefined) return isOneBit((actual ^ sum) >>> 0);
  const at = Math.floor(bit / 8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  return true;
}

function isOneBit(value: number): boolean {
  return (value & (value - 1)) === 0;
}

/** The bit of `length` bytes that changes a CRC-32 by `difference`. */
function wrongBit(length: number, difference: number): number | undefined {
  // The differences for the last byte's bits; those of the byte before follow by appending one more zero.
  for (let bit = 0; bit < 8; bit++) {
    let value = differenceOfLastByte(1 << bit);
    for (let at = length - 1; at >= 0; at--) {
      if (value === difference) return at * 8 + bit;
      value = afterZero(value);
    }
  }
  return undefined;
}

const zero = new Uint8Array(1);
const byte = new Uint8Array(1);

function differenceOfLastByte(mask: number): number {
  byte[0] = mask;
  return (crc32(byte) ^ crc32(zero)) >>> 0;
}

/** The difference after one more equal byte: a CRC-32 is linear except for its inversions. */
function afterZero(value: number): number {
  let next = value;
  for (let bit = 0; bit < 8; bit++) next = next & 1 ? (next >>> 1) ^ 0xedb88320 : next >>> 1;
  return next >>> 0;
}
