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
