import * as l10n from '@vscode/l10n';
import { isAscii } from 'node:buffer';
import { ObbyError } from '../base/errors';
import type { SavedText } from '../model/savedText';
import type { FileObservation, Observation } from './disk/disk';
import { decode, encode, isUnicode } from '../diff/text';

/**
 * The bytes that an editor wrote when it saved a text, as far as the disk shows something else by now. Undefined when
 * the disk holds just that text, when the file's encoding cannot be told and the bytes would be a guess, and where
 * nothing is stored whoever writes it: over the size limit, and through a link that leads out of the folder.
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

/** What is there already needs no encoding to be told; what somebody else wrote since says nothing of the editor's. */
function bytesOf({ text, encoding }: SavedText, present: Uint8Array | undefined, before: Uint8Array | undefined) {
  const like = encodeLike(text, present ?? before);
  const isThere = present && like && Buffer.compare(like, present) === 0;
  if (encoding === undefined || isThere) return like;
  if (isUnicode(encoding)) return encode(text, encoding);
  // The others that VS Code writes have these characters alike.
  return isAscii(Buffer.from(text)) ? Buffer.from(text) : undefined;
}

/** A text in the encoding of other bytes (UTF-8 without any); undefined when theirs is not a Unicode one. */
export function encodeLike(text: string, bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (!bytes) return encode(text, 'utf8');
  const decoded = decode(bytes);
  return decoded && isUnicode(decoded.encoding) ? encode(text, decoded.encoding) : undefined;
}

/** Bytes that are not on disk, as if they were. */
export function asObservation(bytes: Uint8Array, now: number): FileObservation {
  return { state: 'file', bytes, mtimeMs: now, changedMs: now, stamp: undefined, identity: undefined };
}

/** Why an editor's text cannot be kept. */
export function notEncodable(path: string): ObbyError {
  return new ObbyError(
    'notStored',
    l10n.t(
      '{0} was not replaced: its editor holds unsaved text in an encoding that Obby cannot write. Save the file first.',
      path,
    ),
  );
}
