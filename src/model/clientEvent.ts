import type { PathChangeKind, Why } from './changeHint';
import type { SavedText } from './savedText';
import type { CauseDetail, Confidence } from './version';

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
  /** The person came back to the window: other programs may have changed files meanwhile. */
  | { readonly type: 'focus' };
