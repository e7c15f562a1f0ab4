/** How the body of a record or block encodes contents, in the order of their numbers there. */
export const encodings = ['raw', 'zstd', 'delta', 'splice'] as const;
/**
 * `raw`: unchanged. `zstd`: one frame. `delta`: one frame whose dictionary is the base content. `splice`: start and
 * end of the base, and between them a frame whose dictionary is the stretch of the base that it replaces; see {@link Splice}.
 */
export type Encoding = (typeof encodings)[number];

/** The meta of a content record. */
export interface ContentRow {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes of the content itself. */
  readonly size: number;
  readonly encoding: Encoding;
  /** How many contents must be decoded before this one: 0, or one more than for the base. */
  readonly depth: number;
  /** SHA-256 of the base, a content in the same journal; present for `delta` and `splice` only. */
  readonly base?: string;
}

const hashBytes = 32;
const plainBytes = hashBytes + 6;

/** `sha256: 32 bytes  size u32  encoding u8  depth u8  [base: 32 bytes]`, little-endian. */
export function encodeContentRow(row: ContentRow): Uint8Array {
  const bytes = Buffer.alloc(plainBytes + (row.base === undefined ? 0 : hashBytes));
  bytes.write(row.sha256, 0, 'hex');
  bytes.writeUInt32LE(row.size, hashBytes);
  bytes.writeUInt8(encodings.indexOf(row.encoding), hashBytes + 4);
  bytes.writeUInt8(row.depth, hashBytes + 5);
  if (row.base !== undefined) bytes.write(row.base, plainBytes, 'hex');
  return bytes;
}

/** Undefined when the bytes are no content row. */
export function decodeContentRow(meta: Uint8Array): ContentRow | undefined {
  const bytes = Buffer.from(meta.buffer, meta.byteOffset, meta.byteLength);
  if (bytes.length < plainBytes) return undefined;
  const encoding = encodings[bytes.readUInt8(hashBytes + 4)];
  if (encoding === undefined) return undefined;
  const hasBase = encoding === 'delta' || encoding === 'splice';
  if (bytes.length !== plainBytes + (hasBase ? hashBytes : 0)) return undefined;
  return {
    sha256: bytes.toString('hex', 0, hashBytes),
    size: bytes.readUInt32LE(hashBytes),
    encoding,
    depth: bytes.readUInt8(hashBytes + 5),
    ...(hasBase ? { base: bytes.toString('hex', plainBytes) } : {}),
  };
}

/** How many bytes at the start and at the end a content has in common with its base. */
export interface Splice {
  readonly prefix: number;
  readonly suffix: number;
}

/** The dictionary of the replacement is the replaced stretch and this much of the base on either side. */
const marginBytes = 32 << 10;
const blockBytes = 16 << 10;
const spliceHeadBytes = 8;

/** The longest common start and the longest common end, which do not overlap. */
export function findSplice(before: Uint8Array, after: Uint8Array): Splice {
  const most = Math.min(before.length, after.length);
  const prefix = commonStart(before, after, most);
  return { prefix, suffix: commonEnd(before, after, most - prefix) };
}

function commonStart(a: Uint8Array, b: Uint8Array, most: number): number {
  let length = 0;
  while (length + blockBytes <= most && areEqual(a, length, b, length)) length += blockBytes;
  while (length < most && a[length] === b[length]) length++;
  return length;
}

function commonEnd(a: Uint8Array, b: Uint8Array, most: number): number {
  let length = 0;
  const isBlock = (): boolean => areEqual(a, a.length - length - blockBytes, b, b.length - length - blockBytes);
  while (length + blockBytes <= most && isBlock()) length += blockBytes;
  while (length < most && a[a.length - length - 1] === b[b.length - length - 1]) length++;
  return length;
}

function areEqual(a: Uint8Array, atA: number, b: Uint8Array, atB: number): boolean {
  return Buffer.compare(a.subarray(atA, atA + blockBytes), b.subarray(atB, atB + blockBytes)) === 0;
}

/** The bytes of a base of `length` bytes that are the dictionary of the part between the common ends. */
export function dictionaryRange(
  { prefix, suffix }: Splice,
  length: number,
): { readonly from: number; readonly to: number } {
  return { from: Math.max(0, prefix - marginBytes), to: Math.min(length, length - suffix + marginBytes) };
}

/** `prefix u32  suffix u32  frame`, little-endian. */
export function encodeSplice({ prefix, suffix }: Splice, frame: Uint8Array): Uint8Array {
  const body = Buffer.alloc(spliceHeadBytes + frame.length);
  body.writeUInt32LE(prefix, 0);
  body.writeUInt32LE(suffix, 4);
  body.set(frame, spliceHeadBytes);
  return body;
}

/** Throws when the body is too short. */
export function decodeSplice(body: Uint8Array): Splice & { readonly frame: Uint8Array } {
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return { prefix: view.readUInt32LE(0), suffix: view.readUInt32LE(4), frame: body.subarray(spliceHeadBytes) };
}
