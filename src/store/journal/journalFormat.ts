import { crc32 } from '../../base/crc32';

/**
 * A journal file, little-endian throughout:
 *
 * ```
 * file    = header record*
 * header  = "OBBYJRNL"  format u32  id: 16 bytes of ASCII, padded with 0  crc u32     (32 bytes)
 * record  = "OBYR"  type u8  0 0 0  position u32  metaLength u32  bodyLength u32  crc u32   (24 bytes)
 *           meta  body  crc u32
 * type 1  = version: meta is JSON, see versionRow.ts
 * type 2  = content: meta is binary, see contentEncoding.ts; body is the encoded content
 * type 3  = annotation: meta is JSON, see annotation.ts
 * ```
 *
 * `position` is the record's own place in the file. A record's two checksums (of its first 20 bytes; of meta and body)
 * start from the CRC-32 of the journal's id. So neither stale blocks of a disk nor a journal that was itself recorded
 * as a content can be taken for records. Readers skip unknown types.
 */
export const journalFormat = 1;
export const headerBytes = 32;
export const recordHeadBytes = 24;
const trailerBytes = 4;
const fileMagic = 'OBBYJRNL';
export const recordMagic = Buffer.from('OBYR', 'latin1');
/** A longer meta counts as damage. */
export const maxMetaBytes = 1 << 20;

export const recordType = { version: 1, content: 2, annotation: 3 } as const;

export interface RecordHead {
  readonly type: number;
  readonly metaLength: number;
  readonly bodyLength: number;
}

/** The start value of a journal's checksums. */
export function saltOf(journalId: string): number {
  return crc32(Buffer.from(journalId, 'latin1'));
}

export function encodeHeader(journalId: string): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write(fileMagic, 0, 'latin1');
  bytes.writeUInt32LE(journalFormat, 8);
  bytes.write(journalId, 12, 16, 'latin1');
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
}

/** The format of a journal; undefined when the header is damaged or another journal's. */
export function decodeHeader(bytes: Uint8Array, journalId: string): number | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < headerBytes || view.toString('latin1', 0, 8) !== fileMagic) return undefined;
  if (crc32(view.subarray(0, 28)) !== view.readUInt32LE(28)) return undefined;
  const id = view.toString('latin1', 12, 28).replace(/\0+$/, '');
  return id === journalId ? view.readUInt32LE(8) : undefined;
}

export function recordLength(head: RecordHead): number {
  return recordHeadBytes + head.metaLength + head.bodyLength + trailerBytes;
}

/** The bytes of a record at `position` of its journal. */
export function encodeRecord(
  type: number,
  meta: Uint8Array,
  body: Uint8Array,
  at: { readonly salt: number; readonly position: number },
): Buffer {
  const bytes = Buffer.alloc(recordLength({ type, metaLength: meta.length, bodyLength: body.length }));
  recordMagic.copy(bytes, 0);
  bytes.writeUInt8(type, 4);
  bytes.writeUInt32LE(at.position >>> 0, 8);
  bytes.writeUInt32LE(meta.length, 12);
  bytes.writeUInt32LE(body.length, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20), at.salt), 20);
  bytes.set(meta, recordHeadBytes);
  bytes.set(body, recordHeadBytes + meta.length);
  const end = bytes.length - trailerBytes;
  bytes.writeUInt32LE(crc32(bytes.subarray(recordHeadBytes, end), at.salt), end);
  return bytes;
}

/** The head of the record that `bytes` begins with, at `position`; undefined when there is none. */
export function decodeHead(bytes: Uint8Array, salt: number, position: number): RecordHead | undefined {
  if (bytes.length < recordHeadBytes) return undefined;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, recordHeadBytes);
  if (!view.subarray(0, 4).equals(recordMagic)) return undefined;
  if (view.readUInt32LE(8) !== position >>> 0) return undefined;
  if (crc32(view.subarray(0, 20), salt) !== view.readUInt32LE(20)) return undefined;
  const head = { type: view.readUInt8(4), metaLength: view.readUInt32LE(12), bodyLength: view.readUInt32LE(16) };
  return head.metaLength > maxMetaBytes ? undefined : head;
}

/** Meta and body of a whole record, or undefined when it is damaged. */
export function decodeRecord(
  bytes: Uint8Array,
  salt: number,
  position: number,
): { readonly head: RecordHead; readonly meta: Uint8Array; readonly body: Uint8Array } | undefined {
  const head = decodeHead(bytes, salt, position);
  if (head === undefined || bytes.length < recordLength(head)) return undefined;
  const bodyAt = recordHeadBytes + head.metaLength;
  const end = bodyAt + head.bodyLength;
  const trailer = Buffer.from(bytes.buffer, bytes.byteOffset + end, trailerBytes);
  if (crc32(bytes.subarray(recordHeadBytes, end), salt) !== trailer.readUInt32LE(0)) return undefined;
  return { head, meta: bytes.subarray(recordHeadBytes, bodyAt), body: bytes.subarray(bodyAt, end) };
}
