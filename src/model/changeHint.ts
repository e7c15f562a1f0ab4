import type { Cause, CauseDetail, Confidence } from './version';

/** The text that an editor saved. */
export interface SavedText {
  readonly text: string;
  /** VS Code's name of the encoding it was written in, if VS Code reports it. */
  readonly encoding?: string;
}

/** How a path changed, as far as its source knows. */
export type PathChangeKind = 'created' | 'changed' | 'deleted';

/** A path that may have changed; relative to the workspace folder, with `/`. */
export interface PathChange {
  readonly path: string;
  readonly kind: PathChangeKind;
}

/** The cause of a version. */
export interface Why {
  readonly cause: Cause;
  readonly causeDetail?: CauseDetail;
}

/**
 * A path that may have changed, as a source of changes reports it. What the source does not know is absent; only the
 * disk decides whether the path changed.
 */
export interface ChangeHint extends Partial<Why> {
  /** Relative to the folder, with `/`. May name a folder, or nothing that exists. */
  readonly path: string;
  readonly confidence?: Confidence;
  /** The text that an editor saved. It becomes a version even if the file has changed again since. */
  readonly saved?: SavedText;
  /** The path from which an editor moved this file or folder. */
  readonly movedFrom?: string;
  /** The cause if a file of the history turns out to have moved here; default: the same cause. */
  readonly ifMoved?: Why;
  /** Record it even if the rules do not watch it: it is about to be replaced, or it was a rule file. */
  readonly regardless?: boolean;
  /** The content of a deleted file, if the history may not have it yet. */
  readonly deleted?: Uint8Array;
  /** Not due yet: used only as the other half of a move, and recorded only with it. */
  readonly waits?: boolean;
}

/** A span of time in which something ran that may write files: a command, a task, a debug session, a git operation. */
export interface CauseSpan {
  /** Unique in this window; letters and digits. */
  readonly id: string;
  readonly cause: Extract<Cause, 'terminal' | 'task' | 'debug' | 'git'>;
  readonly causeDetail: CauseDetail;
  /** When it began, in ms since the epoch. */
  readonly from: number;
  /** When it ended; absent while it runs. */
  readonly to?: number;
}

/** The other end of a move that leaves or enters the workspace folder. */
export type MovedAcross = Pick<CauseDetail, 'movedFrom' | 'movedTo'>;

/** What an editor reports of a workspace folder. Paths are relative to it, with `/`. */
export type ClientEvent =
  /** A path may have changed on disk, whatever wrote it. */
  | { readonly type: 'change'; readonly path: string; readonly kind: PathChangeKind }
  /** An editor is about to write. */
  | { readonly type: 'will save'; readonly path: string }
  /** An editor saved; `saved` is absent where the document is not a text or is huge. */
  | ({
      readonly type: 'save';
      readonly path: string;
      readonly confidence: Confidence;
      readonly saved?: SavedText;
    } & Why)
  /** An editor moved a file or folder within the workspace folder. */
  | { readonly type: 'move'; readonly from: string; readonly to: string }
  /** An editor moved a file or folder out of the workspace folder, or into it, from or to this path. */
  | { readonly type: 'move across'; readonly path: string; readonly other: MovedAcross }
  /** The window got the focus: other programs may have changed files meanwhile. */
  | { readonly type: 'focus' };
