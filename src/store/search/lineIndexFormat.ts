import { crc32 } from '../../base/crc32';
import type { TimeSlicer } from '../../base/timeSlicer';
import type { Zstd } from '../format/zstd';

/** Which lines the contents of a segment have. */
export interface LineIndex {
  /** The first 32 bits of each content's hash. */
  readonly keys: Uint32Array;
  /** The same of contents whose lines are not in the index. */
  readonly others: Uint32Array;
  /** For each of `keys`, what its lines are: see {@link eachContent}. */
  readonly lists: Uint8Array;
  /** Each line once, in parts whose lines end with `\n`; a line's number is its place in all of them. */
  readonly parts: readonly { readonly lines: number; readonly text: string }[];
}

/** `OBLX`, then the format. */
const magic = 0x584c424f;
const lineIndexFormat = 1;
const level = 16;
const headerInts = 6;
const maxUnpacked = 256 << 20;

/**
 * `magic  format  keys  others  bytes of lists unpacked  parts` as u32, the keys and others as u32, then frames, each with
 * its length and unpacked size before it and, for a part, its number of lines; at the end a CRC-32 of all before.
 */
export async function encodeLineIndex(
  { keys, others, lists, parts }: LineIndex,
  zstd: Zstd,
  slices: TimeSlicer,
): Promise<Uint8Array> {
  const header = Uint32Array.of(magic, lineIndexFormat, keys.length, others.length, lists.length, parts.length);
  const pieces: Uint8Array[] = [bytesOf(header), bytesOf(keys), bytesOf(others), ...frame(lists, 0, zstd)];
  for (const { lines, text } of parts) {
    await slices.pause();
    pieces.push(...frame(Buffer.from(text), lines, zstd));
  }
  const body = Buffer.concat(pieces);
  return Buffer.concat([body, bytesOf(Uint32Array.of(crc32(body)))]);
}

/** Undefined for a damaged index, or one of another format. */
export async function decodeLineIndex(
  bytes: Uint8Array,
  zstd: Zstd,
  slices: TimeSlicer,
): Promise<LineIndex | undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = buffer.length - 4;
  if (end < headerInts * 4 || buffer.readUInt32LE(end) !== crc32(buffer.subarray(0, end))) return undefined;
  const [found, format, keyCount = 0, otherCount = 0, , partCount = 0] = Array.from({ length: headerInts }, (_, n) =>
    buffer.readUInt32LE(n * 4),
  );
  if (found !== magic || format !== lineIndexFormat) return undefined;
  let at = headerInts * 4;
  const keysAt = (count: number): Uint32Array => {
    const values = Uint32Array.from({ length: count }, (_, n) => buffer.readUInt32LE(at + n * 4));
    at += count * 4;
    return values;
  };
  const unpack = (): { readonly lines: number; readonly bytes: Uint8Array } => {
    const [length, size, lines] = [0, 4, 8].map((offset) => buffer.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const packed = buffer.subarray(at + 12, at + 12 + length);
    at += 12 + length;
    return { lines, bytes: size > maxUnpacked ? Buffer.alloc(0) : zstd.unpack(packed, size) };
  };
  const [keys, others] = [keysAt(keyCount), keysAt(otherCount)];
  const lists = unpack().bytes;
  const parts: { readonly lines: number; readonly text: string }[] = [];
  while (parts.length < partCount) {
    await slices.pause();
    const { lines, bytes: part } = unpack();
    parts.push({ lines, text: Buffer.from(part.buffer, part.byteOffset, part.length).toString('utf8') });
  }
  return { keys, others, lists, parts };
}

function frame(bytes: Uint8Array, lines: number, zstd: Zstd): Uint8Array[] {
  const packed = zstd.compress(bytes, level);
  return [bytesOf(Uint32Array.of(packed.length, bytes.length, lines)), packed];
}

function bytesOf(array: Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Writes lists of ascending numbers: of each, what is new since the one before, and what is gone. */
export class ListWriter {
  private readonly bytes: number[] = [];
  private before: ReadonlySet<number> = new Set();

  add(numbers: ReadonlySet<number>): void {
    const added = [...numbers].filter((n) => !this.before.has(n)).sort((a, b) => a - b);
    const removed = [...this.before].filter((n) => !numbers.has(n)).sort((a, b) => a - b);
    this.list(added);
    this.list(removed);
    this.before = numbers;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  private list(numbers: readonly number[]): void {
    this.number(numbers.length);
    let last = -1;
    for (const n of numbers) {
      this.number(n - last - 1);
      last = n;
    }
  }

  private number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.bytes.push((rest % 0x80) | 0x80);
    this.bytes.push(rest);
  }
}

/** For each list, how many of its numbers are marked. */
export function* countMarked(lists: Uint8Array, isMarked: Uint8Array): Generator<number> {
  let [at, count] = [0, 0];
  const read = (): number => {
    let [value, unit] = [0, 1];
    for (let byte = lists[at++] ?? 0; ; byte = lists[at++] ?? 0) {
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  };
  const marked = (): number => {
    let [found, last] = [0, -1];
    for (let left = read(); left > 0; left--) {
      last += read() + 1;
      found += isMarked[last] ?? 0;
    }
    return found;
  };
  while (at < lists.length) {
    count += marked();
    count -= marked();
    yield count;
  }
}
