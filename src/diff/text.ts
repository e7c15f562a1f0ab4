import { isUtf8 } from 'node:buffer';

/** The encoding of a text; `utf8bom` and the UTF-16 ones begin with their byte order mark. */
type TextEncoding = UnicodeEncoding | 'windows1252';
export type UnicodeEncoding = 'utf8' | 'utf8bom' | 'utf16le' | 'utf16be';

const unicodeEncodings: readonly string[] = ['utf8', 'utf8bom', 'utf16le', 'utf16be'] satisfies UnicodeEncoding[];

export interface DecodedText {
  /** Without the byte order mark. */
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** A NUL within this many bytes means binary, as in git. */
export const sniffedBytes = 8000;

const utf8Bom = Buffer.from([0xef, 0xbb, 0xbf]);
const utf16leBom = Buffer.from([0xff, 0xfe]);
const utf16beBom = Buffer.from([0xfe, 0xff]);

/**
 * Control characters that text files do not have: all except backspace, tab, line and page breaks, DOS's end of file
 * and escape.
 */
// eslint-disable-next-line no-control-regex -- to match them
const controls = /[\x00-\x07\x0e-\x19\x1c-\x1f\x7f]/;

/**
 * The bytes 0x80 to 0x9f in windows-1252, where it differs from Latin-1. The five undefined ones keep their control
 * characters of Latin-1, so that every byte survives a round trip.
 */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Decodes bytes; undefined when they are binary. No byte is lost: different bytes give different texts. */
export function decode(bytes: Uint8Array): DecodedText | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(buffer, utf16leBom)) return decodeUtf16(buffer, 'utf16le');
  if (startsWith(buffer, utf16beBom)) return decodeUtf16(buffer, 'utf16be');
  if (buffer.subarray(0, sniffedBytes).includes(0)) return undefined;
  if (isUtf8(buffer)) {
    const hasBom = startsWith(buffer, utf8Bom);
    return hasBom
      ? { text: buffer.toString('utf8', utf8Bom.length), encoding: 'utf8bom' }
      : { text: buffer.toString('utf8'), encoding: 'utf8' };
  }
  const text = buffer.toString('latin1');
  if (controls.test(text)) return undefined;
  return {
    text: text.replace(/[\x80-\x9f]/g, (byte) => windows1252.charAt(byte.charCodeAt(0) - 0x80)),
    encoding: 'windows1252',
  };
}

/** Encodes a text; the inverse of {@link decode}. */
export function encode(text: string, encoding: UnicodeEncoding): Uint8Array {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(text, 'utf8');
    case 'utf8bom':
      return Buffer.concat([utf8Bom, Buffer.from(text, 'utf8')]);
    case 'utf16le':
      return Buffer.concat([utf16leBom, Buffer.from(text, 'utf16le')]);
    case 'utf16be':
      return Buffer.concat([utf16beBom, Buffer.from(text, 'utf16le').swap16()]);
  }
}

/** Whether an encoding can represent every text, so that {@link encode} accepts it; the names are also VS Code's. */
export function isUnicode(encoding: string): encoding is UnicodeEncoding {
  return unicodeEncodings.includes(encoding);
}

/** Undefined for half a code unit at the end and for a NUL: then it is binary data that begins like UTF-16. */
function decodeUtf16(buffer: Buffer, encoding: 'utf16le' | 'utf16be'): DecodedText | undefined {
  if (buffer.length % 2 !== 0) return undefined;
  const units = encoding === 'utf16le' ? buffer : Buffer.from(buffer).swap16();
  const text = units.toString('utf16le', utf16leBom.length);
  if (text.slice(0, sniffedBytes / 2).includes('\0')) return undefined;
  return { text, encoding };
}

function startsWith(buffer: Buffer, bom: Buffer): boolean {
  return buffer.subarray(0, bom.length).equals(bom);
}

/**
 * Splits at `\n`, as `git` and `patch` do. Every line keeps its terminator, so that joining restores the text and a
 * changed line ending, or a missing last newline, is a change of that line. A lone `\r` is an ordinary character.
 * Undefined when there are more than `maxLines`.
 */
export function splitLines(text: string, maxLines = Infinity): string[] | undefined {
  const lines: string[] = [];
  let start = 0;
  while (start < text.length) {
    if (lines.length === maxLines) return undefined;
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** Replaces every line ending (`\r\n`, lone `\r`) by `\n`. */
export function normalizeEol(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
