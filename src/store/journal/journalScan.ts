import { crc32 } from '../../base/crc32';
import type { ReadFile } from '../disk/filePort';
import {
  decodeHead,
  headerBytes,
  recordHeadBytes,
  recordLength,
  recordMagic,
  recordType,
  type RecordHead,
} from './journalFormat';
import type { CatalogEntry } from '../catalog/catalogBatch';
import { decodeContentRow } from '../format/contentEncoding';
import { parseAnnotation } from '../format/annotation';
import { decodeVersionRow } from '../format/versionRow';

/** Where a record is in its journal. */
export interface RecordPlace {
  readonly position: number;
  readonly length: number;
}

export interface ScannedRecord extends RecordPlace {
  readonly type: number;
  /** Valid until the next record. */
  readonly meta: Uint8Array;
}

export interface JournalScanResult {
  /** Up to where the journal was read: what follows is an unfinished write. */
  readonly end: number;
  /** Ranges without a whole record that are no unfinished write. */
  readonly damage: readonly { readonly from: number; readonly to: number }[];
}

const windowBytes = 1 << 20;

/** Reads a file through one buffer. */
class Window {
  private buffer: Uint8Array = new Uint8Array(0);
  private start = 0;

  constructor(
    private readonly file: ReadFile,
    readonly size: number,
  ) {}

  /** `length` bytes from `position`, fewer at the end; valid until the next call. */
  async bytes(position: number, length: number): Promise<Uint8Array> {
    const end = Math.min(position + length, this.size);
    if (position < this.start || end > this.start + this.buffer.length) {
      this.buffer = await this.file.read(position, Math.min(Math.max(length, windowBytes), this.size - position));
      this.start = position;
    }
    return this.buffer.subarray(position - this.start, Math.max(position, end) - this.start);
  }

  async crc(position: number, length: number, start: number): Promise<number> {
    let value = start;
    for (let at = position; at < position + length; at += windowBytes) {
      value = crc32(await this.bytes(at, Math.min(windowBytes, position + length - at)), value);
    }
    return value;
  }
}

/** Whether the record with this head at `position` is whole. */
async function isWhole(window: Window, head: RecordHead, position: number, salt: number): Promise<boolean> {
  const end = position + recordLength(head) - 4;
  if (end + 4 > window.size) return false;
  const from = position + recordHeadBytes;
  const crc = await window.crc(from, end - from, salt);
  const trailer = await window.bytes(end, 4);
  return trailer.length === 4 && Buffer.from(trailer).readUInt32LE(0) === crc;
}

async function recordAt(window: Window, position: number, salt: number): Promise<RecordHead | undefined> {
  const head = decodeHead(await window.bytes(position, recordHeadBytes), salt, position);
  return head !== undefined && (await isWhole(window, head, position, salt)) ? head : undefined;
}

/** The position of the first whole record after `position`, or undefined. */
async function nextRecord(window: Window, position: number, salt: number): Promise<number | undefined> {
  for (let at = position + 1; at < window.size;) {
    const bytes = Buffer.from(await window.bytes(at, windowBytes));
    const found = bytes.indexOf(recordMagic);
    if (found < 0) {
      at += Math.max(1, bytes.length - recordMagic.length + 1);
    } else if ((await recordAt(window, at + found, salt)) !== undefined) {
      return at + found;
    } else {
      at += found + 1;
    }
  }
  return undefined;
}

/** Whether the bytes from `position` on are an unfinished write: a part of a record, or blocks of zeros. */
async function isTorn(window: Window, position: number, salt: number): Promise<boolean> {
  const start = await window.bytes(position, recordHeadBytes);
  if (start.length < recordHeadBytes) return true;
  const head = decodeHead(start, salt, position);
  if (head !== undefined) return position + recordLength(head) > window.size;
  for (let at = position; at < window.size; at += windowBytes) {
    if ((await window.bytes(at, windowBytes)).some((byte) => byte !== 0)) return false;
  }
  return true;
}

/**
 * Reads the records of a journal from `from` up to `size`, skipping damage. At the end of a journal that is being
 * written (`isGrowing`), a record may be incomplete.
 */
export async function scanJournal(
  file: ReadFile,
  range: { readonly from: number; readonly size: number; readonly salt: number; readonly isGrowing: boolean },
  onRecord: (record: ScannedRecord) => void,
): Promise<JournalScanResult> {
  const { size, salt } = range;
  const window = new Window(file, size);
  const damage: { from: number; to: number }[] = [];
  let position = size < headerBytes ? 0 : Math.max(range.from, headerBytes);
  while (position >= headerBytes && position < size) {
    const head = await recordAt(window, position, salt);
    if (head !== undefined) {
      const meta = await window.bytes(position + recordHeadBytes, head.metaLength);
      onRecord({ type: head.type, position, length: recordLength(head), meta });
      position += recordLength(head);
      continue;
    }
    const next = await nextRecord(window, position, salt);
    if (next === undefined) {
      if (range.isGrowing || (await isTorn(window, position, salt))) break;
      damage.push({ from: position, to: size });
      position = size;
      break;
    }
    damage.push({ from: position, to: next });
    position = next;
  }
  return { end: position, damage };
}

/** The entry in a record of a journal; `other` for an unknown type, undefined for an invalid record. */
export function entryOf({ type, meta, position, length }: ScannedRecord): CatalogEntry | 'other' | undefined {
  switch (type) {
    case recordType.version: {
      const row = decodeVersionRow(meta);
      return row && { type: 'version', row };
    }
    case recordType.content: {
      const row = decodeContentRow(meta);
      if (row === undefined) return undefined;
      const { sha256, depth, base } = row;
      return { type: 'content', sha256, place: { position, length, depth, ...(base === undefined ? {} : { base }) } };
    }
    case recordType.annotation: {
      const annotation = parseAnnotation(Buffer.from(meta).toString('utf8'));
      return annotation && { type: 'annotation', annotation };
    }
    default:
      return 'other';
  }
}
