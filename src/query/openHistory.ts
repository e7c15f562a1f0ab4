import * as l10n from '@vscode/l10n';
import type { OptionalWork } from '../base/optionalWork';
import type { HistoryStore } from '../model/historyStore';
import type { Rules } from '../rules/rules';
import type { FileObservation, Observation } from '../track/disk/disk';
import type { GitFiles } from '../track/git/gitFiles';
import type { RunningSearches } from './search/runningSearches';
import { ObbyError } from '../base/errors';
import { decode } from '../diff/text';

/** An open history and its folder. */
export interface OpenHistory {
  readonly store: HistoryStore;
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Runs work that may fail without harm. */
  readonly optional: OptionalWork;
  readonly gitFiles: GitFiles;
  readonly searches: RunningSearches;
  /** The rules of the present rule files. */
  readRules(): Promise<Rules>;
  /** A path as the history has it: on a disk that ignores case, every spelling means the same file. */
  spelled(path: string): Promise<string>;
  observe(path: string): Promise<Observation>;
  /** Rejects a path that can be neither written nor removed, because of what is there now. */
  requireChangeable(path: string): Promise<void>;
}

/** Decodes content; throws `binary`. `what` is the subject of the error message; see {@link decode}. */
export function decodedText(bytes: Uint8Array, what: string, encodings?: readonly string[]): string {
  const decoded = decode(bytes, encodings);
  if (!decoded) throw new ObbyError('binary', l10n.t('{0} is not text.', what));
  return decoded.text;
}

/** The present content of a file; rejects what cannot be read or is not a file. */
export async function bytesOnDisk(folder: Pick<OpenHistory, 'observe'>, path: string): Promise<Uint8Array> {
  return (await fileOnDisk(folder, path)).bytes;
}

/** The same with what else is known of the file. */
export async function fileOnDisk(folder: Pick<OpenHistory, 'observe'>, path: string): Promise<FileObservation> {
  return asFile(path, await folder.observe(path));
}

/** Throws for what cannot be read or is not a file. */
export function asFile(path: string, observation: Observation): FileObservation {
  switch (observation.state) {
    case 'file':
      return observation;
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
