import { ObbyError } from '../base/errors';
import { decode } from '../diff/text';
import type { OpenHistory } from './openHistory';

/** Content decoded; rejects `binary`. `what` begins the sentence that says so. */
export function decodedText(bytes: Uint8Array, what: string): string {
  const decoded = decode(bytes);
  if (!decoded) throw new ObbyError('binary', `${what} is not text.`);
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
      throw new ObbyError('tooLarge', `${path} has ${observation.size} bytes, which is over the size limit.`);
    case 'missing':
      throw new ObbyError('notFound', `${path} does not exist.`);
    case 'directory':
    case 'other':
      throw new ObbyError('unreadable', `${path} is not a file.`);
  }
}
