/** The protocol between the Storage page and its panel. All texts are in the language of the window. */

/** A part of a whole; its share is drawn as a length or an area. */
export interface Share {
  readonly name: string;
  /** `3.1 MB`. */
  readonly size: string;
  /** Details, shown on hover and read by screen readers. */
  readonly detail?: string;
  /** 0 to 1. */
  readonly share: number;
}

/** A number with its label. */
export interface Fact {
  /** The name of a codicon. */
  readonly icon: string;
  readonly name: string;
  readonly value: string;
  readonly detail?: string;
}

/** A warning at the top. */
export interface Warning {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** The size of a folder's history. */
export interface StorageFactsView {
  readonly kind: 'facts';
  /** `412 versions in 3.1 MB`. */
  readonly headline: string;
  /** `Full copies would take 96 MB: 31 times as much.`; absent if the store is not smaller. */
  readonly comparison?: { readonly words: string; readonly bars: readonly Share[] };
  /** The text to show instead of the comparison. */
  readonly note?: string;
  /** `share` is at most 1; absent without a limit. */
  readonly quota?: Share;
  readonly warnings: readonly Warning[];
  readonly facts: readonly Fact[];
  /** Kinds of files. */
  readonly parts: readonly Share[];
  /** Folders of the workspace folder, largest first. */
  readonly folders: readonly Share[];
  /** What retention dropped, newest first. */
  readonly droppings: readonly Fact[];
}

export interface FolderView {
  /** The workspace folder's URI as a string. */
  readonly key: string;
  readonly name: string;
  readonly body: StorageFactsView | { readonly kind: 'empty' } | { readonly kind: 'failed'; readonly message: string };
}

/**
 * Everything the page shows; always sent as a whole, so that a page that was hidden needs only the newest. Undefined:
 * not known yet.
 */
export interface StorageState {
  readonly folders: readonly FolderView[] | undefined;
}

const storageActions = ['check', 'forget', 'export', 'import', 'settings', 'reload', 'showLog'] as const;
export type StorageAction = (typeof storageActions)[number];

export interface ToStoragePage {
  readonly type: 'state';
  readonly state: StorageState;
}

export type FromStoragePage =
  /** The page is ready and has no state yet. */
  | { readonly type: 'ready' }
  /** Not answered: actions are commands, which show their own results. `folder`: its key. */
  | { readonly type: 'action'; readonly action: StorageAction; readonly folder?: string };

/** Parses a message of the page; undefined for one that is not of this protocol. */
export function parseFromStoragePage(message: unknown): FromStoragePage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, action, folder } = message as Partial<Record<'type' | 'action' | 'folder', unknown>>;
  if (type === 'ready') return { type };
  const known = storageActions.find((each) => each === action);
  if (type !== 'action' || !known || (folder !== undefined && typeof folder !== 'string')) return undefined;
  return { type, action: known, ...(folder !== undefined && { folder }) };
}
