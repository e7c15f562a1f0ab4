import type { ObbyError } from '../base/errors';
import type { FileContent } from './disk/disk';
import type { ChangeHint, Why } from '../model/changeHint';
import {
  causeTextLimits,
  type CauseDetail,
  type Confidence,
  type VersionId,
  type VersionRecord,
} from '../model/version';

/** A hint with everything that recording needs: what its source does not know is filled in. */
export interface Candidate extends Omit<ChangeHint, keyof Why>, Why {
  readonly confidence: Confidence;
  /** The mode is recorded also where that of the newest version is not known. */
  readonly withMode?: boolean;
}

/** Whether it may be a file that moved here from another path of its folder. */
export function mayHaveMoved({ cause, causeDetail, movedFrom }: Candidate): boolean {
  // It came from another workspace folder, or it is the file of its path that came back.
  return causeDetail?.movedFrom === undefined && (cause !== 'restore' || movedFrom !== undefined);
}

/** A change without a known cause was made by another program. */
export function candidateOf(hint: ChangeHint): Candidate {
  return { cause: 'external', confidence: 'likely', ...hint };
}

/** Why the unsaved text of an editor is recorded. */
export const unsavedText = {
  cause: 'save',
  causeDetail: { save: 'beforeRestore' },
  confidence: 'certain',
  regardless: true,
} as const satisfies Partial<Candidate>;

/** The result for a candidate, or for a file in a candidate that is a folder. */
export interface Recorded {
  readonly path: string;
  readonly versions: readonly VersionRecord[];
  readonly error?: ObbyError;
}

/** Called with the number of processed candidates and their total. */
export type Progress = (done: number, total: number) => void;

/** The files of a folder as candidates; if an editor moved the folder, each file moved with it. */
export function inside(folder: Candidate, paths: readonly string[]): Candidate[] {
  return paths.map((path) => below(folder, path));
}

/** A candidate for a path in a folder, or for the folder's own path. */
export function below(folder: Candidate, path: string): Candidate {
  // The saved text belongs to a file that this folder may have replaced.
  const { saved: _saved, ...kept } = folder;
  const { movedFrom, causeDetail } = kept;
  const rest = path.slice(folder.path.length);
  return {
    ...kept,
    path,
    ...(movedFrom !== undefined && { movedFrom: movedFrom + rest }),
    ...(causeDetail && { causeDetail: movedAlong(causeDetail, rest) }),
  };
}

/** The other end of a move between workspace folders, for a path that moved with its folder. */
function movedAlong({ movedFrom, movedTo, ...detail }: CauseDetail, rest: string): CauseDetail {
  const end = rest.split('/').map(encodeURIComponent).join('/');
  const isShort = (uri: string | undefined): uri is string =>
    uri !== undefined && uri.length + end.length <= causeTextLimits.movedTo;
  return {
    ...detail,
    ...(isShort(movedFrom) && { movedFrom: movedFrom + end }),
    ...(isShort(movedTo) && { movedTo: movedTo + end }),
  };
}

/** A path and the state to restore. */
export interface Restoration {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Absent, without `content`: the file is deleted. */
  readonly version?: VersionId;
  /** Instead of a version: content that the history need not have. */
  readonly content?: FileContent;
  /** SHA-256 of the content on disk, `null` for none: with any other, the path is not restored. */
  readonly expected?: string | null;
  /** The file of this path, which is deleted by the same restore, moves here: its history continues here. */
  readonly movedFrom?: string;
  /** Unsaved text of an editor that the restore replaces. */
  readonly unsavedText?: string;
  /** VS Code's name of the encoding of that text, if VS Code reports it. */
  readonly unsavedEncoding?: string;
  /** Folders that are deleted with the file if they are empty then. */
  readonly folders?: readonly string[];
}

/** What a restore did to one path. */
export interface Restored {
  readonly path: string;
  /** The version with the replaced bytes; absent when there was no file. */
  readonly replaced?: VersionRecord;
  /** The new version; absent when the file already had that state. */
  readonly version?: VersionRecord;
}

/** A path that was not restored, or whose new version was not recorded. */
export interface FailedRestore {
  readonly path: string;
  readonly error: ObbyError;
}

/** What a restore did, in order. */
export interface RestoreOutcome {
  readonly restored: readonly Restored[];
  readonly failed: readonly FailedRestore[];
  /** Brings back what was before, for every path that was changed. */
  readonly undo: readonly Restoration[];
}
