import type { LineChange } from '../model/diff';
import { isPublicVersionId, type VersionId } from '../model/version';

/** The protocol between the diff webview and its panel. */

export const layouts = ['sideBySide', 'unified'] as const;
export type Layout = (typeof layouts)[number];

/** What a side of a comparison shows, small enough to survive a reload of the window. */
export type SavedSide =
  | { readonly kind: 'version'; readonly id: VersionId }
  /** `uri`: the file's URI as a string. */
  | { readonly kind: 'file'; readonly uri: string }
  | { readonly kind: 'nothing'; readonly uri: string };

/** What the panel needs to be restored. */
export interface SavedComparison {
  readonly left: SavedSide;
  readonly right: SavedSide;
}

/** The texts of a time; `ago` changes, so the panel sends it periodically. */
export interface TimeWords {
  readonly full: string;
  readonly ago: string;
}

/** A side in the header; all texts are in the language of the window. */
export interface SideView {
  /** `14:02`, `Current`. */
  readonly label: string;
  readonly time?: TimeWords;
  /** `icon`: name of a codicon. */
  readonly cause?: { readonly icon: string; readonly words: string; readonly sentence: string };
  /** `12 kB`. */
  readonly size?: string;
  /** Lower-case hex. */
  readonly sha256?: string;
}

/** The content below the header. */
export type Body =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'identical' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'tooLarge' }
  | TextBody;

/** Two texts with their line endings, and their differences. */
export interface TextBody {
  readonly kind: 'text';
  readonly left: string;
  readonly right: string;
  readonly changes: readonly LineChange[];
  readonly added: number;
  readonly removed: number;
  /** Set when only this differs. */
  readonly only?: 'line endings' | 'encoding';
  /** Differences beside the lines, for people: `Line endings: CRLF → LF`. */
  readonly notes?: readonly string[];
}

/** A line that identifies a place after rows were folded or laid out differently. */
export interface LinePlace {
  readonly side: 'old' | 'new';
  /** From 0. */
  readonly line: number;
}

/** Everything the panel shows; always sent as a whole, so that a webview that was hidden needs only the newest. */
export interface DiffState {
  /** The path to display, with `/`. */
  readonly path: string;
  readonly left: SideView;
  readonly right: SideView;
  /** The left side is a version that can be restored. */
  readonly canRestore: boolean;
  readonly layout: Layout;
  readonly tabSize: number;
  /** The setting `editor.lineHeight`. */
  readonly lineHeight: number;
  /** A BCP 47 tag, for numbers. */
  readonly locale: string;
  readonly saved: SavedComparison;
  /** The line to show first; `id` is new for each request. */
  readonly reveal?: LinePlace & { readonly id: number };
  readonly body: Body;
}

/** Actions for the panel; it answers each with a reply. */
const diffActions = ['restore', 'openInDiffEditor', 'reload', 'showLog'] as const;
export type DiffAction = (typeof diffActions)[number];

export type ToWebview =
  | { readonly type: 'state'; readonly state: DiffState }
  | { readonly type: 'times'; readonly left?: TimeWords; readonly right?: TimeWords }
  /** The answer to an action; `error`, for people, is set if it failed. */
  | { readonly type: 'reply'; readonly id: number; readonly error?: string };

export type FromWebview =
  /** The webview is ready and has no state yet. */
  | { readonly type: 'ready' }
  | { readonly type: 'layout'; readonly layout: Layout }
  | { readonly type: 'action'; readonly id: number; readonly action: DiffAction };

/** Parses a message of the webview; undefined for one that is not of this protocol. */
export function parseFromWebview(message: unknown): FromWebview | undefined {
  switch (property(message, 'type')) {
    case 'ready':
      return { type: 'ready' };
    case 'layout': {
      const layout = layouts.find((known) => known === property(message, 'layout'));
      return layout && { type: 'layout', layout };
    }
    case 'action': {
      const action = diffActions.find((known) => known === property(message, 'action'));
      const id = property(message, 'id');
      return action && typeof id === 'number' ? { type: 'action', id, action } : undefined;
    }
    default:
      return undefined;
  }
}

/** Parses the state that the webview saved for its panel; another version of Obby may have saved it. */
export function parseSaved(state: unknown): SavedComparison | undefined {
  const saved = property(state, 'saved');
  const left = parseSavedSide(property(saved, 'left'));
  const right = parseSavedSide(property(saved, 'right'));
  return left && right && { left, right };
}

function parseSavedSide(value: unknown): SavedSide | undefined {
  const [kind, id, uri] = [property(value, 'kind'), property(value, 'id'), property(value, 'uri')];
  if (kind === 'version') return isPublicVersionId(id) ? { kind, id } : undefined;
  return (kind === 'file' || kind === 'nothing') && typeof uri === 'string' ? { kind, uri } : undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
