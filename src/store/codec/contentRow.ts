/** How the body of a record or block encodes contents, in the order of their numbers there. */
export const encodings = ['raw', 'zstd', 'delta', 'splice'] as const;
/**
 * `raw`: unchanged. `zstd`: one frame. `delta`: one frame whose dictionary is the base content. `splice`: start and
 * end of the base, and between them a frame whose dictionary is the stretch of the base that it replaces; see splice.ts.
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
