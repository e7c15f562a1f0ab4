import type { ObbyError } from '../base/errors';
import type { SavedText } from '../model/savedText';
import {
  causeTextLimits,
  type Cause,
  type CauseDetail,
  type Confidence,
  type VersionId,
  type VersionRecord,
} from '../model/version';

/** Why a version came to be. */
export interface Why {
  readonly cause: Cause;
  readonly causeDetail?: CauseDetail;
}

/** A path to look at, and what is known of why it may have changed. */
export interface Candidate extends Why {
  /** Relative to the folder, with `/`. May be a folder, or missing. */
  readonly path: string;
  readonly confidence: Confidence;
  /** What an editor saved: a version even if the file changed again meanwhile. */
  readonly saved?: SavedText;
  /** The path from which an editor moved this file or folder. */
  readonly movedFrom?: string;
  /** Why, in case that a file of the history turns out to have moved here; default the same. */
  readonly ifMoved?: Why;
  /**
   * Its own turn comes later, when it is quiet: looked at now only because another candidate may be this file under a
   * new name, or this one another.
   */
  readonly waits?: boolean;
  /** Record it even if the rules do not watch it, because it is about to be replaced. */
  readonly regardless?: boolean;
  /** What the file held before it was deleted, if that may not be in the history yet. */
  readonly deleted?: Uint8Array;
}

/** What became of a candidate, or of a file in a candidate that is a folder. */
export interface Recorded {
  readonly path: string;
  readonly versions: readonly VersionRecord[];
  readonly error?: ObbyError;
}

/** Hears how many of how many candidates were looked at. */
export type Progress = (done: number, total: number) => void;

/** The files of a folder as candidates; where an editor moved the folder, each file moved along. */
export function inside(folder: Candidate, paths: readonly string[]): Candidate[] {
  return paths.map((path) => below(folder, path));
}

/** A candidate for a path in a folder, or for the folder's own. */
export function below(folder: Candidate, path: string): Candidate {
  // What was saved is the text of one file, which may have become this folder.
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

/** A path and the state that it shall have again. */
export interface Restoration {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Absent: no file. */
  readonly version?: VersionId;
  /** Text of an editor that is not saved and that the restore replaces. */
  readonly unsavedText?: string;
}

/** What a restore did to one path. */
export interface Restored {
  readonly path: string;
  /** The version that holds the replaced bytes; absent when there was no file. */
  readonly replaced?: VersionRecord;
  /** The new version; absent when the file was in that state already. */
  readonly version?: VersionRecord;
}

/** What a restore did, in order, and why it ended before its end, if it did. */
export interface RestoreOutcome {
  readonly restored: readonly Restored[];
  readonly error?: ObbyError;
}
