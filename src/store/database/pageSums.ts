import { crc32 } from '../disk/crc32';

/**
 * SQLite files of a store end with the checksums of their pages, behind the last page, where SQLite does not look; in
 * segments, parity pages stand before them, which have checksums too:
 *
 * ```
 * trailer = CRC-32 of each page, u32 each, little-endian   "OBBYSUMS"   pages u32   crc u32 (of all before it)
 * ```
 *
 * `pages` counts those of the database. Of so many parity pages, the one with the number n is the exclusive or of the
 * pages n, n + count, n + 2 count...
 */
export const pageBytes = 1024;
const magic = Buffer.from('OBBYSUMS', 'latin1');
const tailBytes = magic.length + 8;
/** So many pages side by side can be put right at least: a block of most file systems. */
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

/** Puts the exclusive or of both into the first. */
export function addTo(sum: Uint8Array, bytes: Uint8Array): void {
  for (let n = 0; n < bytes.length; n++) sum[n] = (sum[n] ?? 0) ^ (bytes[n] ?? 0);
}

/** The bytes of the trailer of a file of `size` bytes, or undefined when no such file has one. */
export function trailerBytes(size: number): number | undefined {
  const pages = (size - tailBytes) / (pageBytes + 4);
  return Number.isInteger(pages) && pages > 0 ? pages * 4 + tailBytes : undefined;
}

export interface Trailer {
  /** Of all pages; those behind the database's are parity pages. */
  readonly sums: Uint32Array;
  /** Of the database. */
  readonly pages: number;
  /** One bit of the trailer was wrong. */
  readonly isMended: boolean;
}

/** Undefined when it is damaged by more than one bit. */
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
 * Makes bytes what their checksum says, if at most one bit of them is wrong: the differences that single bits make to
 * a CRC-32 are all different. False when more is wrong; the bytes are then as they were.
 */
export function mend(bytes: Uint8Array, sum: number): boolean {
  const actual = crc32(bytes);
  if (actual === sum) return true;
  const bit = wrongBit(bytes.length, (actual ^ sum) >>> 0);
  // Without a wrong bit in the bytes, it is the checksum that is wrong.
  if (bit === undefined) return isOneBit((actual ^ sum) >>> 0);
  const at = Math.floor(bit / 8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  return true;
}

function isOneBit(value: number): boolean {
  return (value & (value - 1)) === 0;
}

/** Which bit of so many bytes changes a CRC-32 by `difference`. */
function wrongBit(length: number, difference: number): number | undefined {
  // The differences of the last byte's bits; those of a byte further ahead follow by reading one more zero.
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

/** What a difference becomes when one more equal byte follows: a CRC-32 is linear but for its inversions. */
function afterZero(value: number): number {
  let next = value;
  for (let bit = 0; bit < 8; bit++) next = next & 1 ? (next >>> 1) ^ 0xedb88320 : next >>> 1;
  return next >>> 0;
}
