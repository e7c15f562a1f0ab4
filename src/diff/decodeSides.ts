import { lineEndingOf, type LineEnding } from './lines';
import { decode, decodeAs, decodeLikeUtf8, type DecodedText } from './text';

/** A side of a comparison. */
export interface DiffSide {
  /** Its path in the patch: relative, with `/`. */
  readonly path: string;
  /** Undefined when the file does not exist: it was created or deleted. */
  readonly bytes: Uint8Array | undefined;
  /** A text in UTF-8, of an editor or a caller; it has no encoding and no byte order mark of its own. */
  readonly isGiven?: boolean;
}

/** A side as text. */
interface SideText {
  readonly text: string;
  readonly encoding: string;
  /** The byte order mark in a patch: that of UTF-8; that of UTF-16 is left out. */
  readonly bom: string;
  readonly lineEnding: LineEnding | undefined;
  /** Has the same lines as `text`, and differs wherever the bytes differ. */
  readonly compared: string;
}

export interface DecodedSides {
  readonly old: SideText;
  readonly new: SideText;
  /** One side is the text of an editor, which has no encoding of its own. */
  readonly isGiven: boolean;
  readonly sameEncoding: boolean;
}

/** Decodes both sides of a comparison, each in view of the other; undefined if one is binary. */
export function decodeSides(from: DiffSide, to: DiffSide, encodings: readonly string[]): DecodedSides | undefined {
  const isGiven = isEditor(from) !== isEditor(to);
  const decoded = isGiven ? decodeForEditor(from, to, encodings) : decodeAlike(from, to, encodings);
  if (!decoded[0] || !decoded[1]) return undefined;
  const [old, now] = withOneEncoding(decoded[0], decoded[1]);
  // Damaged text is compared by its bytes, because many of them are the same U+FFFD.
  const isDamaged = !isGiven && (old.isDamaged || now.isDamaged);
  const byBytes = isDamaged && haveLinesOfBytes(old, now);
  const commonBom = isGiven ? bomOf(isEditor(from) ? now : old) : undefined;
  const sideOf = ({ bytes = nothing }: DiffSide, { text, encoding }: DecodedText): SideText => {
    const bom = bomOf({ encoding });
    const compared = byBytes ? Buffer.from(bytes).toString('latin1', Buffer.byteLength(bom)) : text;
    return { text, encoding, bom: commonBom ?? bom, lineEnding: lineEndingOf(text), compared };
  };
  const sameEncoding = isGiven || old.encoding === now.encoding;
  return { old: sideOf(from, old), new: sideOf(to, now), isGiven, sameEncoding };
}

/** An empty text stands for a file that does not exist. */
function isEditor({ bytes, isGiven }: DiffSide): boolean {
  return isGiven === true && bytes !== undefined && bytes.length > 0;
}

type Decoded = readonly [old: DecodedText | undefined, now: DecodedText | undefined];

const nothing = new Uint8Array();

/** The other side is decoded as the editor of the given text does it. */
function decodeForEditor(from: DiffSide, to: DiffSide, encodings: readonly string[]): Decoded {
  const decodeSide = ({ bytes = nothing, isGiven }: DiffSide): DecodedText | undefined => {
    if (isGiven === true) return decodeAs(bytes, 'utf8');
    const [encoding] = encodings;
    return encoding === undefined ? decode(bytes) : decodeAs(bytes, encoding);
  };
  return [decodeSide(from), decodeSide(to)];
}

function decodeAlike(from: DiffSide, to: DiffSide, encodings: readonly string[]): Decoded {
  const [before, after] = [from.bytes ?? nothing, to.bytes ?? nothing];
  const [old, now] = [decode(before, encodings), decode(after, encodings)];
  if (!old || !now) return [old, now];
  if (isGuess(now, encodings) && isUtf8Beyond(old)) return [old, decodeLikeUtf8(after)];
  if (isGuess(old, encodings) && isUtf8Beyond(now)) return [decodeLikeUtf8(before), now];
  return [old, now];
}

function isGuess({ encoding }: DecodedText, encodings: readonly string[]): boolean {
  return encoding === 'windows1252' && !encodings.includes(encoding);
}

/** UTF-8 with characters that are not ASCII. */
function isUtf8Beyond(decoded: DecodedText): boolean {
  return isUtf8(decoded) && !isAsciiText(decoded);
}

function isUtf8({ encoding }: DecodedText): boolean {
  return encoding === 'utf8' || encoding === 'utf8bom';
}

function bomOf({ encoding }: Pick<DecodedText, 'encoding'>): string {
  return encoding === 'utf8bom' ? '\ufeff' : '';
}

/** Whether the texts have equal characters exactly where they have equal bytes, and line endings as in ASCII. */
function haveLinesOfBytes(old: DecodedText, now: DecodedText): boolean {
  return (isUtf8(old) && isUtf8(now)) || (old.encoding === now.encoding && !old.encoding.startsWith('utf16'));
}

/** Text in ASCII has the same bytes in all encodings but those of UTF-16: it gets the other side's. */
function withOneEncoding(old: DecodedText, now: DecodedText): [DecodedText, DecodedText] {
  const isOneByte = [old, now].every(({ encoding }) => encoding !== 'utf8bom' && !encoding.startsWith('utf16'));
  if (!isOneByte || old.encoding === now.encoding) return [old, now];
  if (isAsciiText(old)) return [{ ...old, encoding: now.encoding }, now];
  return isAsciiText(now) ? [old, { ...now, encoding: old.encoding }] : [old, now];
}

function isAsciiText({ text }: DecodedText): boolean {
  return !/[^\0-\x7f]/.test(text);
}
