/** By VS Code's name of an encoding: its name for people, and its label for `TextDecoder`. */
const legacy: Readonly<Record<string, readonly [name: string, label: string]>> = {
  windows1250: ['Windows 1250', 'windows-1250'],
  windows1251: ['Windows 1251', 'windows-1251'],
  windows1253: ['Windows 1253', 'windows-1253'],
  windows1254: ['Windows 1254', 'windows-1254'],
  windows1255: ['Windows 1255', 'windows-1255'],
  windows1256: ['Windows 1256', 'windows-1256'],
  windows1257: ['Windows 1257', 'windows-1257'],
  windows1258: ['Windows 1258', 'windows-1258'],
  windows874: ['Windows 874', 'windows-874'],
  iso88592: ['ISO 8859-2', 'iso-8859-2'],
  iso88593: ['ISO 8859-3', 'iso-8859-3'],
  iso88594: ['ISO 8859-4', 'iso-8859-4'],
  iso88595: ['ISO 8859-5', 'iso-8859-5'],
  iso88596: ['ISO 8859-6', 'iso-8859-6'],
  iso88597: ['ISO 8859-7', 'iso-8859-7'],
  iso88598: ['ISO 8859-8', 'iso-8859-8'],
  iso88599: ['ISO 8859-9', 'iso-8859-9'],
  iso885910: ['ISO 8859-10', 'iso-8859-10'],
  iso885911: ['ISO 8859-11', 'iso-8859-11'],
  iso885913: ['ISO 8859-13', 'iso-8859-13'],
  iso885914: ['ISO 8859-14', 'iso-8859-14'],
  iso885915: ['ISO 8859-15', 'iso-8859-15'],
  macroman: ['Mac Roman', 'macintosh'],
  cp866: ['CP 866', 'ibm866'],
  koi8r: ['KOI8-R', 'koi8-r'],
  koi8u: ['KOI8-U', 'koi8-u'],
  gbk: ['GBK', 'gbk'],
  gb2312: ['GB 2312', 'gbk'],
  gb18030: ['GB 18030', 'gb18030'],
  cp950: ['Big5', 'big5'],
  big5hkscs: ['Big5-HKSCS', 'big5'],
  shiftjis: ['Shift JIS', 'shift_jis'],
  eucjp: ['EUC-JP', 'euc-jp'],
  euckr: ['EUC-KR', 'euc-kr'],
};

/** The names of the encodings that need no `TextDecoder`. */
const names: Readonly<Record<string, string>> = {
  utf8: 'UTF-8',
  utf8bom: 'UTF-8 with BOM',
  utf16le: 'UTF-16 LE',
  utf16be: 'UTF-16 BE',
  utf16leWithoutBom: 'UTF-16 LE without BOM',
  utf16beWithoutBom: 'UTF-16 BE without BOM',
  windows1252: 'Windows 1252',
  iso88591: 'ISO 8859-1',
};

/** The name of an encoding for people. */
export function encodingName(encoding: string): string {
  return names[encoding] ?? legacy[encoding]?.[0] ?? encoding;
}

/**
 * The bytes 0x80 to 0x9f in windows-1252, where it differs from Latin-1. The five undefined ones keep their control
 * characters of Latin-1, so that every byte survives a round trip.
 */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Not by `TextDecoder`, which reads windows-1252 as Latin-1 in Node.js 20. */
export function decodeWindows1252(latin1: string): string {
  return latin1.replace(/[\x80-\x9f]/g, (byte) => windows1252.charAt(byte.charCodeAt(0) - 0x80));
}

/**
 * Decodes bytes in an encoding that is not Unicode; bytes without meaning are U+FFFD. Undefined if the encoding is
 * unknown.
 */
export function decodeLegacy(bytes: Buffer, encoding: string): string | undefined {
  if (encoding === 'iso88591') return bytes.toString('latin1');
  if (encoding === 'windows1252') return decodeWindows1252(bytes.toString('latin1'));
  const label = legacy[encoding]?.[1];
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    // This build of Node.js does not have the encoding.
    return undefined;
  }
}

/** Encodes a text in an encoding with one byte for each of its characters; undefined if it has another character. */
export function encodeLegacy(text: string, encoding: string): Uint8Array | undefined {
  const byteOf = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const character = decodeLegacy(Buffer.of(byte), encoding) ?? '';
    if (character.length === 1 && character !== '\ufffd' && !byteOf.has(character)) byteOf.set(character, byte);
  }
  const bytes = Buffer.alloc(text.length);
  for (let index = 0; index < text.length; index++) {
    const byte = byteOf.get(text.charAt(index));
    if (byte === undefined) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}
