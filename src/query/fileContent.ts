import * as l10n from '@vscode/l10n';
import { ObbyError } from '../base/errors';
import { decode } from '../diff/text';
import type { OpenHistory } from './openHistory';

/** Content decoded; rejects `binary`. `what` begins the sentence that says so. */
export function decodedText(bytes: Uint8Array, what: string): string {
  const decoded = decode(bytes);
  if (!decoded) throw new ObbyError('binary', l10n.t('{0} is not text.', what));
  return decoded.text;
}

/** What a file holds now; rejects what cannot be read or is none. */
export async function bytesOnDisk(folder: Pick<OpenHistory, 'observe'>, path: string): Promise<Uint8Array> {
  const observation = await folder.observe(path);
  switch (observation.state) {
    case 'file':
      return observation.bytes;
    case 'unreadable':
      throw observation.error;
    case 'too large':
      throw new ObbyError(
        'tooLarge',
        l10n.t('{0} has {1} bytes, which is over the size limit.', path, observation.size),
      );
    case 'missing':
      throw new ObbyError('notFound', l10n.t('{0} does not exist.', path));
    case 'directory':
    case 'other':
      throw new ObbyError('unreadable', l10n.t('{0} is not a file.', path));
  }
}
