import * as zlib from 'node:zlib';

type Crc32 = (bytes: Uint8Array, start?: number) => number;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** {@link crc32} where the runtime has none. */
export function crc32InScript(bytes: Uint8Array, start = 0): number {
  let value = ~start;
  for (const byte of bytes) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}

function nativeCrc32(): Crc32 | undefined {
  const candidate: unknown = Reflect.get(zlib, 'crc32');
  return typeof candidate === 'function' ? (candidate as Crc32) : undefined;
}

/** The CRC-32 of zip, gzip and PNG; `start` continues from an earlier result. Node has it built in since 20.15 and 22.2. */
export const crc32: Crc32 = nativeCrc32() ?? crc32InScript;
