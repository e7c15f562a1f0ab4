import { isAscii, isUtf8 } from 'node:buffer';
import { decodeLegacy, decodeWindows1252 } from './encodings';

/** The encodings that can represent every text; all but `utf8` begin with their byte order mark. */
export type UnicodeEncoding = 'utf8' | 'utf8bom' | 'utf16le' | 'utf16be';

const unicodeEncodings: readonly string[] = ['utf8', 'utf8bom', 'utf16le', 'utf16be'] satisfies UnicodeEncoding[];

export interface DecodedText {
  /** Without the byte order mark. Bytes without meaning in the encoding are U+FFFD. */
  readonly text: string;
  /** VS Code's name of the encoding; one of UTF-16 ends with `WithoutBom` if the mark is missing. */
  readonly encoding: string;
  /** A byte has no meaning in the encoding, so that other bytes can give the same text. */
  readonly isDamaged: boolean;
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
// oxlint-disable-next-line no-control-regex -- to match them
const controls = /[\x00-\x07\x0e-\x19\x1c-\x1f\x7f]/;

/** An expected encoding is used if there are this many characters for each wrong byte. */
const minValid = 5;

/**
 * Decodes bytes; undefined when they are binary. A byte order mark decides first, then the first of `encodings` (VS
 * Code's names) in which all but a few bytes have a meaning (all in UTF-8), then what the bytes look like.
 */
export function decode(bytes: Uint8Array, encodings: readonly string[] = []): DecodedText | undefined {
  const buffer = bufferOf(bytes);
  const marked = decodeMarked(buffer);
  if (marked !== 'unmarked') return marked;
  for (const encoding of encodings) {
    const decoded = decodeExpected(buffer, encoding, false);
    if (decoded) return decoded;
  }
  return decodeByGuess(buffer, false);
}

/** Decodes bytes as an editor does that uses this encoding, whatever they look like. */
export function decodeAs(bytes: Uint8Array, encoding: string): DecodedText | undefined {
  const buffer = bufferOf(bytes);
  const marked = decodeMarked(buffer);
  if (marked !== 'unmarked') return marked;
  return decodeExpected(buffer, encoding, true) ?? decodeByGuess(buffer, false);
}

/** Decodes bytes that are to be compared with text in UTF-8: a single valid sequence means UTF-8 with damage. */
export function decodeLikeUtf8(bytes: Uint8Array): DecodedText | undefined {
  return decodeByGuess(bufferOf(bytes), true);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Undefined for binary data that begins like UTF-16. */
function decodeMarked(buffer: Buffer): DecodedText | undefined | 'unmarked' {
  if (startsWith(buffer, utf16leBom)) return decodeUtf16(buffer.subarray(utf16leBom.length), 'utf16le');
  if (startsWith(buffer, utf16beBom)) return decodeUtf16(buffer.subarray(utf16beBom.length), 'utf16be');
  if (!startsWith(buffer, utf8Bom)) return 'unmarked';
  return hasNul(buffer) ? undefined : decodeUtf8(buffer.subarray(utf8Bom.length), 'utf8bom');
}

/** Undefined where too many bytes have no meaning in the encoding, unless `isForgiving`. */
function decodeExpected(buffer: Buffer, encoding: string, isForgiving: boolean): DecodedText | undefined {
  if (encoding === 'utf16le' || encoding === 'utf16be') {
    // Most text in ASCII is also valid as UTF-16, as rare Chinese characters.
    const isOther = !isForgiving && isUtf8(buffer) && !hasNul(buffer);
    return isOther ? undefined : decodeUtf16(buffer, `${encoding}WithoutBom`);
  }
  if (hasNul(buffer)) return undefined;
  if (encoding === 'utf8' || encoding === 'utf8bom') {
    return isForgiving || isUtf8(buffer) ? decodeUtf8(buffer, 'utf8') : undefined;
  }
  // Text in ASCII has the same bytes in UTF-8 and says nothing about the encoding.
  if (isAscii(buffer)) return undefined;
  const text = decodeLegacy(buffer, encoding);
  if (text === undefined) return undefined;
  const { wrong, valid } = countCharacters(text);
  return isForgiving || wrong * minValid <= valid ? { text, encoding, isDamaged: wrong > 0 } : undefined;
}

function decodeByGuess(buffer: Buffer, isLikelyUtf8: boolean): DecodedText | undefined {
  if (hasNul(buffer)) return guessUtf16(buffer);
  const utf8 = decodeUtf8(buffer, 'utf8');
  if (!utf8.isDamaged || isMostlyUtf8(utf8.text, isLikelyUtf8)) return utf8;
  const latin1 = buffer.toString('latin1');
  if (controls.test(latin1)) return undefined;
  return { text: decodeWindows1252(latin1), encoding: 'windows1252', isDamaged: false };
}

function decodeUtf8(buffer: Buffer, encoding: 'utf8' | 'utf8bom'): DecodedText {
  // The same text, several times as fast.
  if (isAscii(buffer)) return { text: buffer.toString('latin1'), encoding, isDamaged: false };
  return { text: buffer.toString('utf8'), encoding, isDamaged: !isUtf8(buffer) };
}

/** Text of other encodings hardly ever has as many valid sequences as wrong bytes. */
function isMostlyUtf8(text: string, isLikely: boolean): boolean {
  const { wrong, valid } = countCharacters(text);
  return isLikely ? valid > 0 : valid >= wrong;
}

/** How many characters stand for wrong bytes, and how many others are not ASCII. */
function countCharacters(text: string): { readonly wrong: number; readonly valid: number } {
  const wrong = text.match(/\ufffd/g)?.length ?? 0;
  return { wrong, valid: text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0 };
}

/** Undefined for a NUL; half a unit at the end is U+FFFD. */
function decodeUtf16(buffer: Buffer, encoding: string): DecodedText | undefined {
  const whole = buffer.subarray(0, buffer.length & ~1);
  const units = encoding.startsWith('utf16le') ? whole : Buffer.from(whole).swap16();
  const text = units.toString('utf16le');
  if (text.slice(0, sniffedBytes / 2).includes('\0')) return undefined;
  const isDamaged = whole.length < buffer.length;
  return { text: isDamaged ? `${text}\ufffd` : text, encoding, isDamaged };
}

/** Without a mark: NULs only, and often enough, in the upper half of units, and only characters that text has. */
function guessUtf16(buffer: Buffer): DecodedText | undefined {
  const start = buffer.subarray(0, sniffedBytes);
  const [even, odd] = [0, 1].map((half) => start.filter((byte, at) => byte === 0 && at % 2 === half).length);
  const nuls = Math.max(even ?? 0, odd ?? 0);
  const isMixed = even !== 0 && odd !== 0;
  // Chinese text has few NULs; but then it has bytes that are not ASCII.
  const least = isAscii(start) ? start.length / 4 : start.length / 1000;
  if (isMixed || nuls < least || buffer.length % 2 !== 0) return undefined;
  const decoded = decodeUtf16(buffer, even === 0 ? 'utf16leWithoutBom' : 'utf16beWithoutBom');
  return decoded && !controls.test(decoded.text) && !notText.test(decoded.text) ? decoded : undefined;
}

/** Halves of surrogate pairs, characters for private use, and those that do not exist. */
const notText = /\p{Cs}|\p{Co}|\p{Cn}/u;

function hasNul(buffer: Buffer): boolean {
  return buffer.subarray(0, sniffedBytes).includes(0);
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

function startsWith(buffer: Buffer, bom: Buffer): boolean {
  return buffer.subarray(0, bom.length).equals(bom);
}
