import type { SavedText } from './savedText';
import type { Cause, CauseDetail, Confidence } from './version';

/** How a path has changed, as far as its source can tell. */
export type PathChangeKind = 'created' | 'changed' | 'deleted';

/** A path that may have changed; relative to the workspace folder, with `/`. */
export interface PathChange {
  readonly path: string;
  readonly kind: PathChangeKind;
}

/** Why a version came to be. */
export interface Why {
  readonly cause: Cause;
  readonly causeDetail?: CauseDetail;
}

/**
 * What a source of changes knows of a path that may have changed. Every source gives hints of this shape, and what it
 * does not know is absent; the disk says whether the path changed.
 */
export interface ChangeHint extends Partial<Why> {
  /** Relative to the folder, with `/`. May be a folder, or missing. */
  readonly path: string;
  readonly confidence?: Confidence;
  /** The text that an editor saved: a version even if the file changed again meanwhile. */
  readonly saved?: SavedText;
  /** The path from which an editor moved this file or folder. */
  readonly movedFrom?: string;
  /** The cause, in case that a file of the history turns out to have moved here; default the same. */
  readonly ifMoved?: Why;
  /** Record it even if the rules do not watch it, because it is about to be replaced, or was a rule file. */
  readonly regardless?: boolean;
  /** What the file held before it was deleted, if that may not be in the history yet. */
  readonly deleted?: Uint8Array;
  /** Not due yet: considered only as the other half of a move, and recorded only with that. */
  readonly waits?: boolean;
}
