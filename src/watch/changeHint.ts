export type PathChangeKind = 'created' | 'changed' | 'deleted';

/** A path that may have changed; relative to the workspace folder, with `/`. */
export interface PathChange {
  readonly path: string;
  readonly hint: PathChangeKind;
}
