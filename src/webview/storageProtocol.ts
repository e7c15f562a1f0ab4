/** What the Storage page and its panel say to each other, and nothing else. All words are in the language of the window. */

/** A part of a whole that is drawn as long, or as large, as its share. */
export interface Share {
  readonly name: string;
  /** `3.1 MB`. */
  readonly size: string;
  /** More about it, shown on hover and read aloud. */
  readonly detail?: string;
  /** 0 to 1. */
  readonly share: number;
}

/** A number that is read rather than seen. */
export interface Fact {
  /** Name of a codicon. */
  readonly icon: string;
  readonly name: string;
  readonly value: string;
  readonly detail?: string;
}

/** Something that a person should know first. */
export interface Warning {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** What a folder's history takes. */
export interface StorageFactsView {
  readonly kind: 'facts';
  /** `412 versions in 3.1 MB`. */
  readonly headline: string;
  /** `Full copies would take 96 MB: 31 times as much.`; absent where the store is not smaller. */
  readonly comparison?: { readonly words: string; readonly bars: readonly Share[] };
  /** What is said in its place. */
  readonly note?: string;
  /** `share` is not above 1; absent without a limit. */
  readonly quota?: Share;
  readonly warnings: readonly Warning[];
  readonly facts: readonly Fact[];
  /** Kinds of files. */
  readonly parts: readonly Share[];
  /** Folders of the workspace folder, largest first. */
  readonly folders: readonly Share[];
  /** What retention dropped, one a line, newest first. */
  readonly droppings: readonly Fact[];
}

export interface FolderView {
  /** The workspace folder's URI as a string. */
  readonly key: string;
  readonly name: string;
  readonly body: StorageFactsView | { readonly kind: 'empty' } | { readonly kind: 'failed'; readonly message: string };
}

/** Everything the page shows; sent whole, so that a page which was hidden needs only the newest. Undefined: not known yet. */
export interface StorageState {
  readonly folders: readonly FolderView[] | undefined;
}

export const storageActions = ['check', 'forget', 'export', 'import', 'settings', 'reload', 'showLog'] as const;
export type StorageAction = (typeof storageActions)[number];

export interface ToStoragePage {
  readonly type: 'state';
  readonly state: StorageState;
}

export type FromStoragePage =
  /** The page listens, and has no state yet. */
  | { readonly type: 'ready' }
  /** Not answered: actions are commands, which tell people themselves how they went. `folder`: its key. */
  | { readonly type: 'action'; readonly action: StorageAction; readonly folder?: string };

/** Reads what the page sent, or undefined when it is none of this protocol. */
export function parseFromStoragePage(message: unknown): FromStoragePage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, action, folder } = message as Partial<Record<'type' | 'action' | 'folder', unknown>>;
  if (type === 'ready') return { type };
  const known = storageActions.find((each) => each === action);
  if (type !== 'action' || !known || (folder !== undefined && typeof folder !== 'string')) return undefined;
  return { type, action: known, ...(folder !== undefined && { folder }) };
}
