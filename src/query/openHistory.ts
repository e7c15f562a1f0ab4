import type { OptionalWork } from '../base/optionalWork';
import type { HistoryStore } from '../model/historyStore';
import type { Rules } from '../rules/rules';
import type { Observation } from '../track/disk/disk';
import type { GitFiles } from '../track/git/gitFiles';
import { ObbyError } from '../base/errors';
import { decode } from '../diff/text';

/** An open history, and the folder that it is of. */
export interface OpenHistory {
  readonly store: HistoryStore;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Work of this history that may fail without harm. */
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
  /** The rules as the rule files are now. */
  readRules(): Promise<Rules>;
  observe(path: string): Promise<Observation>;
}

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
