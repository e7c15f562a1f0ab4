import * as l10n from '@vscode/l10n';
import { isAscii } from 'node:buffer';
import { ObbyError } from '../base/errors';
import type { SavedText } from '../model/changeHint';
import type { FileObservation, Observation } from './disk/disk';
import { encodeLegacy } from '../diff/encodings';
import { decode, encode, isUnicode } from '../diff/text';

/**
 * The bytes that an editor saved, if the disk has something else by now. Undefined when the disk still has that text,
 * when the file's encoding is unknown and the bytes would be a guess, and where nothing is stored anyway: over the size
 * limit, and through a link that leads out of the folder.
 */
export function overwrittenSave(
  saved: SavedText,
  disk: Observation,
  before: Uint8Array | undefined,
): Uint8Array | undefined {
  if (disk.state === 'too large' || disk.state === 'other') return undefined;
  const bytes = bytesOf(saved, disk.state === 'file' ? disk.bytes : undefined, before);
  if (!bytes || (disk.state === 'file' && Buffer.compare(bytes, disk.bytes) === 0)) return undefined;
  return bytes;
}

/**
 * A text that is on disk needs no known encoding; what another program wrote since says nothing about the editor's
 * encoding.
 */
function bytesOf({ text, encoding }: SavedText, present: Uint8Array | undefined, before: Uint8Array | undefined) {
  const like = encodeLike(text, present ?? before);
  const isThere = present && like && Buffer.compare(like, present) === 0;
  if (encoding === undefined || isThere) return like;
  if (isUnicode(encoding)) return encode(text, encoding);
  // The other encodings that VS Code writes encode these characters in the same way.
  return isAscii(Buffer.from(text)) ? Buffer.from(text) : undefined;
}

/** Encodes a text like other bytes (UTF-8 if there are none); undefined when their encoding is not Unicode. */
export function encodeLike(text: string, bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (!bytes) return encode(text, 'utf8');
  const decoded = decode(bytes);
  return decoded && !decoded.isDamaged && isUnicode(decoded.encoding) ? encode(text, decoded.encoding) : undefined;
}

/**
 * The bytes that an editor would save: in its encoding, if VS Code names it, and like the file's bytes. Undefined where
 * Obby cannot write that encoding.
 */
export function unsavedBytes({ text, encoding }: SavedText, before: Uint8Array | undefined): Uint8Array | undefined {
  if (encoding === undefined) return encodeLike(text, before);
  if (isUnicode(encoding)) return encodeLike(text, before) ?? encode(text, encoding);
  return isAscii(Buffer.from(text)) ? Buffer.from(text) : encodeLegacy(text, encoding);
}

/** An observation of bytes that are not on disk. */
export function asObservation(bytes: Uint8Array, now: number, mode?: number): FileObservation {
  return { state: 'file', bytes, mtimeMs: now, changedMs: now, stamp: undefined, identity: undefined, mode };
}

/** The error for an editor's text that cannot be encoded. */
export function notEncodable(path: string): ObbyError {
  return new ObbyError(
    'notStored',
    l10n.t(
      '{0} was not replaced: its editor holds unsaved text in an encoding that Obby cannot write. Save the file first.',
      path,
    ),
  );
}
